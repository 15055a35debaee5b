#include "fields.h"

#include "json_tools.h"

static json_object *ensure(json_object **errors)
{
    if (*errors == NULL)
        *errors = json_object_new_object();
    return *errors;
}

void field_error(json_object **errors, const char *field, const char *message)
{
    json_object_object_add(ensure(errors), field, json_single(json_object_new_string(message)));
}

void field_errors(json_object **errors, const char *field, json_object *inside)
{
    if (inside != NULL)
        json_object_object_add(ensure(errors), field, inside);
}

static json_object *field_of(json_object *object, const char *field, bool required, enum json_type type,
                             const char *message, json_object **errors)
{
    json_object *value = NULL;

    if (!json_object_object_get_ex(object, field, &value)) {
        if (required)
            field_error(errors, field, "This field is required.");
    } else if (value == NULL) {
        field_error(errors, field, "This field may not be null.");
    } else if (!json_object_is_type(value, type)) {
        field_error(errors, field, message);
        value = NULL;
    }
    return value;
}

json_object *field_text(json_object *object, const char *field, bool required, json_object **errors)
{
    return field_of(object, field, required, json_type_string, "Not a valid string.", errors);
}

json_object *field_integer(json_object *object, const char *field, bool required, json_object **errors)
{
    return field_of(object, field, required, json_type_int, "A valid integer is required.", errors);
}

json_object *field_boolean(json_object *object, const char *field, bool required, json_object **errors)
{
    return field_of(object, field, required, json_type_boolean, "Must be a valid boolean.", errors);
}

json_object *field_list(json_object *object, const char *field, bool required, json_object **errors)
{
    return field_of(object, field, required, json_type_array, "Expected a list of items.", errors);
}

json_object *field_dictionary(json_object *object, const char *field, bool required, json_object **errors)
{
    return field_of(object, field, required, json_type_object, "Expected a dictionary of items.", errors);
}

json_object *items_errors(json_object *list, json_object *counterparts, item_check *check)
{
    size_t count = list != NULL ? json_object_array_length(list) : 0;
    json_object *errors = NULL;

    for (size_t i = 0; i < count; i++) {
        json_object *counterpart = counterparts != NULL ? json_object_array_get_idx(counterparts, i) : NULL;
        json_object *error = check(json_object_array_get_idx(list, i), counterpart);

        if (error == NULL)
            continue;
        if (errors == NULL)
            errors = json_object_new_array();
        while (json_object_array_length(errors) < i)
            json_object_array_add(errors, json_object_new_object());
        json_object_array_add(errors, error);
    }
    return errors;
}

json_object *not_dictionary_error(void)
{
    json_object *errors = NULL;

    field_error(&errors, "non_field_errors", "Invalid data. Expected a dictionary.");
    return errors;
}
