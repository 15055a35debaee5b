/* Validates the fields of networks. */
#ifndef SANDBOX_NETWORK_FIELDS_H
#define SANDBOX_NETWORK_FIELDS_H

#include <json-c/json.h>

/* Each returns an error map, or NULL. files has the names of the files. */
json_object *network_create_errors(json_object *body, json_object *files);
json_object *network_update_errors(json_object *body);

/* Returns why a network with these files cannot be deployed, or NULL. */
const char *network_missing_file(json_object *body, json_object *files);

/* Creates a valid preprocessing. */
json_object *network_usual_preprocessing(void);

#endif
