/* What is answered. The JSON is written out at once, so that a reply shares nothing with the store. */
#ifndef SANDBOX_REPLY_H
#define SANDBOX_REPLY_H

#include "request.h"

struct reply {
    unsigned status;
    const char *content_type;
    struct buffer body;
};

/* Answers with a JSON value, which is taken over. */
void reply_json(struct reply *reply, unsigned status, json_object *value);

/* Answers {"detail": text}, as Django REST framework does. */
void reply_detail(struct reply *reply, unsigned status, const char *text);
void reply_not_found(struct reply *reply);

/* Answers 204. */
void reply_nothing(struct reply *reply);

/* The JSON object that the request's body is; an empty object for no body. NULL: the reply says what is wrong. */
json_object *reply_unless_object(struct reply *reply, const struct request *request);

#endif
