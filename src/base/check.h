/* Checks of what the caller hands in, each with a failure that names it. `what` is the name to give, such as
 * "options.metadata". */
#ifndef DM_CHECK_H
#define DM_CHECK_H

#include "base/failure.h"

/* Not NULL, and valid UTF-8. */
bool check_text(struct failure *failure, const char *what, const char *text);

/* The same, not empty, and without control characters: fit for a header. */
bool check_header_text(struct failure *failure, const char *what, const char *text);

/* JSON text whose value begins with `first`: '{' for an object, '[' for an array. */
bool check_json(struct failure *failure, const char *what, const char *json, char first);

/* A whole number of milliseconds, or a count, that a C int can hold. */
bool check_small(struct failure *failure, const char *what, int64_t number);

/* An id that the service gives: a positive number. */
bool check_id(struct failure *failure, const char *what, int64_t id);

#endif
