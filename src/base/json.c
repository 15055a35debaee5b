#include "base/json.h"

#include "base/ascii.h"
#include "base/utf8.h"

#include <string.h>

enum { MAX_SHORT_INTEGER = 18 }; /* an int64_t holds any number of 18 digits */

/* ---- Characters ---- */

const unsigned char json_kinds[256] = {
    [' '] = JSON_SPACE,  ['\t'] = JSON_SPACE, ['\n'] = JSON_SPACE, ['\r'] = JSON_SPACE, ['n'] = JSON_NULL,
    ['t'] = JSON_BOOL,   ['f'] = JSON_BOOL,   ['-'] = JSON_NUMBER, ['0'] = JSON_NUMBER, ['1'] = JSON_NUMBER,
    ['2'] = JSON_NUMBER, ['3'] = JSON_NUMBER, ['4'] = JSON_NUMBER, ['5'] = JSON_NUMBER, ['6'] = JSON_NUMBER,
    ['7'] = JSON_NUMBER, ['8'] = JSON_NUMBER, ['9'] = JSON_NUMBER, ['"'] = JSON_STRING, ['['] = JSON_ARRAY,
    ['{'] = JSON_OBJECT,
};

/* 1 for characters that need no processing in a string: printable ASCII except the quote and the backslash. */
static const unsigned char plain[256] = {
    /* 00 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 10 */ 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /* 20 */ 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    /* 30 */ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    /* 40 */ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    /* 50 */ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1,
    /* 60 */ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    /* 70 */ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
};

static inline bool is_plain(char character)
{
    return plain[(unsigned char)character] != 0;
}

/* Stops at the NUL at the end, at the latest. Four at a time is a third faster than one. */
static inline const char *skip_plain(const char *position)
{
    for (;; position += 4) {
        if (!is_plain(position[0]))
            return position;
        if (!is_plain(position[1]))
            return position + 1;
        if (!is_plain(position[2]))
            return position + 2;
        if (!is_plain(position[3]))
            return position + 3;
    }
}

static inline const char *skip_digits(const char *position)
{
    while (ascii_is_digit(*position))
        position++;
    return position;
}

/* Skips white space, and returns the next character without passing it. */
static inline char next_character(struct json *json)
{
    if ((unsigned char)*json->position <= ' ')
        json_kind(json);
    return *json->position;
}

/* ---- Beginning, faults, and the end ---- */

void json_begin(struct json *json, const char *text, size_t length, size_t max_depth)
{
    json->start = text;
    json->position = text;
    json->end = text + length;
    json->fault = (struct json_fault){NULL, 0};
    json->values = 0;
    json->max_depth = max_depth;
    json->depth = 0;
    json->is_entered = false;
}

void json_begin_received(struct json *json, const char *text, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf";
    while (length > 0 && text[length - 1] == '\0')
        length--;
    json_begin(json, text, length, JSON_DEPTH_OF_REPLY);
    const size_t width = length < strlen(mark) ? length : strlen(mark);
    if (memcmp(text, mark, width) == 0)
        json->position += width;
}

void json_stop(struct json *json)
{
    json->position = json->end;
    json->depth = 0;
}

/* The cursor is at the fault. It is at the end only if more text could make this one valid. */
static void fail(struct json *json, const char *reason)
{
    if (json->fault.reason == NULL)
        json->fault = (struct json_fault){reason, (size_t)(json->position - json->start)};
    json_stop(json);
}

bool json_finish(struct json *json)
{
    next_character(json);
    if (json->position != json->end)
        fail(json, "something follows the value");
    if (json_ends_early(json))
        json->fault.reason = "it ends too early";
    return json->fault.reason == NULL;
}

/* ---- Values ---- */

_Static_assert(JSON_MAX_VALUES == 2000000 && JSON_MAX_NUMBER == 63, "two reasons below name these limits");

/* Counts a value, before the cursor passes it. */
static inline bool begin_value(struct json *json)
{
    if (json->values < JSON_MAX_VALUES) {
        json->values++;
        return true;
    }
    fail(json, "it holds more than 2000000 values");
    return false;
}

