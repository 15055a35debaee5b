/* A request as a value: method, path, query and body, and whether it may be repeated. */
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
    struct text target; /* path and query after the API's base address, such as "/recognition/specs/42" */
    enum request_media media;
    struct body body;
    dm_progress_callback progress; /* receives how many bytes of the body have been sent; NULL: not called */
    void *progress_data;
    bool not_repeatable; /* must not be sent again unless the service certainly has not processed it */
};

/* Starts a request with an empty target. The method must be static text. */
void request_init(struct request *request, const char *method);
void request_free(struct request *request);

/* Appends "/name", or "/" and a number, to the target. */
void request_append_name(struct request *request, const char *name);
void request_append_id(struct request *request, int64_t id);

/* Appends a query parameter: "?name=value" the first time, then "&name=value". The name needs no encoding. */
void request_append_query(struct request *request, const char *name, const char *value);
void request_append_query_integer(struct request *request, const char *name, int64_t value);

/* Completes the body. Fails if the target or the body could not be written completely. */
bool request_finish(struct request *request, struct failure *failure);

/* GET requests change nothing on the service. */
bool request_is_get(const struct request *request);

#endif
