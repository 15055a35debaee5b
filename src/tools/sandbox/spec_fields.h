/* What is wrong with a specification that a client sends. */
#ifndef SANDBOX_SPEC_FIELDS_H
#define SANDBOX_SPEC_FIELDS_H

#include "store.h"

/* An error map for the body of a create, or NULL. */
json_object *spec_create_errors(json_object *body);

/* An error map for the body of an update of the specification, or NULL; full is PUT. */
json_object *spec_update_errors(const struct store *store, const struct record *spec, json_object *body, bool full);

#endif
