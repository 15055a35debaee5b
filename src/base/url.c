#include "base/url.h"

#include <curl/curl.h>
#include <string.h>

/* The parts that make an origin. */
struct origin_parts {
    char *scheme;
    char *host;
    char *port;
    char *zone; /* of an IPv6 address; NULL if there is none */
};

static void free_parts(struct origin_parts *parts)
{
    curl_free(parts->scheme);
    curl_free(parts->host);
    curl_free(parts->port);
    curl_free(parts->zone);
}

static CURLUcode get_parts(CURLU *url, struct origin_parts *parts)
{
    *parts = (struct origin_parts){NULL, NULL, NULL, NULL};
    CURLUcode code = curl_url_get(url, CURLUPART_SCHEME, &parts->scheme, 0);
    if (code == CURLUE_OK)
        code = curl_url_get(url, CURLUPART_HOST, &parts->host, 0);
    if (code == CURLUE_OK)
        code = curl_url_get(url, CURLUPART_PORT, &parts->port, CURLU_DEFAULT_PORT);
    if (code == CURLUE_OK)
        code = curl_url_get(url, CURLUPART_ZONEID, &parts->zone, 0);
    return code == CURLUE_NO_ZONEID ? CURLUE_OK : code;
}

/* What cannot be found out for want of memory counts as there. */
static bool has_part(CURLU *url, CURLUPart part, bool *no_memory)
{
    char *value = NULL;
    const CURLUcode code = curl_url_get(url, part, &value, 0);
    curl_free(value);
    *no_memory |= code == CURLUE_OUT_OF_MEMORY;
    return code == CURLUE_OK || code == CURLUE_OUT_OF_MEMORY;
}

static void append_part(struct text *text, CURLU *url, CURLUPart part, const char *prefix)
{
    char *value = NULL;
    const CURLUcode code = curl_url_get(url, part, &value, 0);
    if (code == CURLUE_OUT_OF_MEMORY)
        text->status = DM_ERR_NO_MEMORY;
    if (code == CURLUE_OK) {
        text_append_string(text, prefix);
        text_append_string(text, value);
    }
    curl_free(value);
}

static const char *check_base(CURLU *url, CURLUcode parsed, const struct origin_parts *parts, bool *no_memory)
{
    static const char delete = 0x7f; /* the one control character that libcurl decodes in a host and lets pass */
    const bool other_scheme =
        parts->scheme != NULL && strcmp(parts->scheme, "https") != 0 && strcmp(parts->scheme, "http") != 0;
    if (other_scheme || parsed == CURLUE_BAD_SCHEME || parsed == CURLUE_UNSUPPORTED_SCHEME)
        return "it begins neither with https:// nor with http://";
    if (parsed != CURLUE_OK || strchr(parts->host, delete) != NULL)
        return "it is no valid http:// or https:// URL";
    if (has_part(url, CURLUPART_USER, no_memory) || has_part(url, CURLUPART_PASSWORD, no_memory))
        return "it must not hold a user or a password";
    if (has_part(url, CURLUPART_QUERY, no_memory) || has_part(url, CURLUPART_FRAGMENT, no_memory))
        return "it must not have a query or a fragment";
    return NULL;
}

static void drop_final_slashes(struct text *text)
{
    while (text->length > 0 && text->data[text->length - 1] == '/')
        text_cut(text, text->length - 1);
}

/* The origin is what libcurl makes of the address without its path. */
static void write_base(CURLU *url, struct text *origin, struct text *path)
{
    append_part(path, url, CURLUPART_PATH, "");
    if (curl_url_set(url, CURLUPART_PATH, NULL, 0) == CURLUE_OK)
        append_part(origin, url, CURLUPART_URL, "");
    drop_final_slashes(path);
    drop_final_slashes(origin);
}

bool url_split_base(const char *url, struct text *origin, struct text *path, const char **reason)
{
    struct origin_parts parts = {NULL, NULL, NULL, NULL};
    bool ok = false;
    bool no_memory = false;

    *reason = NULL;
    CURLU *parsed = curl_url();
    if (parsed == NULL)
        return false;
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url, 0);
    if (code == CURLUE_OK)
        code = get_parts(parsed, &parts);
    if (code == CURLUE_OUT_OF_MEMORY)
        goto cleanup;
    const char *fault = check_base(parsed, code, &parts, &no_memory);
    if (fault == NULL) {
        write_base(parsed, origin, path);
        ok = origin->status == DM_OK && path->status == DM_OK && origin->length > 0;
    } else if (!no_memory) {
        *reason = fault;
    }

