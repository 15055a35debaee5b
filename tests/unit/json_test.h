/* Shared by the tests of JSON. */
#ifndef UNIT_JSON_TEST_H
#define UNIT_JSON_TEST_H

#include "base/json.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

/* A copy in a buffer that ends with the NUL, so that sanitizers detect reads past the end. */
static inline char *exact_copy(const char *json, size_t length)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, json, length);
    copy[length] = '\0';
    return copy;
}

static inline bool scans(const char *json, size_t length, struct json_fault *fault)
{
    char *copy = exact_copy(json, length);
    const bool passes = json_check(copy, length, JSON_DEPTH_OF_VALUE, fault);
    free(copy);
    return passes;
}

static inline void begin(struct json *json, const char *text)
{
    json_begin(json, text, strlen(text), JSON_DEPTH_OF_REPLY);
}

#endif
