/* The parts of a multipart/form-data body (RFC 7578). They point into the body: nothing is copied, however large.
 *
 * libmicrohttpd's post processor was not taken: it would copy each image once more, and it forgives what Django does
 * not (bare line feeds, a body that stops early). */
#ifndef SANDBOX_MULTIPART_H
#define SANDBOX_MULTIPART_H

#include "bytes.h"

struct part {
    struct bytes name;
    struct bytes filename;     /* absent: the part is text */
    struct bytes content_type; /* may be absent */
    struct bytes content;
};

struct multipart {
    struct part *parts;
    size_t count;
    const char *error; /* what is wrong with the body, or NULL; the parts before the fault are there */
};

void multipart_parse(const char *content_type, struct bytes body, struct multipart *multipart);
void multipart_clear(struct multipart *multipart);

#endif
