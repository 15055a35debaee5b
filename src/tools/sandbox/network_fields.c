#include "network_fields.h"

#include "fields.h"
#include "json_tools.h"
#include "memory.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

static void check_not_blank(json_object *object, const char *field, bool required, json_object **errors)
{
    json_object *text = field_text(object, field, required, errors);

    if (text != NULL && json_object_get_string_len(text) == 0)
        field_error(errors, field, "This field may not be blank.");
}

static bool has_file(json_object *files, const char *name)
{
    for (size_t i = 0; i < json_object_array_length(files); i++) {
        if (strcmp(json_object_get_string(json_object_array_get_idx(files, i)), name) == 0)
            return true;
    }
    return false;
}

/* ---- The preprocessing ---- */

static void check_choice(json_object *image, const char *field, const char *const *choices, json_object **errors)
{
    json_object *value = field_text(image, field, true, errors);
    const char *text = value != NULL ? json_object_get_string(value) : *choices;
    char *message;

    while (*choices != NULL && strcmp(*choices, text) != 0)
        choices++;
    if (*choices != NULL)
        return;
    message = memory_format("\"%s\" is not a valid choice.", text);
    field_error(errors, field, message);
    free(message);
}

/* "WxH" or "N". */
static void check_target_size(json_object *image, json_object **errors)
{
    json_object *value = field_text(image, "target_size", true, errors);
    const char *text = value != NULL ? json_object_get_string(value) : "1";
    size_t width = strspn(text, "0123456789");
    const char *rest = text + width;
    size_t height = *rest == 'x' ? strspn(rest + 1, "0123456789") : 0;

    if (width == 0 || (*rest != '\0' && (height == 0 || rest[1 + height] != '\0')))
        field_error(errors, "target_size", "A size such as \"224x224\" or \"224\" is required.");
}

static void check_pixel_scaling(json_object *image, json_object **errors)
{
    json_object *value = json_object_object_get(image, "pixel_scaling");
    double number;

    if (value != NULL && !value_number(value, &number))
        field_error(errors, "pixel_scaling", "A valid number is required.");
}

static void check_mean_file(json_object *image, json_object *files, json_object **errors)
{
    json_object *value = field_text(image, "mean_file", false, errors);

    if (value != NULL && json_object_get_string_len(value) > 0 && !has_file(files, json_object_get_string(value)))
        field_error(errors, "mean_file", "There is no file of that name.");
}

static json_object *image_errors(json_object *image, json_object *files)
{
    static const char *const ORDERS[] = {"NCHW", "NCWH", "NHWC", "NWHC", NULL};
    static const char *const RESIZES[] = {"SQUASH", "CROP", "FILL", "NETWORK", NULL};
    static const char *const CHANNELS[] = {"RGB", "BGR", "L", NULL};
    json_object *errors = NULL;

    check_choice(image, "dimension_order", ORDERS, &errors);
    check_choice(image, "resize_type", RESIZES, &errors);
    check_choice(image, "color_channels", CHANNELS, &errors);
    check_target_size(image, &errors);
    check_pixel_scaling(image, &errors);
    check_mean_file(image, files, &errors);
    field_text(image, "data_type", true, &errors);
    return errors;
}

static json_object *input_errors(json_object *input, json_object *files)
{
    json_object *errors = NULL;
    json_object *image;

    if (!json_object_is_type(input, json_type_object))
        return not_dictionary_error();
    check_not_blank(input, "tensor_name", true, &errors);
    image = field_dictionary(input, "image", true, &errors);
    if (image != NULL)
        field_errors(&errors, "image", image_errors(image, files));
    return errors;
}

/* The errors of the first input that has some. */
static void check_inputs(json_object *inputs, json_object *files, json_object **errors)
{
    size_t count = json_object_array_length(inputs);

    if (count == 0)
        field_error(errors, "inputs", "This list may not be empty.");
    for (size_t i = 0; *errors == NULL && i < count; i++) {
        char *field = memory_format("inputs[%zu]", i);

        field_errors(errors, field, input_errors(json_object_array_get_idx(inputs, i), files));
        free(field);
    }
}

static void check_preprocessing(json_object *body, json_object *files, json_object **errors)
{
    json_object *preprocessing = field_dictionary(body, "preprocessing", true, errors);
    json_object *inside = NULL;
    json_object *inputs;

    if (preprocessing == NULL)
        return;
    inputs = field_list(preprocessing, "inputs", true, &inside);
    field_boolean(preprocessing, "batched_output", false, &inside);
    if (inputs != NULL)
        check_inputs(inputs, files, &inside);
    field_errors(errors, "preprocessing", inside);
}

json_object *network_usual_preprocessing(void)
{
    return json_tokener_parse("{\"inputs\": [{\"tensor_name\": \"x\", \"image\": {\"dimension_order\": \"NHWC\", "
                              "\"resize_type\": \"SQUASH\", \"target_size\": \"224x224\", \"color_channels\": \"RGB\", "
                              "\"pixel_scaling\": 255.0, \"mean_file\": \"\", \"data_type\": \"FLOAT32\"}}], "
                              "\"batched_output\": true}");
}

/* ---- Networks ---- */

json_object *network_create_errors(json_object *body, json_object *files)
{
    json_object *errors = NULL;

    check_not_blank(body, "name", true, &errors);
    field_text(body, "description", false, &errors);
    field_dictionary(body, "metadata", false, &errors);
    check_not_blank(body, "framework", true, &errors);
    check_preprocessing(body, files, &errors);
    if (json_object_array_length(files) == 0)
        field_error(&errors, "non_field_errors", "At least one file is required.");
    return errors;
}

json_object *network_update_errors(json_object *body)
{
    json_object *errors = NULL;

    check_not_blank(body, "name", false, &errors);
    field_text(body, "description", false, &errors);
    field_dictionary(body, "metadata", false, &errors);
    if (json_object_object_get_ex(body, "framework", NULL))
        field_error(&errors, "framework", "This field is immutable.");
    if (json_object_object_get_ex(body, "preprocessing", NULL))
        field_error(&errors, "preprocessing", "This field is immutable.");
    return errors;
}

const char *network_missing_file(json_object *body, json_object *files)
{
    const char *framework = json_object_get_string(json_object_object_get(body, "framework"));

    if (strncmp(framework, "tensorflow", strlen("tensorflow")) == 0 && !has_file(files, "saved_model.pb") &&
        !has_file(files, "saved_model.pbtxt"))
        return "A TensorFlow model needs a file saved_model.pb or saved_model.pbtxt.";
    if (strstr(framework, "caffe") != NULL &&
        (!has_file(files, "deploy.prototxt") || !has_file(files, "snapshot.caffemodel")))
        return "A Caffe model needs the files deploy.prototxt and snapshot.caffemodel.";
    return NULL;
}
