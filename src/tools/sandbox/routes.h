/* Which handler answers which request, and the checks that come before it. */
#ifndef SANDBOX_ROUTES_H
#define SANDBOX_ROUTES_H

#include "sandbox.h"

/* Answers any request. */
void routes_answer(struct sandbox *sandbox, struct request *request, struct reply *reply);

#endif
