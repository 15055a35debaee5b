/* The first line is the API's address; the second line is a link in a reply. */
#include "check.h"

#include "base/url.h"

#include <stdlib.h>
#include <string.h>

/* Returns a line of the input as a string, and advances *data past it. Free the result. */
static char *take_line(const uint8_t **data, const uint8_t *end)
{
    const uint8_t *stop = *data;
    while (stop < end && *stop != '\n' && *stop != '\0')
        stop++;
    const size_t length = (size_t)(stop - *data);
    char *line = exact_memory(length + 1);
    memcpy(line, *data, length);
    line[length] = '\0';
    *data = stop < end ? stop + 1 : end;
    return line;
}

/* Valid in a request line. */
static void claim_no_space(const struct text *part)
{
    for (size_t i = 0; i < part->length; i++)
        CLAIM((unsigned char)part->data[i] > 0x20 && part->data[i] != 0x7f);
}

static char *joined(const struct text *origin, const struct text *rest)
{
    char *whole = exact_memory(origin->length + rest->length + 1);
    memcpy(whole, origin->data, origin->length);
    if (rest->length > 0)
        memcpy(whole + origin->length, rest->data, rest->length);
    whole[origin->length + rest->length] = '\0';
    return whole;
}

/* The path of an address on our origin; NULL if it is on another origin. */
static char *redirected(const char *origin, const char *address)
{
    char *target = NULL;
    struct text text;
    text_init(&text, TEXT_NO_LIMIT);
    if (url_resolve_redirect(origin, address, &text)) {
        CLAIM(text.length > 0 && text.data[0] == '/');
        claim_no_space(&text);
        target = exact_memory(text.length + 1);
        memcpy(target, text.data, text.length + 1);
    }
    CLAIM(text.status == DM_OK);
    text_free(&text);
    return target;
}

/* A request to our origin stays on our origin. */
static void claim_is_home(const struct text *origin, const struct text *target)
{
    char *whole = joined(origin, target);
    char *again = redirected(origin->data, whole);
    CLAIM(again != NULL);
    free(again);
    free(whole);
}

/* Only the query of a page link is used, so the request always goes to our origin. */
static void claim_link_stays_home(const struct text *origin, const char *link)
{
    const char *query = strchr(link, '?');
    struct text target;
    if (query == NULL)
        return;
    text_init(&target, TEXT_NO_LIMIT);
    text_append_string(&target, "/x");
    text_append_url_query(&target, query, strcspn(query, "#"));
    claim_no_space(&target);
    claim_is_home(origin, &target);
    text_free(&target);
}

static void claim_redirect_stays_home(const struct text *origin, const char *address)
{
    char *target = redirected(origin->data, address);
    if (target != NULL) {
        const struct text asked = {.data = target, .length = strlen(target)};
        claim_is_home(origin, &asked);
    }
    free(target);
}

/* Parsing a URL, writing it and parsing it again gives the same URL. */
static void claim_split_is_stable(const struct text *origin, const struct text *path)
{
    char *whole = joined(origin, path);
    struct text origin_again;
    struct text path_again;

    text_init(&origin_again, TEXT_NO_LIMIT);
    text_init(&path_again, TEXT_NO_LIMIT);
    CLAIM(url_split_base(whole, &origin_again, &path_again) == NULL);
    CLAIM(strcmp(origin->data, origin_again.data) == 0);
    CLAIM(path->length == path_again.length && strcmp(path->data, path_again.data) == 0);
    text_free(&origin_again);
    text_free(&path_again);
    free(whole);
}

static void claim_base(const char *base, const struct text *origin, const struct text *path, const char *link)
{
    CLAIM(strncmp(origin->data, "http://", 7) == 0 || strncmp(origin->data, "https://", 8) == 0);
    CLAIM(path->length == 0 || path->data[path->length - 1] != '/');
    claim_no_space(origin);
    claim_no_space(path);
    char *home = redirected(base, origin->data);
    CLAIM(home != NULL);
    free(home);
    claim_split_is_stable(origin, path);
    claim_link_stays_home(origin, link);
    claim_redirect_stays_home(origin, link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    char *base = take_line(&data, end);
    char *link = take_line(&data, end);
    struct text origin;
    struct text path;

    text_init(&origin, TEXT_NO_LIMIT);
    text_init(&path, TEXT_NO_LIMIT);
    if (url_split_base(base, &origin, &path) == NULL)
        claim_base(base, &origin, &path, link);
    text_free(&origin);
    text_free(&path);
    free(base);
    free(link);
    return 0;
}
