/* The parts of a multipart/form-data body (RFC 7578). Names and contents are not copied: they point into the body.
 *
 * libmicrohttpd's post processor is not used: it would copy each image, and it accepts what Django rejects (bare line
 * feeds, a body that ends early). */
#ifndef SANDBOX_MULTIPART_H
#define SANDBOX_MULTIPART_H

#include "digest.h"

#include <stdint.h>

struct part {
    struct bytes name;
    struct bytes filename;     /* absent: the part is text */
    struct bytes content_type; /* may be absent */
    struct bytes content;
    uint64_t size;                  /* of the content, also if it is absent */
    char digest[DIGEST_TEXT_SIZE];  /* its SHA-256 if the part was read by an upload; otherwise "" */
    struct buffer decoded_filename; /* holds filename if it came as filename* */
    struct buffer head;             /* an upload's: holds the names */
    struct buffer kept;             /* an upload's: holds the content of a text */
};

struct multipart {
    struct part *parts;
    size_t count;
    const char *error; /* NULL if the body is valid; otherwise parts has what precedes the error */
};

enum { MULTIPART_DELIMITER_SIZE = 70 + sizeof "\r\n--" };

/* Writes what separates the parts: CR LF, two hyphens and the boundary of a Content-Type. Returns false if it is
 * invalid. */
bool multipart_delimiter(const char *content_type, char delimiter[MULTIPART_DELIMITER_SIZE]);

/* Adds a part to fill in. The pointer is valid until the next one is added. */
struct part *multipart_add_part(struct multipart *multipart);

/* Reads the headers of a part. Its name and file name point into them. */
void multipart_read_head(struct bytes head, struct part *part);

void multipart_parse(const char *content_type, struct bytes body, struct multipart *multipart);
void multipart_clear(struct multipart *multipart);

#endif
