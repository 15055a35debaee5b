/* A multipart body that is taken apart as it arrives, so that its size costs no memory. Of the files, only the sizes
 * and the SHA-256 are kept. */
#ifndef SANDBOX_UPLOAD_H
#define SANDBOX_UPLOAD_H

#include "digest.h"
#include "multipart.h"

#include <stdint.h>

struct upload;

/* Begins with the Content-Type of the request. */
struct upload *upload_new(const char *content_type);
void upload_free(struct upload *upload);

/* Takes the next bytes of the body. */
void upload_take(struct upload *upload, const void *data, size_t size);

/* Ends the body. Once. */
void upload_finish(struct upload *upload);

/* After the end: the SHA-256 of the whole body, and its parts, which the upload owns. The content of a part with a file
 * name is absent. */
const char *upload_digest(const struct upload *upload);
struct multipart upload_parts(const struct upload *upload);

#endif
