/* Validates the fields of a JSON object. Errors are those of Django REST framework:
 * {"name": ["This field is required."]}.
 *
 * An error map without errors is NULL. */
#ifndef SANDBOX_FIELDS_H
#define SANDBOX_FIELDS_H

#include <json-c/json.h>
#include <stdbool.h>

/* Adds [message] under a field's name. */
void field_error(json_object **errors, const char *field, const char *message);

/* Adds the errors inside a field, and takes them over. NULL adds nothing. */
void field_errors(json_object **errors, const char *field, json_object *inside);

/* Each returns the value of a field, or NULL if it is missing or has the wrong type (which adds an error). */
json_object *field_text(json_object *object, const char *field, bool required, json_object **errors);
json_object *field_integer(json_object *object, const char *field, bool required, json_object **errors);
json_object *field_boolean(json_object *object, const char *field, bool required, json_object **errors);
json_object *field_list(json_object *object, const char *field, bool required, json_object **errors);
json_object *field_dictionary(json_object *object, const char *field, bool required, json_object **errors);

/* Checks one item of a list. counterpart is the item of the same index in another list, or NULL. Returns an error map,
 * or NULL. */
typedef json_object *item_check(json_object *item, json_object *counterpart);

/* Checks each item of a list (NULL: an empty one) against the item of the same index in counterparts, an equally long
 * list or NULL. Returns an array with an error map for each item, or NULL. */
json_object *items_errors(json_object *list, json_object *counterparts, item_check *check);

/* Returns the error map of a value that is not an object. */
json_object *not_dictionary_error(void);

#endif
