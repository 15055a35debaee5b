/* An HTTP reply in every framing, compressed or not, for a fault server that cuts it off. */
#ifndef SUPPORT_FRAMED_REPLY_H
#define SUPPORT_FRAMED_REPLY_H

#include <stdbool.h>
#include <stddef.h>

enum framing_kind {
    FRAMING_LENGTH,  /* Content-Length */
    FRAMING_CHUNKED, /* in chunks of chunk_size bytes */
    FRAMING_CLOSE,   /* neither: the body ends with the connection */
};

struct framing {
    enum framing_kind kind;
    bool gzip; /* compressed as stored blocks of a few bytes, so that the body does not shrink */
    size_t chunk_size;
    const char *interim; /* whole 1xx replies that come first, or NULL */
};

struct framed_reply {
    char *bytes;
    size_t length;
    size_t head_length; /* including 1xx replies and the empty line before the body */
};

/* Writes a reply. status is such as "200 OK"; headers are complete lines, or "". All fields are zero if out of
 * memory. */
struct framed_reply framed_reply_new(const struct framing *framing, const char *status, const char *headers,
                                     const void *body, size_t body_length);

void framed_reply_free(struct framed_reply *reply);

#endif
