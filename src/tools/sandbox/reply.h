/* Replies. JSON is serialized immediately, so that a reply shares no objects with the store. */
#ifndef SANDBOX_REPLY_H
#define SANDBOX_REPLY_H

#include "request.h"

struct reply {
    unsigned status;
    const char *content_type;
    const char *retry_after; /* seconds, or a date; NULL: no such header */
    struct buffer body;
};

/* Answers with a JSON value, and takes it over. */
void reply_json(struct reply *reply, unsigned status, json_object *value);

/* Answers {"detail": text}, as Django REST framework does. */
void reply_detail(struct reply *reply, unsigned status, const char *text);
void reply_not_found(struct reply *reply);

/* Answers 204. */
void reply_nothing(struct reply *reply);

/* Returns the request's body, a JSON object; an empty object if there is no body. Returns NULL if the body is invalid,
 * and answers with the error. */
json_object *reply_unless_object(struct reply *reply, const struct request *request);

#endif