static void pass_literal(struct json *json, const char *literal)
{
    size_t same = 0;
    while (literal[same] != '\0' && json->position[same] == literal[same])
        same++;
    if (literal[same] == '\0' || json->position + same == json->end)
        json->position += same;
    if (literal[same] != '\0')
        fail(json, "a value is missing");
}

static void pass_null(struct json *json)
{
    if (begin_value(json))
        pass_literal(json, "null");
}

bool json_boolean(struct json *json)
{
    const bool is_true = next_character(json) == 't';
    if (begin_value(json))
        pass_literal(json, is_true ? "true" : "false");
    return is_true;
}

/* ---- Strings ---- */

/* Returns the reason if the escape is invalid. An escape that the text's end cuts is completed with the rest of another
 * one. If it is valid then, the cursor moves to the end, and the string's end is missing. */
static const char *pass_escape(struct json *json, size_t rest)
{
    char completed[] = "\\ud801\\udc01";
    const char *escape = rest < strlen(completed) ? memcpy(completed, json->position, rest) : json->position;
    const char *after = escape;
    const char *reason = json_escape_pass(&after);
    const size_t width = (size_t)(after - escape);
    json->position += width < rest ? width : rest;
    return reason;
}

/* Like pass_escape, for a character of several bytes. */
static const char *pass_utf8(struct json *json, size_t rest)
{
    const size_t width = utf8_sequence(json->position, rest);
    if (width == 1)
        return "a string contains an unescaped control character";
    if (width == 0 && !utf8_is_cut(json->position, rest))
        return "it is not valid UTF-8";
    json->position += width > 0 ? width : rest;
    return NULL;
}

/* Passes a character that is neither plain nor the closing quote. */
static bool pass_special(struct json *json, struct json_string *string)
{
    const size_t rest = (size_t)(json->end - json->position);
    const bool is_escape = *json->position == '\\';
    const char *reason = is_escape ? pass_escape(json, rest) : pass_utf8(json, rest);
    string->has_escapes |= is_escape;
    if (reason != NULL)
        fail(json, reason);
    return reason == NULL;
}

/* The cursor is at the opening quote. */
static struct json_string pass_string(struct json *json)
{
    struct json_string string = {.start = ++json->position};
    for (;;) {
        json->position = skip_plain(json->position);
        if (*json->position == '"')
            break;
        if (!pass_special(json, &string))
            return (struct json_string){"", 0, false};
    }
    string.length = (size_t)(json->position++ - string.start);
    return string;
}

struct json_string json_string(struct json *json)
{
    if (next_character(json) == '"' && begin_value(json))
        return pass_string(json);
    fail(json, "a value is missing");
    return (struct json_string){"", 0, false};
}

static inline void pass_colon(struct json *json)
{
    if (next_character(json) != ':')
        fail(json, "a member's colon is missing");
    else
        json->position++;
}

struct json_string json_name(struct json *json)
{
    struct json_string name = {"", 0, false};
    if (next_character(json) != '"') {
        fail(json, "a member's name is missing");
        return name;
    }
    name = pass_string(json);
    pass_colon(json);
    return name;
}

bool json_try_name(struct json *json, const char *name, size_t length)
{
    size_t same = 0;
    if (next_character(json) != '"')
        return false;
    const char *start = json->position + 1;
    while (same < length && start[same] == name[same])
        same++;
    if (same < length || start[length] != '"')
        return false;
    json->position = start + length + 1;
    pass_colon(json);
    return true;
}

/* ---- Numbers ---- */

/* Fails and returns NULL if there is no digit. */
static const char *pass_digits(struct json *json, const char *position)
{
    if (ascii_is_digit(*position))
        return skip_digits(position);
    json->position = position;
    fail(json, "a number lacks a digit");
    return NULL;
}

