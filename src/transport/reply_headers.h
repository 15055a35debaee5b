/* What the headers of a reply say that is used later. */
#ifndef DM_REPLY_HEADERS_H
#define DM_REPLY_HEADERS_H

#include "base/text.h"

enum { MAX_SHORT_VALUE = 128 }; /* including the NUL; a longer value is neither a date nor a number of seconds */

struct reply_headers {
    char retry_after[MAX_SHORT_VALUE]; /* both are "" if absent; if a header occurs twice, the first counts */
    char date[MAX_SHORT_VALUE];
    struct text location;
    int compressions; /* of Content-Encoding and Transfer-Encoding together; encodings such as "utf-8" do not count */
    bool is_deflated; /* the content is compressed with gzip or deflate, which we ask for */
    bool is_framed;   /* the headers say where the body ends; otherwise it ends with the connection */
};

/* Empties the headers. Headers that are all zero are empty, and have no memory to free. */
void reply_headers_clear(struct reply_headers *headers);
void reply_headers_free(struct reply_headers *headers);

/* Reads one header line, which may include its line end. If a Location is too long or memory runs out, location.status
 * says so. */
void reply_headers_take(struct reply_headers *headers, const char *line, size_t length);

#endif
