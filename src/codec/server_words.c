#include "codec/server_words.h"

#include "base/json_text.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <strings.h>

enum { MAX_DEPTH = 8, MAX_WORDS = 4096 };

/* Where the API's replies hold what is meant for people, in this order. */
static const char *const spoken_members[] = {"detail", "error", "message"};

/* As much as there is room for; the line that they end on is shorter yet. */
static void append_cut(struct text *words, const char *added, size_t length)
{
    const size_t room = words->limit - words->length;
    text_append(words, added, length < room ? length : room);
}

static void append_words(struct text *text, const cJSON *json, int depth);

/* Lists, and Django's field maps: {"name": ["This field is required."]}. A child without words leaves no trace. */
static void append_children(struct text *text, const cJSON *json, int depth)
{
    const bool named = cJSON_IsObject(json);
    const size_t start = text->length;
    const cJSON *child = NULL;

    cJSON_ArrayForEach(child, json)
    {
        const size_t before = text->length;
        text_append_string(text, before == start ? "" : named ? "; " : " ");
        append_cut(text, named ? child->string : "", named ? strlen(child->string) : 0);
        text_append_string(text, named ? ": " : "");
        const size_t prefixed = text->length;
        append_words(text, child, depth);
        if (text->length == prefixed)
            text_cut(text, before);
    }
}

static const cJSON *find_spoken(const cJSON *object)
{
    for (size_t i = 0; i < sizeof spoken_members / sizeof spoken_members[0]; i++) {
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, spoken_members[i]);
        if (member != NULL && !cJSON_IsNull(member))
            return member;
    }
    return NULL;
}

/* Bounded in depth, so that the recursion is. */
static void append_words(struct text *text, const cJSON *json, int depth)
{
    const cJSON *spoken = cJSON_IsObject(json) ? find_spoken(json) : NULL;

    if (depth == MAX_DEPTH)
        return;
    if (cJSON_IsString(json))
        append_cut(text, json->valuestring, strlen(json->valuestring));
    else if (spoken != NULL)
        append_words(text, spoken, depth + 1);
    else
        append_children(text, json, depth + 1);
}

/* What passes the scanner has a bounded number of values, so that cJSON's memory is bounded too. */
static bool from_json(const struct text *body, struct text *words)
{
    struct json_fault fault;

    if (!json_scan(body->data, body->length, JSON_DEPTH_OF_REPLY, &fault))
        return false;
    cJSON *json = cJSON_ParseWithLength(body->data, body->length);
    append_words(words, json, 0);
    cJSON_Delete(json);
    return true;
}

/* Of a gateway's HTML page only the title is for people. */
static void from_html(const char *page, struct text *words)
{
    static const char opening[] = "<title>";
    const char *title = strcasestr(page, opening);
    const char *end = title != NULL ? strcasestr(title, "</title") : NULL;
    if (end == NULL)
        return;
    title += strlen(opening);
    append_cut(words, title, (size_t)(end - title));
}

static void from_text(const struct text *body, struct text *words)
{
    const char *start = body->data + strspn(body->data, " \t\r\n");
    if (*start == '<')
        from_html(start, words);
    else
        append_cut(words, start, strcspn(start, "\r\n"));
}

void server_words(const struct text *body, struct failure *failure)
{
    struct text words;

    text_init(&words, MAX_WORDS);
    if (body->length > 0 && !from_json(body, &words))
        from_text(body, &words);
    failure_set_server_message(failure, words.data, words.length);
    text_free(&words);
}
