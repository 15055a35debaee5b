/* How a reply is coded on its way, as its header lines say. */
#ifndef DM_CODINGS_H
#define DM_CODINGS_H

#include <stdbool.h>
#include <stddef.h>

/* How often a header line says that the reply is compressed: once for "Content-Encoding: gzip", not at all for
 * "Transfer-Encoding: chunked", for what is no compression ("Content-Encoding: utf-8"), and for any other line. */
int codings_count_compressions(const char *line, size_t length);

/* True if a header line says that the content is compressed by what we ask for: gzip or deflate. */
bool codings_is_deflated(const char *line, size_t length);

/* True if a header line says where the body ends: Content-Length and Transfer-Encoding. */
bool codings_is_frame(const char *line, size_t length);

#endif
