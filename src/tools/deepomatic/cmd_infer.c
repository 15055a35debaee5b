/* deepomatic infer */
#include "commands.h"
#include "image.h"
#include "infer_failure.h"
#include "interrupt.h"
#include "name.h"
#include "show_inference.h"
#include "streams.h"

#include <stdlib.h>

static dm_infer_options infer_options(const struct options *given)
{
    return (dm_infer_options){
        .show_discarded = options_has(given, OPTION_SHOW_DISCARDED),
        .max_predictions = given->max_predictions,
    };
}

static void put_inference(const struct cli *cli, const char *name, const dm_inference *inference)
{
    struct json json = {0};

    if (!options_has(cli->options, OPTION_JSON)) {
        char *heading = name_quote(name);
        inference_put_table(heading, inference);
        free(heading);
        return;
    }
    json_open(&json, NULL, '{');
    name_put_json(&json, name);
    inference_put_json(&json, inference);
    json_close(&json, '}');
    json_end(&json);
}

/* Recognises one image and prints the predictions. */
static dm_status recognise(const struct cli *cli, const char *name, const dm_input *input, dm_error *error)
{
    const struct operands *target = cli->operands;
    const dm_infer_options options = infer_options(cli->options);
    dm_inference *inference = NULL;
    dm_status status;

    if (target->version_id != 0)
        status = dm_version_infer(cli->client, target->version_id, input, 1, &options, &cli->call, &inference, error);
    else
        status = dm_spec_infer(cli->client, target->spec, input, 1, &options, &cli->call, &inference, error);
    if (status == DM_OK)
        put_inference(cli, name, inference);
    dm_inference_free(inference);
    return status;
}

static void put_task_id(const struct cli *cli, const char *name, const dm_task_id *task_id)
{
    struct json json = {0};

    if (!options_has(cli->options, OPTION_JSON)) {
        puts(task_id->text);
        return;
    }
    json_open(&json, NULL, '{');
    name_put_json(&json, name);
    json_string(&json, "task_id", task_id->text);
    json_close(&json, '}');
    json_end(&json);
}

/* Submits one image and prints the id of its task. */
static dm_status submit(const struct cli *cli, const char *name, const dm_input *input, dm_error *error)
{
    const struct operands *target = cli->operands;
    const dm_infer_options options = infer_options(cli->options);
    dm_task_id task_id;
    dm_status status;

    if (target->version_id != 0)
        status = dm_version_submit(cli->client, target->version_id, input, 1, &options, &cli->call, &task_id, error);
    else
        status = dm_spec_submit(cli->client, target->spec, input, 1, &options, &cli->call, &task_id, error);
    if (status == DM_OK)
        put_task_id(cli, name, &task_id);
    return status;
}

/* Submits or recognises one image. A failure is reported; then `error` is filled unless the status is DM_ERR_FILE. */
static dm_status infer_image(const struct cli *cli, const char *name, dm_error *error)
{
    const struct options *options = cli->options;
    struct image image;
    dm_status status = DM_ERR_FILE;

    if (!image_load(name, options_has(options, OPTION_BASE64), &image))
        goto done;
    if (options_has(options, OPTION_BBOX))
        image.input.bbox = &options->bbox;
    if (options_has(options, OPTION_NO_WAIT))
        status = submit(cli, name, &image.input, error);
    else
        status = recognise(cli, name, &image.input, error);
    if (status != DM_OK)
        report_image(name, error);
done:
    image_free(&image);
    return status;
}

static void report_skipped(char *const *names)
{
    size_t count = 0;

    while (names[count] != NULL)
        count++;
    report("stopped, because other images would fail in the same way; images not tried: %zu", count);
}

enum exit_status infer_images(const struct cli *cli)
{
    enum exit_status exit_status = STATUS_OK;

    for (char *const *name = cli->operands->images; *name != NULL; name++) {
        dm_error error;
        const dm_status status = infer_image(cli, *name, &error);
        if (!output_flush() || interrupt_arrived())
            return STATUS_FAILED;
        if (status == DM_OK)
            continue;
        exit_status = STATUS_FAILED;
        if (name[1] != NULL && infer_failure_is_general(cli, status, &error)) {
            report_skipped(name + 1);
            break;
        }
    }
    return exit_status;
}
