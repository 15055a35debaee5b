/* Checks of arguments. Each failure message begins with `what`, the argument's name, such as "options.metadata". */
#ifndef DM_CHECK_H
#define DM_CHECK_H

#include "base/failure.h"

bool check_not_null(struct failure *failure, const char *what, const void *argument);

/* Text must not be NULL, and must be valid UTF-8. */
bool check_text(struct failure *failure, const char *what, const char *text);

/* Like check_text. Text for an HTTP header must also not be empty, and must not contain control characters. */
bool check_header_text(struct failure *failure, const char *what, const char *text);

/* Like check_header_text. The text must also be a single path segment, so that it cannot lead to another resource. */
bool check_segment(struct failure *failure, const char *what, const char *text);

/* Text must be JSON whose value begins with `first`: '{' for an object, '[' for an array. */
bool check_json(struct failure *failure, const char *what, const char *json, char first);

/* Like check_text and check_json, but NULL is accepted: the value is optional. */
bool check_optional_text(struct failure *failure, const char *what, const char *text);
bool check_optional_object(struct failure *failure, const char *what, const char *json);

/* A number must be from 0 to `max`. */
bool check_range(struct failure *failure, const char *what, int64_t number, int max);

/* A number of milliseconds, or a count, must be from 0 to INT_MAX. */
bool check_small(struct failure *failure, const char *what, int64_t number);

/* An id that the service assigned must be positive. */
bool check_id(struct failure *failure, const char *what, int64_t id);

#endif
