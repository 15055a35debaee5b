#include "codec/server_words.h"

#include <string.h>
#include <strings.h>

enum { MAX_DEPTH = 8, MAX_WORDS = 4096 };

/* The members in which the API's replies hold messages for people, in order of preference. */
static const char spoken_members[][sizeof "message"] = {"detail", "error", "message"};

/* Appends as much as fits. The final message is shorter anyway. */
static void append_cut(struct text *words, const char *added, size_t length)
{
    const size_t room = words->limit - words->length;
    text_append(words, added, length < room ? length : room);
}

/* Appends a string or a name, and decodes its escapes. */
static void append_string(struct text *words, const struct json_string *string)
{
    struct text plain;
    text_init(&plain, TEXT_NO_LIMIT);
    text_append(&plain, string->start, string->length);
    if (plain.status == DM_OK) {
        json_unescape(plain.data);
        append_cut(words, plain.data, strlen(plain.data));
    } else {
        words->status = plain.status;
    }
    text_free(&plain);
}

/* Takes the cursor by value, so that the caller's cursor does not move. */
static void append_words(struct text *words, struct json json, int depth);

/* A child without strings adds nothing. */
static void append_child(struct text *words, const struct json_string *name, const struct json *json, bool is_first,
                         int depth)
{
    const size_t before = words->length;
    text_append_string(words, is_first ? "" : name != NULL ? "; " : " ");
    if (name != NULL) {
        append_string(words, name);
        text_append_string(words, ": ");
    }
    const size_t prefixed = words->length;
    append_words(words, *json, depth);
    if (words->length == prefixed)
        text_cut(words, before);
}

/* Lists, and Django's field errors: {"name": ["This field is required."]}. */
static void append_children(struct text *words, struct json json, int depth)
{
    const bool is_object = json_kind(&json) == JSON_OBJECT;
    const size_t start = words->length;
    for (json_enter(&json); json_next(&json); json_skip(&json)) {
        struct json_string name = {"", 0, false};
        if (is_object)
            name = json_name(&json);
        append_child(words, is_object ? &name : NULL, &json, words->length == start, depth);
    }
}

/* Moves the cursor into an object, to the first member with this name. Returns false if there is none or it is null. */
static bool enter_member(struct json *json, const char *wanted)
{
    for (json_enter(json); json_next(json); json_skip(json)) {
        const struct json_string name = json_name(json);
        if (json_string_is(&name, wanted))
            return json_kind(json) != JSON_NULL;
    }
    return false;
}

static bool append_spoken(struct text *words, const struct json *object, int depth)
{
    for (size_t i = 0; i < sizeof spoken_members / sizeof spoken_members[0]; i++) {
        struct json member = *object;
        if (enter_member(&member, spoken_members[i])) {
            append_words(words, member, depth);
            return true;
        }
    }
    return false;
}

/* The depth is limited to bound the recursion. */
static void append_words(struct text *words, struct json json, int depth)
{
    const enum json_kind kind = json_kind(&json);
    if (depth == MAX_DEPTH)
        return;
    if (kind == JSON_STRING) {
        const struct json_string string = json_string(&json);
        append_string(words, &string);
    } else if (kind == JSON_ARRAY || (kind == JSON_OBJECT && !append_spoken(words, &json, depth + 1))) {
        append_children(words, json, depth + 1);
    }
}

void json_words(struct json_slice value, struct text *words)
{
    struct json json;
    json_begin(&json, value.start, value.length, JSON_DEPTH_OF_REPLY);
    append_words(words, json, 0);
}

static bool from_json(const struct text *body, struct text *words)
{
    struct json json;
    json_begin_received(&json, body->data, body->length);
    const struct json_slice value = json_skip(&json);
    if (!json_finish(&json))
        return false;
    json_words(value, words);
    return true;
}

/* Returns where a tag, such as "<title>", begins; NULL if it does not occur. */
static const char *find_tag(const char *page, const char *tag)
{
    const char *at = strchr(page, '<');
    while (at != NULL && strncasecmp(at, tag, strlen(tag)) != 0)
        at = strchr(at + 1, '<');
    return at;
}

/* The useful part of a gateway's HTML page is its title. */
static void from_html(const char *page, struct text *words)
{
    static const char opening[] = "<title>";
    const char *title = find_tag(page, opening);
    const char *end = title != NULL ? find_tag(title, "</title") : NULL;
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
