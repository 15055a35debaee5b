/* Validates the specifications that clients send. */
#ifndef SANDBOX_SPEC_FIELDS_H
#define SANDBOX_SPEC_FIELDS_H

#include "store.h"

/* Checks the body of a create. Returns an error map, or NULL. */
json_object *spec_create_errors(json_object *body);

/* Checks the body of an update, PUT (full) or PATCH. Returns an error map, or NULL. */
json_object *spec_update_errors(const struct store *store, const struct record *spec, json_object *body, bool full);

#endif
