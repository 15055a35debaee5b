/* The parts of a multipart/form-data body (RFC 7578). Names and contents are not copied: they point into the body.
 *
 * libmicrohttpd's post processor is not used: it would copy each image, and it accepts what Django rejects (bare line
 * feeds, a body that ends early). */
#ifndef SANDBOX_MULTIPART_H
#define SANDBOX_MULTIPART_H

#include "bytes.h"

struct part {
    struct bytes name;
    struct bytes filename;     /* absent: the part is text */
    struct bytes content_type; /* may be absent */
    struct bytes content;
    struct buffer decoded_filename; /* holds filename if it came as filename* */
};

struct multipart {
    struct part *parts;
    size_t count;
    const char *error; /* NULL if the body is valid; otherwise parts has what precedes the error */
};

void multipart_parse(const char *content_type, struct bytes body, struct multipart *multipart);
void multipart_clear(struct multipart *multipart);

#endif
