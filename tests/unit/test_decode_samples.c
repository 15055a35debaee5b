/* Decoding the samples of the API's documentation. */
#include "comma_locale.h"
#include "decode_test.h"

static const char created_spec[] = "{\n"
                                   "    \"id\": 42,\n"
                                   "    \"name\": \"hot-dog VS not hot-dog classifier\",\n"
                                   "    \"description\": \"My great hot-dog VS not hot-dog classifier !\",\n"
                                   "    \"task_id\": 123,\n"
                                   "    \"update_date\": \"2018-02-16T16:37:25.148189Z\",\n"
                                   "    \"metadata\": {\n"
                                   "        \"author\": \"me\",\n"
                                   "        \"project\": \"my secret project\"\n"
                                   "    },\n"
                                   "    \"outputs\": [{\n"
                                   "        \"labels\": {\n"
                                   "            \"roi\": \"NONE\",\n"
                                   "            \"exclusive\": true,\n"
                                   "            \"labels\": [{\n"
                                   "                \"id\": 0,\n"
                                   "                \"name\": \"hot-dog\"\n"
                                   "            }, {\n"
                                   "                \"id\": 1,\n"
                                   "                \"name\": \"not hot-dog\"\n"
                                   "            }]\n"
                                   "        }\n"
                                   "    }],\n"
                                   "    \"current_version_id\": null\n"
                                   "}\n";

static void the_documented_created_specification_decodes(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(created_spec);
    assert_int_equal(spec->id.private_id, 42);
    assert_null(spec->id.public_id);
    assert_string_equal(spec->name, "hot-dog VS not hot-dog classifier");
    assert_string_equal(spec->description, "My great hot-dog VS not hot-dog classifier !");
    assert_string_equal(spec->task_id->text, "123");
    assert_string_equal(spec->update_date, "2018-02-16T16:37:25.148189Z");
    assert_string_equal(spec->metadata,
                        "{\n        \"author\": \"me\",\n        \"project\": \"my secret project\"\n    }");
    assert_null(spec->current_version_id);
    assert_int_equal(spec->output_count, 1);
    const dm_labels_output *labels = &spec->outputs[0].labels;
    assert_int_equal(labels->roi, DM_ROI_NONE);
    assert_true(labels->exclusive);
    assert_int_equal(labels->label_count, 2);
    assert_label(&labels->labels[0], 0, "hot-dog");
    assert_label(&labels->labels[1], 1, "not hot-dog");
    dm_spec_free(spec);
}

static const char spec_list[] = "{\n"
                                "    \"count\": 2,\n"
                                "    \"next\": null,\n"
                                "    \"previous\": null,\n"
                                "    \"results\": [\n"
                                "        {\n"
                                "            \"id\": 42,\n"
                                "            \"name\": \"My great hot-dog VS not hot-dog classifier !\",\n"
                                "            \"description\": \"Very complicated classifier\",\n"
                                "            \"update_date\": \"2018-03-09T18:30:43.404610Z\",\n"
                                "            \"current_version_id\": 1,\n"
                                "            \"metadata\": {}\n"
                                "        }\n"
                                "    ]\n"
                                "}\n";

static void the_documented_list_of_specifications_decodes(void **state)
{
    (void)state;
    dm_spec_page *page = good_spec_page(spec_list);
    assert_int_equal(page->count, 2);
    assert_null(page->next);
    assert_null(page->previous);
    assert_int_equal(page->result_count, 1);
    const dm_spec *spec = &page->results[0];
    assert_int_equal(spec->id.private_id, 42);
    assert_string_equal(spec->name, "My great hot-dog VS not hot-dog classifier !");
    assert_string_equal(spec->description, "Very complicated classifier");
    assert_string_equal(spec->update_date, "2018-03-09T18:30:43.404610Z");
    assert_int_equal(*spec->current_version_id, 1);
    assert_string_equal(spec->metadata, "{}");
    assert_null(spec->task_id);
    assert_int_equal(spec->output_count, 0);
    dm_spec_page_free(page);
}

static const char public_spec[] =
    "{\"id\": \"fashion-v4\", \"name\": \"Fashion detector\", \"description\": \"\",\n"
    "\"update_date\": \"2018-03-08T19:24:26.528815Z\", \"metadata\": {},\n"
    "\"outputs\": [{\"labels\": {\"roi\": \"BBOX\", \"exclusive\": true, \"labels\": [\n"
    "{\"id\": 0, \"name\": \"sweater\"}, {\"id\": 1, \"name\": \"hat\"}, {\"id\": 14, \"name\": \"swimwear\"}]}}]}";

static void the_documented_public_specification_decodes(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(public_spec);
    assert_string_equal(spec->id.public_id, "fashion-v4");
    assert_string_equal(spec->name, "Fashion detector");
    assert_string_equal(spec->description, "");
    assert_string_equal(spec->update_date, "2018-03-08T19:24:26.528815Z");
    assert_string_equal(spec->metadata, "{}");
    assert_null(spec->current_version_id);
    const dm_labels_output *labels = &spec->outputs[0].labels;
    assert_int_equal(labels->roi, DM_ROI_BBOX);
    assert_true(labels->exclusive);
    assert_int_equal(labels->label_count, 3);
    assert_label(&labels->labels[0], 0, "sweater");
    assert_label(&labels->labels[1], 1, "hat");
    assert_label(&labels->labels[2], 14, "swimwear");
    dm_spec_free(spec);
}

static void the_documented_answer_to_an_inference_decodes(void **state)
{
    (void)state;
    assert_task_id("{\n    \"task_id\": \"123\"\n}", "123");
    assert_task_id("{\"task_id\": 123}", "123");
}

static const char finished_task[] =
    "{\"id\": \"42\", \"status\": \"success\", \"error\": null, \"date_created\": \"2018-02-16T13:45:36.078955Z\", "
    "\"date_updated\": \"2018-02-16T13:45:37.001Z\", \"subtasks\": null, \"data\": " SUNGLASSES_DATA "}";

static void the_documented_task_data_decodes(void **state)
{
    (void)state;
    dm_task *task = good_task(finished_task);
    assert_string_equal(task->id.text, "42");
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_null(task->error);
    assert_string_equal(task->date_created, "2018-02-16T13:45:36.078955Z");
    assert_string_equal(task->date_updated, "2018-02-16T13:45:37.001Z");
    assert_string_equal(task->data, SUNGLASSES_DATA);
    assert_sunglasses(task->inference);
    dm_task_free(task);
}

static void a_decimal_comma_changes_no_score(void **state)
{
    dm_error error;
    (void)state;
    the_documented_task_data_decodes(state);
    struct reply reply = reply_of("{\"id\":1,\"status\":\"success\",\"data\":{\"outputs\":[{\"labels\":{\"predicted\":["
                                  "{\"label_id\":1,\"label_name\":\"\",\"score\":0,5}]}}]}}");
    assert_status(try_task(&reply, &error), DM_ERR_BAD_RESPONSE, &error);
    free_reply(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_created_specification_decodes),
        cmocka_unit_test(the_documented_list_of_specifications_decodes),
        cmocka_unit_test(the_documented_public_specification_decodes),
        cmocka_unit_test(the_documented_answer_to_an_inference_decodes),
        cmocka_unit_test(the_documented_task_data_decodes),
        cmocka_unit_test_setup_teardown(a_decimal_comma_changes_no_score, enter_comma_locale, leave_comma_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
