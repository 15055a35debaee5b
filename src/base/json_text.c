#include "base/json_text.h"

#include "base/utf8.h"

#include <string.h>

/* ---- The scanner. It keeps the open containers on a fixed stack of its own, so that no input makes it recurse. ---- */

struct scanner {
    const char *start;
    const char *at;
    const char *end;
    const char *reason; /* NULL while all is well */
    size_t values;
    size_t depth;
    size_t most_depth;
    char open[JSON_DEPTH_OF_REPLY]; /* '{' or '[' for each container that we are in */
};

static bool fail(struct scanner *scan, const char *reason)
{
    if (scan->reason == NULL)
        scan->reason = reason;
    return false;
}

static char peek(const struct scanner *scan)
{
    return scan->at < scan->end ? *scan->at : '\0';
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

static bool scan_character(struct scanner *scan, char wanted, const char *reason)
{
    scan->at = skip_space(scan->at, scan->end);
    if (peek(scan) != wanted)
        return fail(scan, scan->at == scan->end ? "it ends too early" : reason);
    scan->at++;
    return true;
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool scan_digits(struct scanner *scan)
{
    if (!is_digit(peek(scan)))
        return fail(scan, "a number lacks a digit");
    while (is_digit(peek(scan)))
        scan->at++;
    return true;
}

static bool scan_number(struct scanner *scan)
{
    const char *first = scan->at;
    if (peek(scan) == '-')
        scan->at++;
    if (peek(scan) == '0')
        scan->at++;
    else if (!scan_digits(scan))
        return false;
    if (is_digit(peek(scan)))
        return fail(scan, "a number begins with 0");
    if (peek(scan) == '.') {
        scan->at++;
        if (!scan_digits(scan))
            return false;
    }
    if (peek(scan) == 'e' || peek(scan) == 'E') {
        scan->at++;
        if (peek(scan) == '+' || peek(scan) == '-')
            scan->at++;
        if (!scan_digits(scan))
            return false;
    }
    return scan->at - first <= JSON_MAX_NUMBER || fail(scan, "a number has more than 63 characters");
}

static int hex_digit(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char lower = character >= 'A' && character <= 'F' ? (char)(character - 'A' + 'a') : character;
    const char *found = lower != '\0' ? strchr(digits, lower) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* The four digits behind "\u", or -1. */
static int read_hex4(const char *at, const char *end)
{
    int unit = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool scan_unicode_escape(struct scanner *scan)
{
    const int unit = read_hex4(scan->at, scan->end);
    if (unit < 0)
        return fail(scan, "\\u is not followed by four hexadecimal digits");
    if (unit == 0)
        return fail(scan, "a string holds the character NUL");
    scan->at += 4;
    if (unit < 0xd800 || unit > 0xdfff)
        return true;

    const bool escape_follows = scan->end - scan->at >= 6 && scan->at[0] == '\\' && scan->at[1] == 'u';
    const int low = escape_follows ? read_hex4(scan->at + 2, scan->end) : -1;
    if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff)
        return fail(scan, "half of a surrogate pair stands alone");
    scan->at += 6;
    return true;
}

static bool scan_escape(struct scanner *scan)
{
    const char kind = peek(scan);
    if (kind == 'u') {
        scan->at++;
        return scan_unicode_escape(scan);
    }
    if (kind == '\0' || strchr("\"\\/bfnrt", kind) == NULL)
        return fail(scan, "a string has an unknown escape");
    scan->at++;
    return true;
}

/* A character that stands for itself and needs no closer look. */
static bool is_plain(char character)
{
    const unsigned char byte = (unsigned char)character;
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

static bool scan_special_character(struct scanner *scan)
{
    if (*scan->at == '\\') {
        scan->at++;
        return scan_escape(scan);
    }
    const size_t width = utf8_sequence(scan->at, (size_t)(scan->end - scan->at));
    if (width == 0)
        return fail(scan, "it is not valid UTF-8");
    if (width == 1)
        return fail(scan, "a string holds a raw control character");
    scan->at += width;
    return true;
}

static bool scan_string(struct scanner *scan)
{
    if (!scan_character(scan, '"', "a member's name is missing"))
        return false;
    for (;;) {
        while (scan->at < scan->end && is_plain(*scan->at))
            scan->at++;
        if (scan->at == scan->end)
            return fail(scan, "it ends too early");
        if (*scan->at == '"')
            break;
        if (!scan_special_character(scan))
            return false;
    }
    scan->at++;
    return true;
}

static bool scan_literal(struct scanner *scan, const char *literal)
{
    const size_t length = strlen(literal);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, literal, length) != 0)
        return fail(scan, "a value is missing");
    scan->at += length;
    return true;
}

static bool scan_scalar(struct scanner *scan)
{
    switch (peek(scan)) {
    case '"':
        return scan_string(scan);
    case 't':
        return scan_literal(scan, "true");
    case 'f':
        return scan_literal(scan, "false");
    case 'n':
        return scan_literal(scan, "null");
    default:
        if (peek(scan) == '-' || is_digit(peek(scan)))
            return scan_number(scan);
        return fail(scan, scan->at == scan->end ? "it ends too early" : "a value is missing");
    }
}

static bool scan_member_name(struct scanner *scan)
{
    scan->at = skip_space(scan->at, scan->end);
    return scan_string(scan) && scan_character(scan, ':', "a member's colon is missing");
}

static bool open_container(struct scanner *scan)
{
    if (scan->depth == scan->most_depth)
        return fail(scan, "it is nested too deeply");
    scan->open[scan->depth++] = *scan->at++;
    return true;
}

static bool closes(char opening, char closing)
{
    return (opening == '{' && closing == '}') || (opening == '[' && closing == ']');
}

/* Closes the containers that end here. True if a further value follows, false at the end or at a fault. */
static bool scan_to_next_value(struct scanner *scan, bool first)
{
    while (scan->depth > 0) {
        const char opening = scan->open[scan->depth - 1];
        scan->at = skip_space(scan->at, scan->end);
        if (closes(opening, peek(scan))) {
            scan->at++;
            scan->depth--;
            first = false;
            continue;
        }
        if (!first && !scan_character(scan, ',', "a comma or a closing bracket is missing"))
            return false;
        return opening == '[' || scan_member_name(scan);
    }
    return false;
}

bool json_scan(const char *text, size_t length, size_t most_depth, struct json_fault *fault)
{
    struct scanner scan = {.start = text, .at = text, .end = text + length, .most_depth = most_depth};
    bool more = true;

    while (more && scan.reason == NULL) {
        scan.at = skip_space(scan.at, scan.end);
        const bool container = peek(&scan) == '{' || peek(&scan) == '[';
        if (++scan.values > JSON_MAX_VALUES)
            fail(&scan, "it holds more than 2000000 values");
        else if (container ? open_container(&scan) : scan_scalar(&scan))
            more = scan_to_next_value(&scan, container);
    }
    scan.at = scan.reason == NULL ? skip_space(scan.at, scan.end) : scan.at;
    if (scan.reason == NULL && scan.at != scan.end)
        fail(&scan, "something follows the value");
    *fault = (struct json_fault){.reason = scan.reason, .offset = (size_t)(scan.at - scan.start)};
    return scan.reason == NULL;
}

/* ---- Slices. The text is known to be right, so these only have to find the ends of things. ---- */

static const char *skip_string(const char *at)
{
    for (at++; *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at + 1;
}

static const char *skip_container(const char *at)
{
    size_t depth = 0;
    do {
        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        if (*at == '{' || *at == '[')
            depth++;
        else if (*at == '}' || *at == ']')
            depth--;
        at++;
    } while (depth > 0);
    return at;
}

static const char *skip_value(const char *at, const char *end)
{
    if (*at == '"')
        return skip_string(at);
    if (*at == '{' || *at == '[')
        return skip_container(at);
    while (at < end && strchr(" \t\r\n,]}", *at) == NULL)
        at++;
    return at;
}

struct json_slice json_value(const char *text, size_t length)
{
    const char *start = skip_space(text, text + length);
    return (struct json_slice){start, (size_t)(skip_value(start, text + length) - start)};
}

/* Compares a member's name as it is written, escapes and all, with plain ASCII. */
static bool name_is(const char *at, const char *name)
{
    for (at++; *at != '"'; name++) {
        int character = (unsigned char)*at++;
        if (character == '\\' && *at == 'u') {
            character = read_hex4(at + 1, at + 5);
            at += 5;
        } else if (character == '\\') {
            return false; /* no name of ours holds what the short escapes stand for */
        }
        if (character != (unsigned char)*name || character == 0)
            return false;
    }
    return *name == '\0';
}

bool json_member(struct json_slice object, const char *name, struct json_slice *value)
{
    if (object.length == 0 || *object.start != '{')
        return false;
    const char *end = object.start + object.length;
    for (const char *at = skip_space(object.start + 1, end); *at != '}';) {
        const bool found = name_is(at, name);
        at = skip_space(skip_string(at), end);
        *value = json_value(at + 1, (size_t)(end - at - 1));
        if (found)
            return true;
        at = skip_space(value->start + value->length, end);
        if (*at == ',')
            at = skip_space(at + 1, end);
    }
    return false;
}

bool json_next_item(struct json_slice array, struct json_slice *item)
{
    if (array.length == 0 || *array.start != '[')
        return false;
    const char *end = array.start + array.length;
    const char *at = item->start == NULL ? array.start + 1 : item->start + item->length;
    at = skip_space(at, end);
    if (*at == ',')
        at++;
    at = skip_space(at, end);
    if (*at == ']')
        return false;
    *item = json_value(at, (size_t)(end - at));
    return true;
}
