/* A request, as the handlers get it. */
#ifndef SANDBOX_REQUEST_H
#define SANDBOX_REQUEST_H

#include "bytes.h"
#include "multipart.h"
#include "upload.h"

#include <json-c/json.h>
#include <stdint.h>

/* A header or a query argument. */
struct field {
    const char *name;
    const char *value;
};

struct fields {
    struct field *items;
    size_t count;
};

enum media { MEDIA_NONE, MEDIA_JSON, MEDIA_MULTIPART, MEDIA_OTHER };

struct request {
    uint64_t connection; /* the number of the TCP connection: 1, 2, 3... */
    const char *method;
    const char *path;   /* percent-decoded, without the query */
    const char *target; /* path and query, not decoded */
    struct fields headers;
    struct fields query;

    const struct upload *upload; /* the body, if it was taken apart as it arrived; otherwise NULL */
    struct bytes received;       /* the body, unless there is an upload */
    uint64_t received_size;      /* larger than received.size if the body was too large and was discarded */
    struct bytes body;           /* the body as Django sees it: empty without a Content-Length */
    enum media media;            /* of body */
    struct multipart multipart;  /* of received, or borrowed from upload */

    int64_t id;        /* the number at '#' in the route's pattern */
    struct bytes name; /* the text at '*' in the route's pattern */
};

void fields_add(struct fields *fields, const char *name, const char *value);
void fields_clear(struct fields *fields);

/* Returns the value of a header, or NULL. Upper and lower case are equal. */
const char *request_header(const struct request *request, const char *name);

/* Returns the last value of a query argument, or NULL. */
const char *request_argument(const struct request *request, const char *name);

/* Skips the scheme and the authority of a request target in absolute form (RFC 9112, section 3.2.2). */
const char *target_in_origin_form(const char *target);

/* Returns the path or the query (without the question mark) of request->target. */
struct bytes request_raw_path(const struct request *request);
struct bytes request_raw_query(const struct request *request);

/* Returns the media type of a Content-Type, which may be NULL. */
enum media request_media(const char *content_type);

/* Sets body, media and multipart from received and the headers. */
void request_read_body(struct request *request);

#endif
