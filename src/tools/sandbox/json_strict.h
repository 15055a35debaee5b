/* The part of JSON's grammar (RFC 8259) that json-c forgives even in its strict mode. */
#ifndef SANDBOX_JSON_STRICT_H
#define SANDBOX_JSON_STRICT_H

#include "bytes.h"

/* What is wrong with a text, which a NUL must follow, or NULL: single quotes, control characters in strings, numbers
 * like 1. and -01, NaN and Infinity. Numbers that would not come back as they are, beyond 64 bits or a double, are
 * refused as well. */
const char *json_strict_error(struct bytes text);

#endif
