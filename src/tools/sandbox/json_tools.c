#include "json_tools.h"

#include "json_strict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEPTH = 512 };

json_object *json_parse(struct bytes text, const char **error)
{
    json_tokener *tokener;
    json_object *value;

    *error = json_strict_error(text);
    if (*error != NULL)
        return NULL;
    tokener = json_tokener_new_ex(DEPTH);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    value = json_tokener_parse_ex(tokener, text.data, (int)text.size + 1);
    if (json_tokener_get_error(tokener) != json_tokener_success)
        *error = json_tokener_error_desc(json_tokener_get_error(tokener));
    else if (json_tokener_get_parse_end(tokener) < text.size)
        *error = "extra data";
    json_tokener_free(tokener);
    if (*error == NULL)
        return value;
    json_object_put(value);
    return NULL;
}

/* Returns the length of the first UTF-8 character, or 0 if it is invalid (RFC 3629, section 4). */
static size_t utf8_length(struct bytes bytes)
{
    const unsigned char *c = (const unsigned char *)bytes.data;
    size_t length = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : c[0] < 0xf5 ? 4 : 0;

    if (length > bytes.size)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    }
    if (length < 3)
        return length;
    if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f)) /* overlong; surrogates */
        return 0;
    if ((c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f)) /* overlong; past U+10FFFF */
        return 0;
    return length;
}

/* Returns the size of the longest valid UTF-8 prefix. */
static size_t utf8_size(struct bytes bytes)
{
    struct bytes rest = bytes;
    size_t length;

    while (rest.size > 0 && (length = utf8_length(rest)) > 0)
        rest = bytes_after(rest, length);
    return bytes.size - rest.size;
}

json_object *json_text(struct bytes bytes)
{
    struct buffer clean = {0};
    json_object *text;

    for (;;) {
        size_t size = utf8_size(bytes);

        buffer_append(&clean, bytes.data, size, SIZE_MAX);
        if (size == bytes.size)
            break;
        buffer_append(&clean, "\xef\xbf\xbd", 3, SIZE_MAX);
        bytes = bytes_after(bytes, size + 1);
    }
    text = json_object_new_string_len(clean.data, (int)clean.size);
    buffer_clear(&clean);
    return text;
}

json_object *json_text_or_null(struct bytes bytes)
{
    return bytes.data != NULL ? json_text(bytes) : NULL;
}

json_object *json_number(double number)
{
    char digits[320];
    int precision = 1;

    if (number >= trunc(number) && number <= trunc(number))
        return json_object_new_double(number); /* which writes 1.0 where %g writes 1 */
    do
        snprintf(digits, sizeof digits, "%.*g", precision++, number);
    while (strtod(digits, NULL) < number || strtod(digits, NULL) > number);
    return json_object_new_double_s(number, digits);
}

json_object *json_pair(const char *key, json_object *value)
{
    json_object *object = json_object_new_object();

    json_object_object_add(object, key, value);
    return object;
}

json_object *json_single(json_object *value)
{
    json_object *array = json_object_new_array();

    json_object_array_add(array, value);
    return array;
}

json_object *json_without(json_object *object, const char *excluded)
{
    json_object *copy = json_object_new_object();
    struct json_object_iter member;

    json_object_object_foreachC(object, member) json_share(copy, member.key, member.val);
    json_object_object_del(copy, excluded);
    return copy;
}

void json_share(json_object *object, const char *key, json_object *value)
{
    json_object_object_add(object, key, json_object_get(value));
}
