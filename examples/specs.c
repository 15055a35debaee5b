/*
 * From the files of a trained model to a prediction, and back: specs IMAGE FILE...
 *
 * Creates a network from the files, waits until it is deployed, creates a specification and a version that binds the
 * two, recognises the image, and deletes everything. In between it retrieves, lists and updates. Each step is one
 * function that shows one call. The program stops at the first failure, and then still deletes what it has created.
 */
#include <deepomatic.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Free-form JSON, such as the preprocessing, is passed as text. */
static const char preprocessing[] =
    "{\"inputs\": [{\"tensor_name\": \"image:0\", \"image\": {\"dimension_order\": \"NHWC\", \"resize_type\": "
    "\"SQUASH\","
    " \"target_size\": \"224x224\", \"color_channels\": \"RGB\", \"pixel_scaling\": 255.0, \"mean_file\": \"\","
    " \"data_type\": \"FLOAT32\"}}], \"batched_output\": true}";

static void print_progress(int64_t sent, int64_t total, void *data)
{
    (void)data;
    fprintf(stderr, "\r%3d %% of %.1f MB%s", (int)(100 * sent / total), (double)total / 1e6, sent == total ? "\n" : "");
}

/* On the service, a file has the name that it has here, without its directories. Files are read as they are sent. */
static dm_status create_network(dm_client *client, char **paths, size_t count, dm_network **network, dm_error *error)
{
    static const dm_network_create_options options = {.description = "Three colours", .progress = print_progress};
    dm_network_file *files = calloc(count, sizeof *files);

    if (files == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(paths[i], '/');
        files[i] = (dm_network_file){.name = slash != NULL ? slash + 1 : paths[i], .path = paths[i]};
    }
    dm_status status = dm_network_create(client, "Colours", "tensorflow-1.x", preprocessing, files, count, &options,
                                         NULL, network, error);
    free(files);
    if (status == DM_OK)
        printf("Created network %" PRId64 " from %zu files.\n", (*network)->id.private_id, count);
    return status;
}

/* A deployment is a task. If it failed, the wait still returns DM_OK: check the status of the task. */
static dm_status wait_for_deployment(dm_client *client, const dm_network *network, dm_error *error)
{
    const dm_call_options call = {.timeout_ms = 600000}; /* ten minutes */
    dm_task *task;

    dm_status status = dm_task_wait(client, *network->task_id, &call, &task, error);
    if (status == DM_OK && task->status != DM_TASK_SUCCESS) {
        snprintf(error->message, sizeof error->message, "the network was not deployed: %s",
                 task->error != NULL ? task->error : "no reason given");
        status = DM_ERR_TASK_FAILED;
    }
    if (status == DM_OK)
        printf("The network is deployed.\n");
    dm_task_free(task);
    return status;
}

/* Outputs are plain structs. The labels of this one apply to the whole image, and at most one of them applies. */
static dm_status create_spec(dm_client *client, dm_spec_id *id, dm_error *error)
{
    static const dm_label labels[] = {{0, "brown"}, {1, "gray"}, {2, "black"}};
    static const dm_output outputs[] = {{{.labels = labels, .label_count = 3, .exclusive = true, .roi = DM_ROI_NONE}}};
    static const dm_spec_create_options options = {
        .description = "Which colour is it?",
        .metadata = "{\"author\": \"me\", \"project\": \"libdeepomatic\"}",
    };
    dm_spec *spec;

    dm_status status = dm_spec_create(client, "Colours", outputs, 1, &options, NULL, &spec, error);
    if (status == DM_OK) {
        *id = dm_private_spec(spec->id.private_id);
        printf("Created specification %" PRId64 ".\n", id->private_id);
    }
    dm_spec_free(spec);
    return status;
}

/* An optional field is a pointer. It is NULL if the value is absent. */
static dm_status retrieve(dm_client *client, dm_spec_id id, dm_error *error)
{
    dm_spec *spec;

    dm_status status = dm_spec_retrieve(client, id, NULL, &spec, error);
    if (status == DM_OK) {
        printf("'%s' has %s.\n", spec->name, spec->current_version_id == NULL ? "no version yet" : "a version");
        if (spec->metadata != NULL)
            printf("  metadata: %s\n", spec->metadata);
        for (size_t i = 0; i < spec->output_count; i++)
            printf("  output %zu: %zu labels\n", i, spec->outputs[i].labels.label_count);
    }
    dm_spec_free(spec);
    return status;
}

/* An iterator requests page after page. It ends with DM_DONE, which is not an error. */
static dm_status list(dm_client *client, dm_error *error)
{
    dm_spec_iter *iter;
    const dm_spec *spec;

    dm_status status = dm_spec_iter_new(client, DM_VISIBILITY_PRIVATE, NULL, &iter, error);
    while (status == DM_OK) {
        status = dm_spec_iter_next(iter, NULL, &spec, error);
        if (status == DM_OK)
            printf("  specification %" PRId64 ": %s\n", spec->id.private_id, spec->name);
    }
    dm_spec_iter_free(iter);
    return status == DM_DONE ? DM_OK : status;
}

