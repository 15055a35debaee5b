/* Text that must not stay in freed memory. */
#ifndef DM_SECRET_H
#define DM_SECRET_H

#include <stddef.h>

/* Overwrites memory in a way that no compiler leaves out. */
void secret_wipe(void *memory, size_t size);

/* Overwrites each occurrence of the secret in a text, behind whose end a NUL stands, with asterisks, also one in
 * percent-encoding. An empty secret, or NULL, is in no text. */
void secret_redact(char *text, size_t length, const char *secret);

/* The same for a line that was written to `size` bytes, also where the line's end cuts the secret off. That can only be
 * if the line is full. */
void secret_redact_line(char *line, size_t size, const char *secret);

/* Overwrites a string and frees it. NULL does nothing. */
void secret_free(char *string);

#endif
