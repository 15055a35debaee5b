/* Inference and submission. */
#include "calls.h"

#include <string.h>

static dm_status end_inference(struct fixture *fixture, dm_status status, dm_inference *inference)
{
    if (has_result(fixture, status, inference))
        dm_inference_free(inference);
    return status;
}

static dm_status end_submission(struct fixture *fixture, dm_status status, const dm_task_id *id)
{
    if (strcmp(id->text, status == DM_OK ? "123" : "") != 0)
        fixture->wrong = "the task's id is not what it should be";
    return status;
}

static dm_status spec_infer_inputs(struct fixture *fixture, const dm_input *inputs, size_t count)
{
    dm_inference *inference = UNTOUCHED;
    const dm_status status = dm_spec_infer(fixture->client, dm_public_spec("p"), inputs, count, &infer_options,
                                           &fixture->call, &inference, &fixture->error);
    return end_inference(fixture, status, inference);
}

static dm_status spec_submit_inputs(struct fixture *fixture, const dm_input *inputs, size_t count)
{
    dm_task_id id = {"untouched"};
    const dm_status status = dm_spec_submit(fixture->client, dm_private_spec(42), inputs, count, &infer_options,
                                            &fixture->call, &id, &fixture->error);
    return end_submission(fixture, status, &id);
}

dm_status spec_infer_url(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_URL);
    return spec_infer_inputs(fixture, &input, 1);
}

dm_status spec_infer_file(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_FILE);
    return spec_infer_inputs(fixture, &input, 1);
}

dm_status spec_infer_bytes(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_BYTES);
    return spec_infer_inputs(fixture, &input, 1);
}

dm_status spec_infer_base64(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_BASE64);
    return spec_infer_inputs(fixture, &input, 1);
}

dm_status spec_infer_no_file(struct fixture *fixture)
{
    const dm_input inputs[] = {image(IMAGE_FILE), dm_image_file("/no/image.jpg")};
    return spec_infer_inputs(fixture, inputs, 2);
}

dm_status spec_submit_url(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_URL);
    return spec_submit_inputs(fixture, &input, 1);
}

dm_status spec_submit_file(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_FILE);
    return spec_submit_inputs(fixture, &input, 1);
}

dm_status spec_submit_bytes(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_BYTES);
    return spec_submit_inputs(fixture, &input, 1);
}

dm_status spec_submit_base64(struct fixture *fixture)
{
    const dm_input input = image(IMAGE_BASE64);
    return spec_submit_inputs(fixture, &input, 1);
}

/* Two files, and one for which the list of pieces must grow. */
#define MIXED_INPUTS                                                                                                   \
    {                                                                                                                  \
        image(IMAGE_URL), image(IMAGE_FILE), image(IMAGE_BYTES), image(IMAGE_BASE64), image(IMAGE_FILE)                \
    }
enum { MIXED_COUNT = 5 };

dm_status spec_infer_mixed(struct fixture *fixture)
{
    const dm_input inputs[] = MIXED_INPUTS;
    return spec_infer_inputs(fixture, inputs, MIXED_COUNT);
}

dm_status spec_submit_mixed(struct fixture *fixture)
{
    const dm_input inputs[] = MIXED_INPUTS;
    return spec_submit_inputs(fixture, inputs, MIXED_COUNT);
}

dm_status version_infer_mixed(struct fixture *fixture)
{
    const dm_input inputs[] = MIXED_INPUTS;
    dm_inference *inference = UNTOUCHED;
    const dm_status status = dm_version_infer(fixture->client, 5, inputs, MIXED_COUNT, &infer_options, &fixture->call,
                                              &inference, &fixture->error);
    return end_inference(fixture, status, inference);
}

dm_status version_submit_mixed(struct fixture *fixture)
{
    const dm_input inputs[] = MIXED_INPUTS;
    dm_task_id id = {"untouched"};
    const dm_status status = dm_version_submit(fixture->client, 5, inputs, MIXED_COUNT, &infer_options, &fixture->call,
                                               &id, &fixture->error);
    return end_submission(fixture, status, &id);
}
