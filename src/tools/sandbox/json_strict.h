/* Rejects invalid JSON (RFC 8259) that json-c accepts even in strict mode. */
#ifndef SANDBOX_JSON_STRICT_H
#define SANDBOX_JSON_STRICT_H

#include "bytes.h"

/* Returns NULL, or an error message for single quotes, control characters in strings, numbers such as 1. and -01, NaN
 * and Infinity. Integers beyond 64 bits and numbers beyond a double are errors, too. A NUL must follow the text. */
const char *json_strict_error(struct bytes text);

#endif
