#include "values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool value_digits(const char *text, int64_t *number)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    *number = strtoll(text, NULL, 10);
    return true;
}

/* Accepts what Python's float() accepts, except spaces and underscores. The program never leaves the locale "C". */
static bool parse_number(const char *text, double *number)
{
    char *end;

    if (*text == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0')
        return false;
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

bool value_number(json_object *value, double *number)
{
    if (json_object_is_type(value, json_type_string))
        return parse_number(json_object_get_string(value), number);
    *number = json_object_get_double(value);
    return json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
}

bool value_integer(json_object *value, int64_t *number)
{
    if (json_object_is_type(value, json_type_string))
        return value_digits(json_object_get_string(value), number);
    *number = json_object_get_int64(value);
    return json_object_is_type(value, json_type_int);
}

bool value_boolean(json_object *value, bool *boolean)
{
    const char *text = json_object_get_string(value);

    if (text == NULL)
        return false;
    *boolean = strcmp(text, "true") == 0 || strcmp(text, "True") == 0 || strcmp(text, "1") == 0;
    return *boolean || strcmp(text, "false") == 0 || strcmp(text, "False") == 0 || strcmp(text, "0") == 0;
}
