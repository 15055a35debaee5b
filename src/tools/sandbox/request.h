/* A request as the handlers see it. */
#ifndef SANDBOX_REQUEST_H
#define SANDBOX_REQUEST_H

#include "bytes.h"
#include "multipart.h"

#include <json-c/json.h>
#include <stdint.h>

/* A header, or an argument of the query. */
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
    uint64_t connection; /* 1, 2, 3...: the TCP connection that it came on */
    const char *method;
    const char *path;   /* percent-decoded, without the query */
    const char *target; /* path and query, not decoded */
    struct fields headers;
    struct fields query;

    struct bytes received;      /* the body as it came */
    uint64_t received_size;     /* more than received.size if it was too large to be kept */
    struct bytes body;          /* the body as Django sees it: nothing, unless its length was announced */
    enum media media;           /* of body */
    struct multipart multipart; /* of received */

    int64_t id;        /* what '#' in the route's pattern stands for */
    struct bytes name; /* what '*' in the route's pattern stands for */
};

void fields_add(struct fields *fields, const char *name, const char *value);
void fields_clear(struct fields *fields);

/* The value of a header, whatever its case, or NULL. */
const char *request_header(const struct request *request, const char *name);

/* The last value of an argument of the query, or NULL. */
const char *request_argument(const struct request *request, const char *name);

/* Skips the scheme and the authority of an absolute-form request target (RFC 9112, section 3.2.2), as proxies get it. */
const char *target_in_origin_form(const char *target);

/* The path of request->target, and its query (what follows the question mark). */
struct bytes request_raw_path(const struct request *request);
struct bytes request_raw_query(const struct request *request);

/* Sets body, media and multipart from what was received. */
void request_read_body(struct request *request);

#endif
