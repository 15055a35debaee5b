/* An assertion about the status of a call. When it fails, it prints the names of both statuses and the
 * error's message. */
#ifndef SUPPORT_ASSERT_STATUS_H
#define SUPPORT_ASSERT_STATUS_H

#include <deepomatic.h>

/* Fails the test unless the status is the expected one. `error` is the error that the call wrote, or NULL. */
#define assert_status(status, expected, error) assert_status_at((status), (expected), (error), __FILE__, __LINE__)

/* Use assert_status. */
void assert_status_at(dm_status status, dm_status expected, const dm_error *error, const char *file, int line);

#endif
