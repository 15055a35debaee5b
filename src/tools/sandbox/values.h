/* Single values: from text, or from JSON, where a form's values are text as well. */
#ifndef SANDBOX_VALUES_H
#define SANDBOX_VALUES_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* Whole digits as a number; what exceeds the largest is the largest; false if text is anything else. */
bool value_digits(const char *text, int64_t *number);

/* Each gives false for what Django REST framework would not take as such a value. */
bool value_number(json_object *value, double *number);
bool value_integer(json_object *value, int64_t *number);
bool value_boolean(json_object *value, bool *boolean);

#endif
