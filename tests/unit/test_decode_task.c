/* Decoding tasks. */
#include "decode_test.h"

#include <stdio.h>

static void a_pending_task_has_nothing_yet(void **state)
{
    (void)state;
    dm_task *task = good_task("{\"id\":\"a-B_9\",\"status\":\"pending\",\"error\":\"stale\",\"data\":null}");
    assert_string_equal(task->id.text, "a-B_9");
    assert_int_equal(task->status, DM_TASK_PENDING);
    assert_null(task->error);
    assert_null(task->date_created);
    assert_null(task->date_updated);
    assert_null(task->data);
    assert_null(task->inference);
    dm_task_free(task);
}

static void a_failed_task_has_the_service_s_message(void **state)
{
    (void)state;
    dm_task *task = good_task("{\"id\":9007199254740991,\"status\":\"error\",\"error\":\"cannot decode\"}");
    assert_string_equal(task->id.text, "9007199254740991");
    assert_int_equal(task->status, DM_TASK_ERROR);
    assert_string_equal(task->error, "cannot decode");
    dm_task_free(task);
    task = good_task("{\"id\":1,\"status\":\"error\",\"error\":null}");
    assert_null(task->error);
    dm_task_free(task);
}

/* The status may be before or after the error. */
static void an_error_that_is_an_object_or_a_list_gives_its_message(void **state)
{
    static const struct {
        const char *error;
        const char *words; /* NULL: none */
    } errors[] = {
        {"{\"message\": \"not an image\", \"code\": 7}", "not an image"},
        {"{\"detail\": {\"error\": [\"one\", \"t\\u0077o\"]}}", "one two"},
        {"[\"first\", {\"inputs\": [\"Bad.\"]}]", "first inputs: Bad."},
        {"{}", NULL},
        {"[5, null]", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(errors); i++) {
        static const char *const forms[] = {"{\"error\":%s,\"id\":1,\"status\":\"error\",\"date_created\":\"d\"}",
                                            "{\"id\":1,\"status\":\"error\",\"date_created\":\"d\",\"error\":%s}"};
        for (size_t k = 0; k < COUNT(forms); k++) {
            char json[256];
            snprintf(json, sizeof json, forms[k], errors[i].error);
            dm_task *task = good_task(json);
            assert_int_equal(task->status, DM_TASK_ERROR);
            assert_string_equal(task->date_created, "d");
            if (errors[i].words == NULL)
                assert_null(task->error);
            else
                assert_string_equal(task->error, errors[i].words);
            dm_task_free(task);
        }
    }
}

static void the_error_of_a_task_that_did_not_fail_is_ignored(void **state)
{
    (void)state;
    dm_task *task = good_task("{\"error\":5,\"id\":1,\"status\":\"success\",\"error\":\"second\"}");
    assert_null(task->error);
    dm_task_free(task);
}

static void the_shape_of_an_inference_has_no_raw_data(void **state)
{
    static const char json[] = "{\"id\":1,\"status\":\"success\",\"data\":" SUNGLASSES_DATA "}";
    dm_error error;
    struct failure failure;
    (void)state;
    struct reply reply = reply_of(json);
    failure_init(&failure, &error);
    dm_task *task = decode(&reply, &task_inference_shape, &failure);
    assert_status(failure.status, DM_OK, &error);
    assert_null(task->data);
    assert_sunglasses(task->inference);
    dm_task_free(task);
    free_reply(&reply);
}

static void data_of_another_kind_is_kept_as_text(void **state)
{
    static const char *const kinds[] = {"5",    "\"text\"", "[1, 2]", "{}", "{\"outputs\": 5}", "{\"outputs\":null}",
                                        "false"};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char json[128];
        snprintf(json, sizeof json, "{\"id\":1,\"status\":\"success\",\"data\":%s}", kinds[i]);
        dm_task *task = good_task(json);
        assert_string_equal(task->data, kinds[i]);
        assert_null(task->inference);
        dm_task_free(task);
    }
}

static void a_task_s_id_has_63_bytes_at_most(void **state)
{
    static const char digits[] = "0123456789012345678901234567890123456789012345678901234567890123456789";
    char json[128];
    (void)state;
    for (int length = 62; length <= 65; length++) {
        snprintf(json, sizeof json, "{\"task_id\":\"%.*s\"}", length, digits);
        if (length <= 63) {
            char wanted[64];
            snprintf(wanted, sizeof wanted, "%.*s", length, digits);
            assert_task_id(json, wanted);
        } else {
            assert_bad(try_task_id, json,
                       "in the reply, task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'");
        }
    }
}

static void a_wrong_task_id_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{}", "task_id is missing or null, not a task's id"},
        {"{\"task_id\":null}", "task_id is missing or null, not a task's id"},
        {"{\"task_id\":true}", "task_id is true or false, not a task's id"},
        {"{\"task_id\":[1]}", "task_id is an array, not a task's id"},
        {"{\"task_id\":\"\"}", "task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"task_id\":\"1/../2\"}", "task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"task_id\":\"\\u00e9\"}", "task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"task_id\":1.5}", "task_id is not an integer from -2^63 to 2^63 - 1"},
        {"{\"task_id\":9223372036854775808}", "task_id is not an integer from -2^63 to 2^63 - 1"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task_id, fields);
}

static void a_task_s_status_is_one_of_three(void **state)
{
    static const char *const tasks[] = {
        "{\"id\":1}",
        "{\"id\":1,\"status\":null}",
        "{\"id\":1,\"status\":1}",
        "{\"id\":1,\"status\":\"\"}",
        "{\"id\":1,\"status\":\"done\"}",
        "{\"id\":1,\"status\":\"SUCCESS\"}",
        "{\"id\":1,\"status\":\"success \"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++)
        assert_bad(try_task, tasks[i], "in the reply, status is not \"pending\", \"success\" or \"error\"");
}

static void a_wrong_field_of_a_task_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"status\":\"pending\"}", "id is missing or null, not a task's id"},
        {"{\"id\":\"a b\",\"status\":\"pending\"}", "id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"id\":1,\"status\":\"error\",\"error\":5}", "error is a number, not a string"},
        {"{\"id\":1,\"status\":\"pending\",\"date_created\":5}", "date_created is a number, not a string"},
        {"{\"id\":1,\"status\":\"pending\",\"date_updated\":{}}", "date_updated is an object, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task, fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pending_task_has_nothing_yet),
        cmocka_unit_test(a_failed_task_has_the_service_s_message),
        cmocka_unit_test(an_error_that_is_an_object_or_a_list_gives_its_message),
        cmocka_unit_test(the_error_of_a_task_that_did_not_fail_is_ignored),
        cmocka_unit_test(the_shape_of_an_inference_has_no_raw_data),
        cmocka_unit_test(data_of_another_kind_is_kept_as_text),
        cmocka_unit_test(a_task_s_id_has_63_bytes_at_most),
        cmocka_unit_test(a_wrong_task_id_is_named),
        cmocka_unit_test(a_task_s_status_is_one_of_three),
        cmocka_unit_test(a_wrong_field_of_a_task_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
