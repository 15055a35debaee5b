/* Fills the caller's dm_error. A NULL error is fine everywhere. */
#ifndef DM_ERROR_H
#define DM_ERROR_H

#include <deepomatic.h>

#if defined(__GNUC__) || defined(__clang__)
#define ERROR_PRINTF(arguments, first) __attribute__((__format__(__printf__, arguments, first)))
#else
#define ERROR_PRINTF(arguments, first)
#endif

void error_clear(dm_error *error);

/* Sets the status and the message, made printable and cut to what fits, and returns the status. */
dm_status error_set(dm_error *error, dm_status status, const char *format, ...) ERROR_PRINTF(3, 4);

dm_status error_no_memory(dm_error *error);

/* Says what the status of a `text` that could not be written means. */
dm_status error_of_text(dm_error *error, dm_status status);

/* Copies text as one printable line: control characters become spaces, a character is never split. */
void error_copy_line(char *to, size_t size, const char *from, size_t length);

/* Overwrites each occurrence of `secret` with asterisks. */
void error_redact(dm_error *error, const char *secret);

/* The operating system's words for an errno, in English whatever the locale. */
const char *error_system_text(int number);

#endif
