/*
 * All calls for a specification, from its creation to its deletion: specs IMAGE [NETWORK_ID]
 *
 * Creates a private specification, retrieves it, lists all your specifications, updates it, creates a version of it,
 * recognises the image, lists its versions, and deletes it. Each step is one function that shows one call. The program
 * stops at the first failure, and then still deletes the specification.
 */
#include <deepomatic.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Outputs are plain structs. The labels of this one apply to the whole image, and at most one of them applies. */
static dm_status create(dm_client *client, dm_spec_id *id, dm_error *error)
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

/* The first version becomes the current one. Free-form JSON, such as the post-processings, is passed as text. */
static dm_status create_version(dm_client *client, dm_spec_id id, int64_t network_id, dm_error *error)
{
    static const char post_processings[] =
        "[{\"classification\": {\"output_tensor\": \"prob\", \"thresholds\": [0.025, 0.025, 0.025]}}]";
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

/* All steps between the creation and the deletion. */
static dm_status use_spec(dm_client *client, dm_spec_id id, const char *path, int64_t network_id, dm_error *error)
{
    dm_status status = retrieve(client, id, error);
    if (status == DM_OK)
        status = list(client, error);
    if (status == DM_OK)
        status = update(client, id, error);
    if (status == DM_OK)
        status = create_version(client, id, network_id, error);
    if (status == DM_OK)
        status = infer(client, id, path, error);
    if (status == DM_OK)
        status = list_versions(client, id, error);
    return status;
}

/* Deletes the specification, also after a failure. Returns the status of the first failure. */
static dm_status delete_spec(dm_client *client, dm_spec_id id, dm_status earlier_status)
{
    dm_error error;

    dm_status status = dm_spec_delete(client, id, NULL, &error);
    if (status == DM_OK)
        printf("Deleted the specification and its version.\n");
    else
        fprintf(stderr, "%s\n", error.message);
    return earlier_status != DM_OK ? earlier_status : status;
}

int main(int argc, char **argv)
{
    const int64_t network_id = argc > 2 ? strtoll(argv[2], NULL, 10) : 1;
    dm_client *client = NULL;
    dm_spec_id id = {0};
    dm_error error;

    if (argc < 2) {
        fprintf(stderr, "usage: %s IMAGE [NETWORK_ID]\n", argv[0]);
        return 2;
    }
    dm_status status = dm_client_new(NULL, &client, &error);
    if (status == DM_OK)
        status = create(client, &id, &error);
    if (status == DM_OK)
        status = use_spec(client, id, argv[1], network_id, &error);
    if (status != DM_OK)
        fprintf(stderr, "%s\n", error.message);
    if (id.private_id != 0)
        status = delete_spec(client, id, status);
    dm_client_free(client);
    return status == DM_OK ? 0 : 1;
}