static const char *pass_whole_part(struct json *json, const char *position)
{
    if (*position != '0' || !ascii_is_digit(position[1]))
        return pass_digits(json, position);
    json->position = position + 1;
    fail(json, "a number begins with 0");
    return NULL;
}

static const char *pass_exponent(struct json *json, const char *position)
{
    position++;
    return pass_digits(json, *position == '+' || *position == '-' ? position + 1 : position);
}

struct json_slice json_number(struct json *json)
{
    next_character(json);
    const char *start = json->position;
    const char *position = begin_value(json) ? pass_whole_part(json, *start == '-' ? start + 1 : start) : NULL;
    if (position != NULL && *position == '.')
        position = pass_digits(json, position + 1);
    if (position != NULL && (*position == 'e' || *position == 'E'))
        position = pass_exponent(json, position);
    if (position != NULL && position - start > JSON_MAX_NUMBER)
        fail(json, "a number has more than 63 characters");
    else if (position != NULL)
        json->position = position;
    return (struct json_slice){start, (size_t)(json->position - start)};
}

static bool ends_integer(char character)
{
    return !ascii_is_digit(character) && character != '.' && character != 'e' && character != 'E';
}

bool json_try_integer(struct json *json, int64_t *integer)
{
    const bool is_negative = next_character(json) == '-';
    const char *first = json->position + (is_negative ? 1 : 0);
    const char *position = first;
    int64_t magnitude = 0;

    for (; ascii_is_digit(*position) && position < first + MAX_SHORT_INTEGER; position++)
        magnitude = magnitude * 10 + (*position - '0');
    if (position == first || !ends_integer(*position) || (*first == '0' && position > first + 1) || !begin_value(json))
        return false;
    json->position = position;
    *integer = is_negative ? -magnitude : magnitude;
    return true;
}

/* ---- Containers ---- */

void json_enter(struct json *json)
{
    const char opening = next_character(json);
    const bool is_begun = begin_value(json);
    if (is_begun && json->depth == json->max_depth)
        fail(json, "it is nested too deeply");
    if (json->fault.reason != NULL)
        return;
    json->closing[json->depth++] = opening == '{' ? '}' : ']';
    json->position++;
    json->is_entered = true;
}

bool json_next(struct json *json)
{
    const bool is_first = json->is_entered;
    json->is_entered = false;
    if (json->depth == 0)
        return false;
    const char character = next_character(json);
    if (character == json->closing[json->depth - 1]) {
        json->position++;
        json->depth--;
        return false;
    }
    if (is_first)
        return true;
    if (character != ',') {
        fail(json, "a comma or a closing bracket is missing");
        return false;
    }
    json->position++;
    return true;
}

/* ---- Anything ---- */

/* Passes a scalar, or enters a container. */
static void skip_step(struct json *json)
{
    switch (json_kind(json)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        json_enter(json);
        return;
    case JSON_STRING:
        json_string(json);
        return;
    case JSON_NUMBER:
        json_number(json);
        return;
    case JSON_BOOL:
        json_boolean(json);
        return;
    case JSON_NULL:
        pass_null(json);
        return;
    default:
        fail(json, "a value is missing");
    }
}

/* Closes the containers that end here, down to `depth`. Returns true if there is a further value above `depth`. */
static bool skip_to_value(struct json *json, size_t depth)
{
    while (json->depth > depth) {
        const bool is_object = json->closing[json->depth - 1] == '}';
        if (!json_next(json))
            continue;
        if (is_object)
            json_name(json);
        return true;
    }
    return false;
}

struct json_slice json_skip(struct json *json)
{
    const size_t depth = json->depth;
    next_character(json);
    const char *start = json->position;
    do
        skip_step(json);
    while (skip_to_value(json, depth));
    return (struct json_slice){start, (size_t)(json->position - start)};
}

bool json_check(const char *text, size_t length, size_t max_depth, struct json_fault *fault)
{
    struct json json;
    json_begin(&json, text, length, max_depth);
    json_skip(&json);
    const bool is_right = json_finish(&json);
    *fault = json.fault;
    return is_right;
}
