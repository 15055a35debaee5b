/* Whole files in memory. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    char *data; /* the caller frees it */
    size_t size;
};

/* Reads a file, or standard input for "-". The data ends with a NUL that `size` does not count. Waits for the bytes of
 * a pipe for at most `timeout_ms`; 0: no limit. False: errno says why, and is ETIMEDOUT if the pipe did not end in
 * time; *bytes is empty. */
bool file_load(const char *name, int64_t timeout_ms, struct bytes *bytes);

/* Why opening or reading failed. A signal ends both, because it cancels the command. */
const char *file_reason(int error_number);

/* The name for messages: "standard input" for "-". */
const char *file_display_name(const char *name);

#endif
