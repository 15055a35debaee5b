/* The JSON samples of the API's documentation, without their literal "...", decode field by field. */
#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <string.h>

/* As on the page "recognition specification", with the same indentation and order of fields. */
static const char created[] = "{\n"
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

static const char list[] = "{\n"
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

static const char fashion[] = "{\n"
                              "    \"id\": \"fashion-v4\",\n"
                              "    \"name\": \"Fashion detector\",\n"
                              "    \"description\": \"\",\n"
                              "    \"update_date\": \"2018-03-08T19:24:26.528815Z\",\n"
                              "    \"metadata\": {},\n"
                              "    \"outputs\": [\n"
                              "        {\n"
                              "            \"labels\": {\n"
                              "                \"roi\": \"BBOX\",\n"
                              "                \"exclusive\": true,\n"
                              "                \"labels\": [\n"
                              "                    {\n"
                              "                        \"id\": 0,\n"
                              "                        \"name\": \"sweater\"\n"
                              "                    },\n"
                              "                    {\n"
                              "                        \"id\": 1,\n"
                              "                        \"name\": \"hat\"\n"
                              "                    },\n"
                              "                    {\n"
                              "                        \"id\": 14,\n"
                              "                        \"name\": \"swimwear\"\n"
                              "                    }\n"
                              "                ]\n"
                              "            }\n"
                              "        }\n"
                              "    ]\n"
                              "}\n";

static const char submitted[] = "{\n"
                                "    \"task_id\": \"123\"\n"
                                "}\n";

#define TASK_DATA                                                                                                      \
    "{\n"                                                                                                              \
    "    \"outputs\": [{\n"                                                                                            \
    "        \"labels\": {\n"                                                                                          \
    "            \"predicted\": [{\n"                                                                                  \
    "                \"label_id\": 9,\n"                                                                               \
    "                \"label_name\": \"sunglasses\",\n"                                                                \
    "                \"score\": 0.990304172,\n"                                                                        \
    "                \"threshold\": 0.347,\n"                                                                          \
    "                \"roi\": {\n"                                                                                     \
    "                    \"region_id\": 1,\n"                                                                          \
    "                    \"bbox\": {\n"                                                                                \
    "                        \"xmin\": 0.312604159,\n"                                                                 \
    "                        \"ymin\": 0.366485775,\n"                                                                 \
    "                        \"ymax\": 0.5318923,\n"                                                                   \
    "                        \"xmax\": 0.666821837\n"                                                                  \
    "                    }\n"                                                                                          \
    "                }\n"                                                                                              \
    "            }],\n"                                                                                                \
    "            \"discarded\": []\n"                                                                                  \
    "        }\n"                                                                                                      \
    "    }]\n"                                                                                                         \
    "}"

/* The sample of the data, in a task as the page "tasks" describes it. */
static const char task[] = "{\"id\": \"123\", \"status\": \"success\", \"error\": null, "
                           "\"date_created\": \"2018-03-10T19:24:26.528815Z\", "
                           "\"date_updated\": \"2018-03-10T19:24:27.100000Z\", "
                           "\"data\": " TASK_DATA ", \"subtasks\": null}\n";

static struct scene scene;

static void begin(const char *const *replies)
{
    scene_init(&scene);
    for (; *replies != NULL; replies++)
        scene_reply(&scene, "200 OK", "Content-Type: application/json\r\n", *replies);
    scene_start(&scene, NULL);
}

static void begin_with(const char *reply)
{
    begin((const char *const[]){reply, NULL});
}

static bool is(double number, double expected)
{
    return number >= expected && number <= expected;
}

static void check_label(const dm_label *label, int64_t id, const char *name)
{
    assert_true(label->id == id);
    assert_string_equal(label->name, name);
}

/* ---- Specifications ---- */

static void check_created(const dm_spec *spec)
{
    const dm_labels_output *labels = &spec->outputs[0].labels;

    assert_null(spec->id.public_id);
    assert_int_equal(spec->id.private_id, 42);
    assert_string_equal(spec->name, "hot-dog VS not hot-dog classifier");
    assert_string_equal(spec->description, "My great hot-dog VS not hot-dog classifier !");
    assert_non_null(spec->task_id);
    assert_string_equal(spec->task_id->text, "123");
    assert_string_equal(spec->update_date, "2018-02-16T16:37:25.148189Z");
    assert_string_equal(spec->metadata,
                        "{\n        \"author\": \"me\",\n        \"project\": \"my secret project\"\n    }");
    assert_null(spec->current_version_id);
    assert_int_equal(spec->output_count, 1);
    assert_int_equal(labels->roi, DM_ROI_NONE);
    assert_true(labels->exclusive);
    assert_int_equal(labels->label_count, 2);
    check_label(&labels->labels[0], 0, "hot-dog");
    check_label(&labels->labels[1], 1, "not hot-dog");
}