cleanup:
    free_parts(&parts);
    curl_url_cleanup(parsed);
    return ok;
}

/* Those that every libcurl knows. */
static bool is_proxy_scheme(const char *scheme)
{
    static const char *const known[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(scheme, known[i]) == 0)
            return true;
    return false;
}

bool url_check_proxy(const char *url, const char **reason)
{
    char *scheme = NULL;

    *reason = NULL;
    CURLU *parsed = curl_url();
    CURLUcode code = parsed == NULL ? CURLUE_OUT_OF_MEMORY : CURLUE_OK;
    if (code == CURLUE_OK)
        code = curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
    if (code == CURLUE_OK)
        code = curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
    if (code == CURLUE_OK && !is_proxy_scheme(scheme))
        *reason = "its scheme is none of http, https, socks4, socks4a, socks5 and socks5h";
    else if (code != CURLUE_OK && code != CURLUE_OUT_OF_MEMORY)
        *reason = "it is no valid address; it looks like http://user:password@host:port";
    curl_free(scheme);
    curl_url_cleanup(parsed);
    return code == CURLUE_OK && *reason == NULL;
}

/* Parses a URL. NULL if it is none, or if there is no memory. */
static CURLU *parse(const char *link, CURLUcode *code)
{
    CURLU *parsed = curl_url();
    *code = parsed == NULL ? CURLUE_OUT_OF_MEMORY : CURLUE_OK;
    if (*code == CURLUE_OK)
        *code = curl_url_set(parsed, CURLUPART_URL, link, 0);
    if (*code == CURLUE_OK)
        return parsed;
    curl_url_cleanup(parsed);
    return NULL;
}

static bool are_same(const struct origin_parts *a, const struct origin_parts *b)
{
    const bool same_zone = a->zone == NULL || b->zone == NULL ? a->zone == b->zone : strcmp(a->zone, b->zone) == 0;
    return same_zone && strcmp(a->scheme, b->scheme) == 0 && strcmp(a->port, b->port) == 0 &&
           curl_strequal(a->host, b->host);
}

static bool same_origin(CURLU *ours, CURLU *theirs, CURLUcode *code)
{
    struct origin_parts of_ours = {NULL, NULL, NULL, NULL};
    struct origin_parts of_theirs = {NULL, NULL, NULL, NULL};

    *code = get_parts(ours, &of_ours);
    if (*code == CURLUE_OK)
        *code = get_parts(theirs, &of_theirs);
    const bool same = *code == CURLUE_OK && are_same(&of_ours, &of_theirs);
    free_parts(&of_ours);
    free_parts(&of_theirs);
    return same;
}

static void append_target(struct text *text, CURLU *url)
{
    append_part(text, url, CURLUPART_PATH, "");
    append_part(text, url, CURLUPART_QUERY, "?");
}

/* A user and a password are nobody's business. */
static CURLUcode append_address(struct text *text, CURLU *url)
{
    CURLUcode code = curl_url_set(url, CURLUPART_USER, NULL, 0);
    if (code == CURLUE_OK)
        code = curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
    if (code == CURLUE_OK)
        append_part(text, url, CURLUPART_URL, "");
    return code;
}

bool url_resolve_redirect(const char *origin, const char *address, struct text *text)
{
    CURLUcode code = CURLUE_OK;
    CURLU *ours = parse(origin, &code);
    CURLU *theirs = code == CURLUE_OK ? parse(address, &code) : NULL;

    const bool is_ours = code == CURLUE_OK && same_origin(ours, theirs, &code);
    if (is_ours)
        append_target(text, theirs);
    else if (code == CURLUE_OK)
        code = append_address(text, theirs);
    else
        text_append_string(text, address);
    if (code == CURLUE_OUT_OF_MEMORY)
        text->status = DM_ERR_NO_MEMORY;
    curl_url_cleanup(theirs);
    curl_url_cleanup(ours);
    return is_ours;
}
