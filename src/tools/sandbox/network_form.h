/* The multipart form that creates a network. */
#ifndef SANDBOX_NETWORK_FORM_H
#define SANDBOX_NETWORK_FORM_H

#include "reply.h"

/* Returns the text fields as an object, in which metadata and preprocessing are JSON values, and adds the names of the
 * files to an array. Returns NULL if the body is invalid, and answers with the error. */
json_object *network_form_read(const struct request *request, json_object *files, struct reply *reply);

#endif