static void the_sample_of_a_created_specification_is_read(void **state)
{
    static const dm_label labels[] = {{.id = 0, .name = "hot-dog"}, {.id = 1, .name = "not hot-dog"}};
    static const dm_output output = {.labels = {.labels = labels, .label_count = 2, .exclusive = true}};
    dm_spec *by_create = NULL;
    dm_spec *by_retrieve = NULL;

    (void)state;
    begin_with(created);
    assert_status(dm_spec_create(scene.client, "n", &output, 1, NULL, NULL, &by_create, &scene.error), DM_OK,
                  &scene.error);
    assert_status(dm_spec_retrieve(scene.client, dm_private_spec(42), NULL, &by_retrieve, &scene.error), DM_OK,
                  &scene.error);
    check_created(by_create);
    check_created(by_retrieve);
    dm_spec_free(by_create);
    dm_spec_free(by_retrieve);
    scene_end(&scene);
}

static void the_sample_of_a_list_is_read(void **state)
{
    dm_spec_page *page = NULL;

    (void)state;
    begin_with(list);
    assert_status(dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene.error), DM_OK,
                  &scene.error);
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
    assert_int_equal(spec->output_count, 0);
    assert_null(spec->task_id);
    dm_spec_page_free(page);
    scene_end(&scene);
}

static void the_sample_of_a_public_specification_is_read(void **state)
{
    dm_spec *spec = NULL;

    (void)state;
    begin_with(fashion);
    assert_status(dm_spec_retrieve(scene.client, dm_public_spec("fashion-v4"), NULL, &spec, &scene.error), DM_OK,
                  &scene.error);
    const dm_labels_output *labels = &spec->outputs[0].labels;
    assert_string_equal(spec->id.public_id, "fashion-v4");
    assert_string_equal(spec->name, "Fashion detector");
    assert_string_equal(spec->description, "");
    assert_string_equal(spec->update_date, "2018-03-08T19:24:26.528815Z");
    assert_string_equal(spec->metadata, "{}");
    assert_null(spec->current_version_id);
    assert_int_equal(spec->output_count, 1);
    assert_int_equal(labels->roi, DM_ROI_BBOX);
    assert_true(labels->exclusive);
    assert_int_equal(labels->label_count, 3);
    check_label(&labels->labels[0], 0, "sweater");
    check_label(&labels->labels[1], 1, "hat");
    check_label(&labels->labels[2], 14, "swimwear");
    dm_spec_free(spec);
    scene_end(&scene);
}

/* ---- Inference ---- */

static void check_sunglasses(const dm_inference *inference)
{
    const dm_labels_inference *labels = &inference->outputs[0].labels;
    const dm_prediction *prediction = &labels->predicted[0];

    assert_int_equal(inference->output_count, 1);
    assert_int_equal(labels->predicted_count, 1);
    assert_int_equal(labels->discarded_count, 0);
    assert_int_equal(prediction->label_id, 9);
    assert_string_equal(prediction->label_name, "sunglasses");
    assert_true(is(prediction->score, 0.990304172));
    assert_true(is(prediction->threshold, 0.347));
    assert_non_null(prediction->roi);
    assert_int_equal(prediction->roi->region_id, 1);
    assert_true(is(prediction->roi->bbox->xmin, 0.312604159));
    assert_true(is(prediction->roi->bbox->ymin, 0.366485775));
    assert_true(is(prediction->roi->bbox->xmax, 0.666821837));
    assert_true(is(prediction->roi->bbox->ymax, 0.5318923));
    assert_null(prediction->sequence_index);
    assert_null(prediction->sequence_time);
}

static void the_samples_of_an_inference_are_read(void **state)
{
    const dm_input input = dm_image_url("https://static.deepomatic.com/resources/demos/api-clients/dog2.jpg");
    dm_inference *inference = NULL;

    (void)state;
    begin((const char *const[]){submitted, task, NULL});
    assert_status(
        dm_spec_infer(scene.client, dm_public_spec("fashion-v4"), &input, 1, NULL, NULL, &inference, &scene.error),
        DM_OK, &scene.error);
    check_sunglasses(inference);
    dm_inference_free(inference);
    assert_string_equal(scene_request(&scene, 0)->target, "/v0.7/recognition/public/fashion-v4/inference");
    assert_string_equal(scene_request(&scene, 1)->target, "/v0.7/tasks/123");
    scene_end(&scene);
}

static void the_sample_of_a_task_is_read(void **state)
{
    const dm_task_id id = {"123"};
    dm_task *answer = NULL;

    (void)state;
    begin_with(task);
    assert_status(dm_task_retrieve(scene.client, id, NULL, &answer, &scene.error), DM_OK, &scene.error);
    assert_string_equal(answer->id.text, "123");
    assert_int_equal(answer->status, DM_TASK_SUCCESS);
    assert_null(answer->error);
    assert_string_equal(answer->date_created, "2018-03-10T19:24:26.528815Z");
    assert_string_equal(answer->date_updated, "2018-03-10T19:24:27.100000Z");
    assert_string_equal(answer->data, TASK_DATA);
    check_sunglasses(answer->inference);
    dm_task_free(answer);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_of_a_created_specification_is_read),
        cmocka_unit_test(the_sample_of_a_list_is_read),
        cmocka_unit_test(the_sample_of_a_public_specification_is_read),
        cmocka_unit_test(the_samples_of_an_inference_are_read),
        cmocka_unit_test(the_sample_of_a_task_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
