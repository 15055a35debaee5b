/* Routes requests to handlers, after the checks that all requests have in common. */
#ifndef SANDBOX_ROUTES_H
#define SANDBOX_ROUTES_H

#include "sandbox.h"

/* Answers a request. */
void routes_answer(struct sandbox *sandbox, struct request *request, struct reply *reply);

/* Whether a multipart body of such a request is taken apart as it arrives. */
bool routes_take_uploads(const char *method, const char *path);

#endif
