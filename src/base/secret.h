/* Text that must not appear in output or remain in freed memory. */
#ifndef DM_SECRET_H
#define DM_SECRET_H

#include <stddef.h>

/* Overwrites memory in a way that compilers do not optimise away. */
void secret_wipe(void *memory, size_t size);

/* Overwrites each occurrence of the secret in a text with asterisks, also if it is percent-encoded. text[length] must
 * be NUL. An empty secret, or NULL, never occurs. */
void secret_redact(char *text, size_t length, const char *secret);

/* Like secret_redact, for a line written to a buffer of `size` bytes. If the buffer is full, a secret that is cut off
 * at the end is overwritten too. */
void secret_redact_line(char *line, size_t size, const char *secret);

/* Overwrites a string and frees it. NULL does nothing. */
void secret_free(char *string);

#endif