/* Fields that are NULL are not changed. */
static dm_status update(dm_client *client, dm_spec_id id, dm_error *error)
{
    static const dm_spec_changes changes = {.name = "Colours of the cat"};
    dm_spec *spec;

    dm_status status = dm_spec_update(client, id, &changes, NULL, &spec, error);
    if (status == DM_OK)
        printf("Renamed it to '%s'.\n", spec->name);
    dm_spec_free(spec);
    return status;
}

/* The first version becomes the current one. */
static dm_status create_version(dm_client *client, dm_spec_id id, int64_t network_id, dm_error *error)
{
    static const char post_processings[] =
        "[{\"classification\": {\"output_tensor\": \"scores:0\", \"thresholds\": [0.025, 0.025, 0.025]}}]";
    dm_version *version;

    dm_status status = dm_version_create(client, id, network_id, post_processings, NULL, &version, error);
    if (status == DM_OK)
        printf("Created version %" PRId64 " with network %" PRId64 ".\n", version->id, version->network_id);
    dm_version_free(version);
    return status;
}

static void print_labels(const dm_labels_inference *labels)
{
    for (size_t i = 0; i < labels->predicted_count; i++)
        printf("  %s: %.3f\n", labels->predicted[i].label_name, labels->predicted[i].score);
    for (size_t i = 0; i < labels->discarded_count; i++)
        printf("  %s: %.3f (discarded)\n", labels->discarded[i].label_name, labels->discarded[i].score);
}

/* Submits the image, waits, and returns the predictions. The timeout covers all of this, including retries. */
static dm_status infer(dm_client *client, dm_spec_id id, const char *path, dm_error *error)
{
    const dm_input input = dm_image_file(path);
    const dm_infer_options options = {.show_discarded = true};
    const dm_call_options call = {.timeout_ms = 30000};
    dm_inference *inference;

    dm_status status = dm_spec_infer(client, id, &input, 1, &options, &call, &inference, error);
    if (status == DM_OK) {
        printf("%s:\n", path);
        for (size_t i = 0; i < inference->output_count; i++)
            print_labels(&inference->outputs[i].labels);
    }
    dm_inference_free(inference);
    return status;
}

/* Without an iterator: the first page only. */
static dm_status list_versions(dm_client *client, dm_spec_id id, dm_error *error)
{
    dm_version_page *page;

    dm_status status = dm_spec_versions(client, id, NULL, NULL, &page, error);
    for (size_t i = 0; status == DM_OK && i < page->result_count; i++)
        printf("  version %" PRId64 ", network %" PRId64 "\n", page->results[i].id, page->results[i].network_id);
    dm_version_page_free(page);
    return status;
}

/* All steps between the creation of the specification and its deletion. */
static dm_status use_spec(dm_client *client, dm_spec_id id, int64_t network_id, const char *image, dm_error *error)
{
    dm_status status = retrieve(client, id, error);
    if (status == DM_OK)
        status = list(client, error);
    if (status == DM_OK)
        status = update(client, id, error);
    if (status == DM_OK)
        status = create_version(client, id, network_id, error);
    if (status == DM_OK)
        status = infer(client, id, image, error);
    if (status == DM_OK)
        status = list_versions(client, id, error);
    return status;
}

/* Reports whether a deletion succeeded. Returns the status of the first failure. */
static dm_status report_deletion(const char *what, dm_status status, const dm_error *error, dm_status earlier_status)
{
    if (status == DM_OK)
        printf("Deleted the %s.\n", what);
    else
        fprintf(stderr, "%s\n", error->message);
    return earlier_status != DM_OK ? earlier_status : status;
}

/* All steps between the creation of the network and its deletion. Only the first error is returned. */
static dm_status use_network(dm_client *client, const dm_network *network, const char *image, dm_error *error)
{
    dm_spec_id id = {0};
    dm_error deletion_error;

    dm_status status = wait_for_deployment(client, network, error);
    if (status == DM_OK)
        status = create_spec(client, &id, error);
    if (status == DM_OK)
        status = use_spec(client, id, network->id.private_id, image, error);
    if (id.private_id != 0)
        status = report_deletion("specification and its version", dm_spec_delete(client, id, NULL, &deletion_error),
                                 &deletion_error, status);
    return status;
}

int main(int argc, char **argv)
{
    dm_client *client = NULL;
    dm_network *network = NULL;
    dm_error error;

    if (argc < 3) {
        fprintf(stderr, "usage: %s IMAGE FILE...\n", argv[0]);
        return 2;
    }
    dm_status status = dm_client_new(NULL, &client, &error);
    if (status == DM_OK)
        status = create_network(client, argv + 2, (size_t)(argc - 2), &network, &error);
    if (status == DM_OK)
        status = use_network(client, network, argv[1], &error);
    if (status != DM_OK)
        fprintf(stderr, "%s\n", error.message);
    if (network != NULL)
        status = report_deletion("network", dm_network_delete(client, network->id, NULL, &error), &error, status);
    dm_network_free(network);
    dm_client_free(client);
    return status == DM_OK ? 0 : 1;
}
