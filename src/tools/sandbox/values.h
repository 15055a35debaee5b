/* Converts single values from text or JSON. Values of forms are JSON strings. */
#ifndef SANDBOX_VALUES_H
#define SANDBOX_VALUES_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* Reads decimal digits. Larger numbers than INT64_MAX become INT64_MAX. Returns false for any other text. */
bool value_digits(const char *text, int64_t *number);

/* Each returns false for a value that Django REST framework would reject. */
bool value_number(json_object *value, double *number);
bool value_integer(json_object *value, int64_t *number);
bool value_boolean(json_object *value, bool *boolean);

#endif
