/* A request as a value: method, path, query and body, and how it may be repeated. */
#ifndef DM_REQUEST_H
#define DM_REQUEST_H

#include "base/failure.h"
#include "message/body.h"

enum request_media {
    MEDIA_NONE, /* no body */
    MEDIA_JSON,
    MEDIA_MULTIPART,
    MEDIA_COUNT
};

struct request {
    const char *method;
    struct text target; /* path and query behind the API's base address, such as "/recognition/specs/42" */
    enum request_media media;
    struct body body;
    bool not_repeatable; /* must not be repeated unless it is certain that the service did not carry it out */
};

/* Begins a request whose path is still empty. The method is static text. */
void request_init(struct request *request, const char *method);
void request_free(struct request *request);

/* Appends to the target: "/name", or "/" and a number. */
void request_append_name(struct request *request, const char *name);
void request_append_id(struct request *request, int64_t id);

/* Appends "?name=value", or "&name=value" behind the first one. The name needs no encoding. */
void request_append_query(struct request *request, const char *name, const char *value);
void request_append_query_integer(struct request *request, const char *name, int64_t value);

/* Ends the body. Fails if the target or the body could not be written wholly. */
bool request_finish(struct request *request, struct failure *failure);

/* Only these change nothing on the service. */
bool request_is_get(const struct request *request);

#endif
