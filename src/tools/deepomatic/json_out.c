#include "json_out.h"
#include "memory.h"
#include "streams.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put_quoted(const char *text)
{
    putchar('"');
    while (*text != '\0') {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        fputs(text_next(&text).text, stdout);
    }
    putchar('"');
}

/* Writes the comma and the key before a value. */
static void begin_value(struct json *json, const char *key)
{
    if (json->comma)
        putchar(',');
    if (key != NULL) {
        put_quoted(key);
        putchar(':');
    }
    json->comma = true;
}

void json_open(struct json *json, const char *key, char bracket)
{
    begin_value(json, key);
    putchar(bracket);
    json->comma = false;
}

void json_close(struct json *json, char bracket)
{
    putchar(bracket);
    json->comma = true;
}

void json_null(struct json *json, const char *key)
{
    begin_value(json, key);
    fputs("null", stdout);
}

void json_bool(struct json *json, const char *key, bool value)
{
    begin_value(json, key);
    fputs(value ? "true" : "false", stdout);
}

void json_integer(struct json *json, const char *key, int64_t value)
{
    begin_value(json, key);
    printf("%" PRId64, value);
}

void json_format_double(char digits[JSON_DOUBLE_SIZE], double value)
{
    snprintf(digits, JSON_DOUBLE_SIZE, "null");
    /* In nearly all cases, these are the digits that the server sent. */
    for (int precision = 15; precision <= 17 && isfinite(value); precision++) {
        snprintf(digits, JSON_DOUBLE_SIZE, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
}

void json_double(struct json *json, const char *key, double value)
{
    char digits[JSON_DOUBLE_SIZE];

    json_format_double(digits, value);
    begin_value(json, key);
    fputs(digits, stdout);
}

void json_string(struct json *json, const char *key, const char *text)
{
    if (text == NULL)
        return;
    begin_value(json, key);
    put_quoted(text);
}

void json_verbatim(struct json *json, const char *key, const char *text)
{
    if (text == NULL)
        return;
    char *compact = json_compact(text);
    begin_value(json, key);
    text_put(stdout, compact);
    free(compact);
}

void json_end(struct json *json)
{
    putchar('\n');
    output_flush();
    json->comma = false;
}

char *json_compact(const char *text)
{
    char *compact = memory_text(text);
    char *end = compact;
    bool in_string = false;

    for (; *text != '\0'; text++) {
        if (!in_string && strchr(" \t\r\n", *text) != NULL)
            continue;
        if (*text == '"')
            in_string = !in_string;
        *end++ = *text;
        if (in_string && *text == '\\' && text[1] != '\0')
            *end++ = *++text;
    }
    *end = '\0';
    return compact;
}
