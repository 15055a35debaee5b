/* Exact numbers from cJSON, which reads every number as a double. */
#ifndef CLI_JSON_NUMBERS_H
#define CLI_JSON_NUMBERS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* A copy of JSON text that json_syntax_check has accepted, for cJSON to parse, in which each number is an object that
 * holds its digits as text. The caller frees it. */
char *json_numbers_keep(const char *text);

/* Reads such a number. False: it is not an integer of 64 bits. */
bool json_numbers_integer(const cJSON *json, int64_t *value);

#endif
