#include "inference.h"

#include "form.h"
#include "json_tools.h"
#include "memory.h"
#include "model.h"
#include "networks.h"
#include "public_specs.h"
#include "recognition.h"
#include "values.h"
#include "versions.h"

#include <inttypes.h>
#include <stdlib.h>

enum { MAX_PREDICTIONS = 100 };

static const double PUBLIC_DETECTION_THRESHOLD = 0.5;
static const double DETECTION_THRESHOLD = 0.8;

/* Checks that there are as many inputs as the model takes. Returns NULL, or an error message to free. */
static char *check_input_count(json_object *inputs, size_t expected)
{
    size_t count;

    if (inputs != NULL && !json_object_is_type(inputs, json_type_array))
        return memory_format("inputs: Expected a list of items.");
    count = inputs != NULL ? json_object_array_length(inputs) : 0;
    if (count == 0)
        return memory_format("inputs: This field is required and must not be empty.");
    if (count != expected)
        return memory_format("inputs: This specification takes exactly %zu %s, but the request has %zu. "
                             "To recognise several images, send one request for each.",
                             expected, expected == 1 ? "input" : "inputs", count);
    return NULL;
}

/* Reads the inputs of a model that takes input_count of them. Sets *error to a message to free if they are invalid. */
static void read_inputs(json_object *inputs, size_t input_count, struct recognition *recognition, char **error)
{
    *error = check_input_count(inputs, input_count);
    if (*error != NULL)
        return;
    recognition->inputs = memory_new(input_count, sizeof *recognition->inputs);
    for (size_t i = 0; i < input_count && *error == NULL; i++) {
        json_object *image = json_object_object_get(json_object_array_get_idx(inputs, i), "image");
        const char *reason = image_input_read(image, &recognition->inputs[recognition->input_count++]);

        if (reason != NULL)
            *error = memory_format("inputs[%zu].image%s", i, reason);
    }
}

/* Reads the options of an inference. Sets *error to a message to free if they are invalid. */
static void read_options(json_object *body, struct recognition *recognition, char **error)
{
    json_object *show_discarded = json_object_object_get(body, "show_discarded");
    json_object *max_predictions = json_object_object_get(body, "max_predictions");
    int64_t *max = &recognition->max_predictions;

    *max = MAX_PREDICTIONS;
    if (show_discarded != NULL && !value_boolean(show_discarded, &recognition->show_discarded))
        *error = memory_format("show_discarded: Must be a valid boolean.");
    else if (max_predictions != NULL && (!value_integer(max_predictions, max) || *max < 1))
        *error = memory_format("max_predictions: A positive integer is required.");
}

static void recognition_clear(struct recognition *recognition)
{
    for (size_t i = 0; i < recognition->input_count; i++)
        image_input_clear(&recognition->inputs[i]);
    free(recognition->inputs);
}

static void reply_error(struct reply *reply, const char *error)
{
    reply_json(reply, 400, json_pair("error", json_text(bytes_of(error))));
}

/* Returns the body, JSON or multipart, as a JSON object. Returns NULL if it is invalid, and answers with the error. */
static json_object *read_body(const struct request *request, struct reply *reply)
{
    char *error = NULL;
    json_object *body;

    if (request->media != MEDIA_MULTIPART)
        return reply_unless_object(reply, request);
    body = form_read(&request->multipart, &error);
    if (error != NULL)
        reply_error(reply, error);
    free(error);
    return body;
}

/* A pseudo-random number from -1 to 1, which is the same for the same task id in each run (splitmix64). */
static double spread(int64_t id)
{
    uint64_t bits = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);

    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    bits ^= bits >> 31;
    return (double)(bits >> 11) / (double)(UINT64_C(1) << 52) - 1;
}

static int64_t delay_of_next_task(const struct sandbox *sandbox)
{
    double delay = (double)sandbox->options.task_delay;
    double share = (double)sandbox->options.delay_scatter / 100;

    return (int64_t)(delay * (1 + share * spread(sandbox->store.tasks.last_id + 1)));
}

