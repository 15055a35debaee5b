/* Decoding networks, and the tasks that deploy them. */
#include "decode_test.h"

/* The sample of the API's documentation, with additional members that the official client uses. */
static const char whole_network[] =
    "{\"id\":42,\"name\":\"hot dog\",\"description\":\"To recognise hot dogs\","
    "\"update_date\":\"2018-02-16T13:45:36.078955Z\",\"create_date\":\"2018-02-16T13:40:00.000001Z\","
    "\"metadata\":{\"author\": \"me\", \"seed\":9007199254740993},\"framework\":\"tensorflow-1.x\","
    "\"preprocessing\":{\"inputs\": [{\"tensor_name\":\"map/TensorArrayStack/TensorArrayGatherV3:0\",\"image\":{"
    "\"dimension_order\":\"NHWC\",\"target_size\":\"224x224\",\"resize_type\":\"SQUASH\",\"mean_file\":\"\","
    "\"color_channels\":\"BGR\",\"pixel_scaling\":255.0,\"data_type\":\"FLOAT32\"}}],\"batched_output\":true},"
    "\"postprocessings\":[ ],\"task_id\":123,\"a new member\":{}}";

static void a_network_decodes(void **state)
{
    (void)state;
    dm_network *network = good_network(whole_network);
    assert_int_equal(network->id.private_id, 42);
    assert_null(network->id.public_id);
    assert_string_equal(network->name, "hot dog");
    assert_string_equal(network->description, "To recognise hot dogs");
    assert_string_equal(network->update_date, "2018-02-16T13:45:36.078955Z");
    assert_string_equal(network->create_date, "2018-02-16T13:40:00.000001Z");
    assert_string_equal(network->metadata, "{\"author\": \"me\", \"seed\":9007199254740993}");
    assert_string_equal(network->framework, "tensorflow-1.x");
    assert_memory_equal(network->preprocessing, "{\"inputs\": [{", 13);
    assert_non_null(strstr(network->preprocessing, "\"pixel_scaling\":255.0,"));
    assert_string_equal(network->postprocessings, "[ ]");
    assert_string_equal(network->task_id->text, "123");
    dm_network_free(network);
}

static void a_public_network_has_a_name_for_its_id(void **state)
{
    (void)state;
    dm_network *network = good_network("{\"id\":\"imagenet-inception-v3\",\"name\":\"n\",\"task_id\":\"t-1\"}");
    assert_string_equal(network->id.public_id, "imagenet-inception-v3");
    assert_string_equal(network->task_id->text, "t-1");
    dm_network_free(network);
}

static void a_network_requires_only_an_id_and_a_name(void **state)
{
    (void)state;
    dm_network *network = good_network("{\"id\":1,\"name\":\"\",\"task_id\":null,\"preprocessing\":null}");
    assert_string_equal(network->name, "");
    assert_null(network->description);
    assert_null(network->update_date);
    assert_null(network->create_date);
    assert_null(network->metadata);
    assert_null(network->framework);
    assert_null(network->preprocessing);
    assert_null(network->postprocessings);
    assert_null(network->task_id);
    dm_network_free(network);
}

static void a_wrong_field_of_a_network_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"name\":\"n\"}", "id is missing or null, not an integer"},
        {"{\"id\":true,\"name\":\"n\"}", "id is true or false, not an integer"},
        {"{\"id\":1}", "name is missing or null, not a string"},
        {"{\"id\":1,\"name\":\"n\",\"create_date\":5}", "create_date is a number, not a string"},
        {"{\"id\":1,\"name\":\"n\",\"framework\":[]}", "framework is an array, not a string"},
        {"{\"id\":1,\"name\":\"n\",\"metadata\":[]}", "metadata is an array, not an object"},
        {"{\"id\":1,\"name\":\"n\",\"preprocessing\":\"{}\"}", "preprocessing is a string, not an object"},
        {"{\"id\":1,\"name\":\"n\",\"postprocessings\":{}}", "postprocessings is an object, not an array"},
        {"{\"id\":1,\"name\":\"n\",\"task_id\":\"a/b\"}",
         "task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_network, fields);
}

static void a_page_of_networks_decodes(void **state)
{
    (void)state;
    dm_network_page *page = good_network_page("{\"count\":9,\"next\":\"http://h/networks?offset=2\",\"previous\":null,"
                                              "\"results\":[{\"id\":1,\"name\":\"a\"},{\"id\":\"b\",\"name\":\"c\"}]}");
    assert_int_equal(page->count, 9);
    assert_string_equal(page->next, "http://h/networks?offset=2");
    assert_null(page->previous);
    assert_int_equal(page->result_count, 2);
    assert_int_equal(page->results[0].id.private_id, 1);
    assert_string_equal(page->results[1].id.public_id, "b");
    dm_network_page_free(page);
    assert_bad(try_network_page, "{\"count\":1,\"results\":[{\"id\":1}]}",
               "in the reply, results[0].name is missing or null, not a string");
}

/* The content of data is not documented, so no value of it may make the wait fail. */
static void a_deployment_with_any_data_decodes(void **state)
{
    static const char *const data[] = {"{\"network_id\":42}", whole_network, "{}", "[]", "\"done\"", "42", "true"};
    (void)state;
    for (size_t i = 0; i < COUNT(data); i++) {
        char json[1024];
        snprintf(json, sizeof json, "{\"id\":\"123\",\"status\":\"success\",\"error\":null,\"data\":%s}", data[i]);
        dm_task *task = good_task(json);
        assert_null(task->inference);
        assert_string_equal(task->data, data[i]);
        dm_task_free(task);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_decodes),
        cmocka_unit_test(a_public_network_has_a_name_for_its_id),
        cmocka_unit_test(a_network_requires_only_an_id_and_a_name),
        cmocka_unit_test(a_wrong_field_of_a_network_is_named),
        cmocka_unit_test(a_page_of_networks_decodes),
        cmocka_unit_test(a_deployment_with_any_data_decodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
