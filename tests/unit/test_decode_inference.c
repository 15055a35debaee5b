/* Decoding the data of finished tasks. */
#include "decode_test.h"

#define DATA(outputs)          "{\"id\":1,\"status\":\"success\",\"data\":{\"outputs\":[" outputs "]}}"
#define PREDICTED(predictions) DATA("{\"labels\":{\"predicted\":[" predictions "]}}")
#define GOOD                   "{\"label_id\":1,\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1}"
#define WITH(members)          "{\"label_id\":1,\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1," members "}"

static void every_output_has_its_predictions_in_their_order(void **state)
{
    (void)state;
    dm_task *task = good_task(DATA("{\"labels\":{\"discarded\":[" GOOD "],\"predicted\":[" GOOD
                                   ",{\"label_id\":-2,\"label_name\":\"b\",\"score\":0,\"threshold\":1e-3}]}},"
                                   "{\"labels\":{\"predicted\":[],\"discarded\":null}}"));
    assert_int_equal(task->inference->output_count, 2);
    const dm_labels_inference *first = &task->inference->outputs[0].labels;
    assert_int_equal(first->predicted_count, 2);
    assert_int_equal(first->predicted[0].label_id, 1);
    assert_int_equal(first->predicted[1].label_id, -2);
    assert_string_equal(first->predicted[1].label_name, "b");
    assert_number(first->predicted[1].score, 0);
    assert_number(first->predicted[1].threshold, 1e-3);
    assert_null(first->predicted[1].roi);
    assert_int_equal(first->discarded_count, 1);
    assert_string_equal(first->discarded[0].label_name, "a");
    assert_int_equal(task->inference->outputs[1].labels.predicted_count, 0);
    assert_int_equal(task->inference->outputs[1].labels.discarded_count, 0);
    dm_task_free(task);
}

static void sequences_have_their_index_and_time(void **state)
{
    (void)state;
    dm_task *task = good_task(PREDICTED(WITH("\"sequence_index\":0,\"sequence_time\":1.25,\"roi\":null") "," WITH(
        "\"sequence_index\":null,\"sequence_time\":null")));
    const dm_prediction *predicted = task->inference->outputs[0].labels.predicted;
    assert_int_equal(*predicted[0].sequence_index, 0);
    assert_number(*predicted[0].sequence_time, 1.25);
    assert_null(predicted[0].roi);
    assert_null(predicted[1].sequence_index);
    assert_null(predicted[1].sequence_time);
    dm_task_free(task);
}

static void an_inference_s_output_of_a_kind_that_is_not_known_is_empty(void **state)
{
    (void)state;
    dm_task *task = good_task(DATA("{\"masks\":[]},{},{\"labels\":null}"));
    assert_int_equal(task->inference->output_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(task->inference->outputs[i].labels.predicted_count, 0);
        assert_int_equal(task->inference->outputs[i].labels.discarded_count, 0);
    }
    dm_task_free(task);
}

static void an_inference_may_have_no_outputs(void **state)
{
    (void)state;
    dm_task *task = good_task(DATA(""));
    assert_non_null(task->inference);
    assert_int_equal(task->inference->output_count, 0);
    dm_task_free(task);
}

static void a_region_may_have_no_box(void **state)
{
    (void)state;
    dm_task *task =
        good_task(PREDICTED(WITH("\"roi\":{\"region_id\":7}") "," WITH("\"roi\":{\"region_id\":8,\"bbox\":null}")));
    const dm_prediction *predicted = task->inference->outputs[0].labels.predicted;
    assert_int_equal(predicted[0].roi->region_id, 7);
    assert_null(predicted[0].roi->bbox);
    assert_int_equal(predicted[1].roi->region_id, 8);
    assert_null(predicted[1].roi->bbox);
    dm_task_free(task);
}

static void a_wrong_field_of_an_inference_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {PREDICTED(GOOD "," GOOD "," GOOD ",{\"label_id\":1,\"label_name\":\"a\",\"score\":\"0.5\",\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[3].score is a string, not a number"},
        {PREDICTED("{\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].label_id is missing or null, not an integer"},
        {PREDICTED("{\"label_id\":1.5,\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].label_id is not an integer from -2^63 to 2^63 - 1"},
        {PREDICTED("{\"label_id\":1,\"label_name\":null,\"score\":0.5,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].label_name is missing or null, not a string"},
        {PREDICTED("{\"label_id\":1,\"label_name\":\"a\",\"score\":1e400,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].score is too large a number"},
        {PREDICTED("{\"label_id\":1,\"label_name\":\"a\",\"score\":0.5}"),
         "data.outputs[0].labels.predicted[0].threshold is missing or null, not a number"},
        {PREDICTED("5"), "data.outputs[0].labels.predicted[0] is a number, not an object"},
        {PREDICTED(WITH("\"roi\":{\"region_id\":\"1\",\"bbox\":{}}")),
         "data.outputs[0].labels.predicted[0].roi.region_id is a string, not an integer"},
        {PREDICTED(WITH("\"roi\":{\"region_id\":1,\"bbox\":[]}")),
         "data.outputs[0].labels.predicted[0].roi.bbox is an array, not an object"},
        {PREDICTED(WITH("\"roi\":{\"region_id\":1,\"bbox\":{\"xmin\":0,\"ymin\":0,\"xmax\":1,\"ymax\":true}}")),
         "data.outputs[0].labels.predicted[0].roi.bbox.ymax is true or false, not a number"},
        {PREDICTED(WITH("\"sequence_index\":0.5")),
         "data.outputs[0].labels.predicted[0].sequence_index is not an integer from -2^63 to 2^63 - 1"},
        {PREDICTED(WITH("\"sequence_time\":\"now\"")),
         "data.outputs[0].labels.predicted[0].sequence_time is a string, not a number"},
        {DATA("{},{\"labels\":{}}"), "data.outputs[1].labels.predicted is missing or null, not an array"},
        {DATA("{\"labels\":{\"predicted\":{}}}"), "data.outputs[0].labels.predicted is an object, not an array"},
        {DATA("{\"labels\":{\"predicted\":[],\"discarded\":5}}"),
         "data.outputs[0].labels.discarded is a number, not an array"},
        {DATA("{\"labels\":{\"predicted\":[],\"discarded\":[" GOOD ",null]}}"),
         "data.outputs[0].labels.discarded[1] is missing or null, not an object"},
        {DATA("5"), "data.outputs[0] is a number, not an object"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task, fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_output_has_its_predictions_in_their_order),
        cmocka_unit_test(sequences_have_their_index_and_time),
        cmocka_unit_test(an_inference_s_output_of_a_kind_that_is_not_known_is_empty),
        cmocka_unit_test(an_inference_may_have_no_outputs),
        cmocka_unit_test(a_region_may_have_no_box),
        cmocka_unit_test(a_wrong_field_of_an_inference_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
