/* deepomatic infer */
#include "commands.h"
#include "image.h"
#include "interrupt.h"
#include "show_inference.h"
#include "text.h"

static dm_infer_options inference_options(const struct options *given)
{
    return (dm_infer_options){
        .show_discarded = options_has(given, OPTION_SHOW_DISCARDED),
        .max_predictions = given->max_predictions,
    };
}

/* Recognises one image and shows what is in it. */
static dm_status recognise(const struct cli *cli, const char *name, const dm_input *input, dm_error *error)
{
    const struct operands *target = cli->operands;
    const dm_infer_options options = inference_options(cli->options);
    dm_inference *inference = NULL;
    dm_status status;

    if (target->version_id != 0)
        status = dm_version_infer(cli->client, target->version_id, input, 1, &options, &cli->call, &inference, error);
    else
        status = dm_spec_infer(cli->client, target->spec, input, 1, &options, &cli->call, &inference, error);
    if (status == DM_OK && options_has(cli->options, OPTION_JSON)) {
        struct json json = {0};
        json_open(&json, NULL, '{');
        json_string(&json, "image", name);
        inference_put_json(&json, inference);
        json_close(&json, '}');
        json_end(&json);
    } else if (status == DM_OK) {
        inference_put_table(name, inference);
    }
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
    json_string(&json, "image", name);
    json_string(&json, "task_id", task_id->text);
    json_close(&json, '}');
    json_end(&json);
}

/* Hands one image over to the service and shows its task's id. */
static dm_status submit(const struct cli *cli, const char *name, const dm_input *input, dm_error *error)
{
    const struct operands *target = cli->operands;
    const dm_infer_options options = inference_options(cli->options);
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

/* Does what was asked for with one image. If that fails, a message has been written. */
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
    if (status != DM_OK) {
        report("%s: %s", name, error->message);
        report_open_task(error);
    }
done:
    image_free(&image);
    return status;
}

/* Would the next image fare no better? */
static bool is_hopeless(dm_status status, const dm_error *error)
{
    switch (status) {
    case DM_ERR_CREDENTIALS:
    case DM_ERR_REDIRECT:
    case DM_ERR_TLS:
        return true;
    case DM_ERR_NOT_FOUND: /* the specification; or else the service has lost this one task */
        return error->task_id.text[0] == '\0';
    default:
        return status != DM_OK && interrupt_came();
    }
}

enum exit_status infer_images(const struct cli *cli)
{
    enum exit_status status = STATUS_OK;

    for (char *const *name = cli->operands->images; *name != NULL; name++) {
        /* Each answer is seen as soon as it is there. */
        dm_error error;
        const dm_status outcome = infer_image(cli, *name, &error);
        const bool shown = fflush(stdout) == 0;
        if (outcome != DM_OK || !shown)
            status = STATUS_FAILED;
        if (!shown || is_hopeless(outcome, &error))
            break;
    }
    return status;
}
