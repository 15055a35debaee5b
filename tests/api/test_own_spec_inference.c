/* Inference with a specification of one's own and with its versions. */
#include "assert_status.h"
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

#include <string.h>

static dm_input cat(void)
{
    return dm_image_file(PHOTOS_DIR "/cat.jpg");
}

static const dm_prediction *find_label(const dm_prediction *predictions, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(predictions[i].label_name, name) == 0)
            return &predictions[i];
    return NULL;
}

/* A brown cat with gray parts: black is below its threshold of 0.999. */
static void assert_recognises_the_cat(const dm_inference *inference)
{
    assert_int_equal(inference->output_count, 2);
    const dm_labels_inference *labels = &inference->outputs[0].labels;
    const dm_prediction *brown = find_label(labels->predicted, labels->predicted_count, "brown");
    const dm_prediction *gray = find_label(labels->predicted, labels->predicted_count, "gray");
    const dm_prediction *black = find_label(labels->discarded, labels->discarded_count, "black");
    assert_non_null(brown);
    assert_non_null(gray);
    assert_non_null(black);
    assert_int_equal(brown->label_id, 7);
    assert_int_equal(gray->label_id, -3);
    assert_int_equal(black->label_id, 0);
    assert_true(brown->score > gray->score);
    assert_true(black->threshold > 0.9989 && black->threshold < 0.9991);
    assert_null(brown->roi);
}

static void assert_finds_brown_boxes(const dm_inference *inference)
{
    const dm_labels_inference *labels = &inference->outputs[1].labels;
    const dm_prediction *brown = find_label(labels->predicted, labels->predicted_count, "brown");

    assert_non_null(brown);
    assert_int_equal(brown->label_id, 1);
    assert_non_null(brown->roi);
    assert_true(0 <= brown->roi->bbox->xmin && brown->roi->bbox->xmin < brown->roi->bbox->xmax);
}

static void assert_inference_path(const struct api_test *test, size_t mark, const char *path)
{
    struct request_log *log = sent_since(test, mark);

    assert_true(log->count >= 1);
    assert_string_equal(log_text(log->items[0], "method"), "POST");
    assert_string_equal(log_text(log->items[0], "path"), path);
    request_log_free(log);
}

static void inference_with_an_own_specification_and_its_version_succeeds(void **state)
{
    static const dm_infer_options options = {.show_discarded = true};
    struct api_test *test = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;

    create_specs(test, 1);
    create_version(test, 1, POST_PROCESSINGS);
    const size_t mark = sent_mark(test);
    assert_ok(test,
              dm_spec_infer(test->client, dm_private_spec(1), &input, 1, &options, NULL, &inference, &test->error));
    assert_recognises_the_cat(inference);
    assert_finds_brown_boxes(inference);
    assert_inference_path(test, mark, "/v0.7/recognition/specs/1/inference");
    dm_inference_free(inference);
}

static void inference_without_a_version_is_refused_with_the_servers_message(void **state)
{
    struct api_test *test = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;

    create_specs(test, 1);
    const size_t mark = sent_mark(test);
    assert_status(dm_spec_infer(test->client, dm_private_spec(1), &input, 1, NULL, NULL, &inference, &test->error),
                  DM_ERR_REJECTED, &test->error);
    assert_null(inference);
    assert_int_equal(test->error.http_status, 400);
    assert_string_equal(test->error.server_message,
                        "The specification has no current version: it can't run an inference.");
    assert_string_equal(test->error.task_id.text, "");
    assert_int_equal(sent_mark(test) - mark, 1);
}

/* The second version has thresholds that no prediction reaches. The first version is the current one. */
static void inference_with_a_given_version_does_not_use_the_current_one(void **state)
{
    struct api_test *test = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;

    create_specs(test, 1);
    create_version(test, 1, POST_PROCESSINGS);
    create_version(test, 1, "[{\"classification\":{\"thresholds\":[1,1,1]}},{\"detection\":{\"thresholds\":[1]}}]");
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_version_infer(test->client, 2, &input, 1, NULL, NULL, &inference, &test->error));
    assert_int_equal(inference->output_count, 2);
    assert_int_equal(inference->outputs[0].labels.predicted_count, 0);
    assert_int_equal(inference->outputs[1].labels.predicted_count, 0);
    assert_inference_path(test, mark, "/v0.7/recognition/versions/2/inference");
    dm_inference_free(inference);
}

static void assert_submitted(struct api_test *test, dm_task_id id)
{
    dm_task *task = NULL;

    assert_ok(test, dm_task_wait(test->client, id, NULL, &task, &test->error));
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_string_equal(task->id.text, id.text);
    assert_non_null(task->inference);
    assert_int_equal(task->inference->output_count, 2);
    dm_task_free(task);
}

static void an_own_specification_and_its_version_take_submissions(void **state)
{
    struct api_test *test = *state;
    const dm_input input = cat();
    dm_task_id by_spec;
    dm_task_id by_version;

    create_specs(test, 1);
    create_version(test, 1, POST_PROCESSINGS);
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_version_submit(test->client, 1, &input, 1, NULL, NULL, &by_version, &test->error));
    assert_inference_path(test, mark, "/v0.7/recognition/versions/1/inference");
    assert_ok(test, dm_spec_submit(test->client, dm_private_spec(1), &input, 1, NULL, NULL, &by_spec, &test->error));
    assert_string_not_equal(by_spec.text, by_version.text);
    assert_submitted(test, by_spec);
    assert_submitted(test, by_version);
}

static void inference_with_an_unknown_version_is_not_found(void **state)
{
    struct api_test *test = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;
    dm_task_id id = {"left over"};

    assert_not_found(test, dm_version_infer(test->client, 4711, &input, 1, NULL, NULL, &inference, &test->error));
    assert_not_found(test, dm_version_submit(test->client, 4711, &input, 1, NULL, NULL, &id, &test->error));
    assert_string_equal(id.text, "");
    assert_status(dm_version_infer(test->client, 0, &input, 1, NULL, NULL, &inference, NULL), DM_ERR_INVALID_ARGUMENT,
                  NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(inference_with_an_own_specification_and_its_version_succeeds),
        SPEC_TEST(inference_without_a_version_is_refused_with_the_servers_message),
        SPEC_TEST(inference_with_a_given_version_does_not_use_the_current_one),
        SPEC_TEST(an_own_specification_and_its_version_take_submissions),
        SPEC_TEST(inference_with_an_unknown_version_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
