/* Checks of what the caller hands in, each with an error that names it. `what` is the name to give, such as
 * "options.metadata". */
#ifndef DM_CHECK_H
#define DM_CHECK_H

#include <deepomatic.h>

/* Not NULL, and valid UTF-8. */
dm_status check_text(dm_error *error, const char *what, const char *text);

/* The same, not empty, and without control characters: fit for a header. */
dm_status check_header_text(dm_error *error, const char *what, const char *text);

/* JSON text whose value begins with `first`: '{' for an object, '[' for an array. */
dm_status check_json(dm_error *error, const char *what, const char *json, char first);

/* A whole number of milliseconds, or a count, that a C int can hold. */
dm_status check_small(dm_error *error, const char *what, int64_t number);

/* An id that the service gives: positive, and exact as a JSON number. */
dm_status check_id(dm_error *error, const char *what, int64_t id);

/* A task's id, which becomes part of a path. */
dm_status check_task_id(dm_error *error, const char *what, const char *id);

#endif
