/* The same HTTP reply in all the ways in which its body can be framed and packed, for a fault server to cut. */
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
    bool gzip; /* the body is packed, in stored blocks of a few bytes, so that it stays as long as it is */
    size_t chunk_size;
    const char *interim; /* whole 1xx replies that come first, or NULL */
};

struct framed_reply {
    char *bytes;
    size_t length;
    size_t head_length; /* up to and with the empty line before the body, 1xx replies included */
};

/* Writes a reply. status is "200 OK"; headers are whole lines, or "". All is zero if there is no memory. */
struct framed_reply framed_reply_new(const struct framing *framing, const char *status, const char *headers,
                                     const void *body, size_t body_length);

void framed_reply_free(struct framed_reply *reply);

#endif
