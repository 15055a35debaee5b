#include "json_numbers.h"
#include "memory.h"
#include "values.h"

#include <stdio.h>
#include <string.h>

#define KEY "\001number"

/* Moves *text past the string that it begins with. */
static void skip_string(const char **text)
{
    for ((*text)++; **text != '"'; (*text)++)
        *text += **text == '\\';
    (*text)++;
}

/* Copies the next token, or one character of something else, and moves *text past it. */
static void copy_token(FILE *out, const char **text)
{
    const char *start = *text;
    const size_t digits = strspn(start, "-+.0123456789eE");
    const bool is_number = *start == '-' || (*start >= '0' && *start <= '9');

    if (is_number)
        fprintf(out, "{\"" KEY "\":\"%.*s\"}", (int)digits, start);
    if (is_number)
        *text += digits;
    else if (*start == '"')
        skip_string(text);
    else
        (*text)++;
    if (!is_number)
        fwrite(start, 1, (size_t)(*text - start), out);
}

char *json_numbers_keep(const char *text)
{
    char *copy = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&copy, &size);

    if (out == NULL)
        memory_exhausted();
    while (*text != '\0')
        copy_token(out, &text);
    if (fclose(out) != 0)
        memory_exhausted();
    return copy;
}

bool json_numbers_integer(const cJSON *json, int64_t *value)
{
    const cJSON *digits = cJSON_GetObjectItemCaseSensitive(json, KEY);

    return cJSON_IsString(digits) && value_integer(digits->valuestring, INT64_MIN, value);
}