static void add_task(struct sandbox *sandbox, json_object *data, const char *error, struct reply *reply)
{
    char *id;

    store_lock(&sandbox->store);
    id = memory_format("%" PRId64, store_add_task(&sandbox->store, data, error, delay_of_next_task(sandbox)));
    store_unlock(&sandbox->store);
    reply_json(reply, 200, json_pair("task_id", json_object_new_string(id)));
    free(id);
}

static void recognise(struct sandbox *sandbox, const struct recognition *recognition, const struct model *model,
                      struct reply *reply)
{
    char *error = NULL;
    json_object *data = recognition_run(recognition, model, &error);

    add_task(sandbox, data, error, reply);
    free(error);
}

/* Answers an inference request with the model, and frees the model. */
static void infer(struct sandbox *sandbox, const struct request *request, struct model *model, struct reply *reply)
{
    struct recognition recognition = {0};
    json_object *body = read_body(request, reply);
    char *error = NULL;

    if (body == NULL)
        goto done;
    read_inputs(json_object_object_get(body, "inputs"), model->input_count, &recognition, &error);
    if (error == NULL)
        read_options(body, &recognition, &error);
    if (error != NULL)
        reply_error(reply, error);
    else
        recognise(sandbox, &recognition, model, reply);

done:
    recognition_clear(&recognition);
    json_object_put(body);
    model_free(model);
    free(error);
}

static json_object *outputs_of(const struct record *spec)
{
    return json_object_object_get(spec->object, "outputs");
}

static struct model *model_of_public_spec(const struct record *spec)
{
    struct model *model = model_new(outputs_of(spec), NULL, PUBLIC_DETECTION_THRESHOLD);

    model->input_count = public_spec_input_count(spec);
    return model;
}

void inference_by_public_spec(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct record *spec;
    struct model *model = NULL;

    store_lock(&sandbox->store);
    spec = public_spec_find(&sandbox->store, request->name);
    if (spec != NULL)
        model = model_of_public_spec(spec);
    else
        reply_not_found(reply);
    store_unlock(&sandbox->store);
    if (model != NULL)
        infer(sandbox, request, model, reply);
}

/* Returns NULL if the network of the version is not deployed, and answers with an error. */
static struct model *model_of_version(const struct store *store, const struct record *version, struct reply *reply)
{
    const struct record *spec = table_find(&store->specs, version_spec_id(version));
    json_object *post_processings = json_object_object_get(version->object, "post_processings");
    char *error = network_deployment_error(store, version_network_id(version));

    if (error != NULL) {
        reply_error(reply, error);
        free(error);
        return NULL;
    }
    return model_new(outputs_of(spec), post_processings, DETECTION_THRESHOLD);
}

/* Returns the model of a specification's current version. Returns NULL if there is none, and answers with an error. */
static struct model *model_of_spec(const struct store *store, int64_t id, struct reply *reply)
{
    const struct record *spec = table_find(&store->specs, id);
    json_object *current;

    if (spec == NULL) {
        reply_not_found(reply);
        return NULL;
    }
    current = json_object_object_get(spec->object, "current_version_id");
    if (current == NULL) {
        reply_error(reply, "The specification has no current version: it can't run an inference.");
        return NULL;
    }
    return model_of_version(store, table_find(&store->versions, json_object_get_int64(current)), reply);
}

void inference_by_spec(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct model *model;

    store_lock(&sandbox->store);
    model = model_of_spec(&sandbox->store, request->id, reply);
    store_unlock(&sandbox->store);
    if (model != NULL)
        infer(sandbox, request, model, reply);
}

void inference_by_version(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct record *version;
    struct model *model = NULL;

    store_lock(&sandbox->store);
    version = table_find(&sandbox->store.versions, request->id);
    if (version != NULL)
        model = model_of_version(&sandbox->store, version, reply);
    else
        reply_not_found(reply);
    store_unlock(&sandbox->store);
    if (model != NULL)
        infer(sandbox, request, model, reply);
}
