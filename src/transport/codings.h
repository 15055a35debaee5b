/* The encoding of a reply, according to its header lines. */
#ifndef DM_CODINGS_H
#define DM_CODINGS_H

#include <stdbool.h>
#include <stddef.h>

/* Counts the compressions in a header line: 1 for "Content-Encoding: gzip"; 0 for "Transfer-Encoding: chunked", for
 * other encodings ("Content-Encoding: utf-8") and for other headers. */
int codings_count_compressions(const char *line, size_t length);

/* Returns true if a header line says that the content is compressed with gzip or deflate, which we ask for. */
bool codings_is_deflated(const char *line, size_t length);

/* Returns true for the headers that determine where the body ends: Content-Length and Transfer-Encoding. */
bool codings_is_frame(const char *line, size_t length);

#endif
