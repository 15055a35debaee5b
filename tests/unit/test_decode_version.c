/* Decoding versions, the account and pages. */
#include "decode_test.h"

static const char whole_version[] =
    "{\"id\":5,\"spec_id\":42,\"network_id\":7,\"spec_name\":\"birds\",\"network_name\":\"net\","
    "\"update_date\":\"2018-02-16T16:37:25.148189Z\",\"post_processings\":[{\"classification\":{\"thresholds\":[0.5]}}]"
    "}";

static void a_version_decodes(void **state)
{
    (void)state;
    dm_version *version = good_version(whole_version);
    assert_int_equal(version->id, 5);
    assert_int_equal(version->spec_id, 42);
    assert_int_equal(version->network_id, 7);
    assert_string_equal(version->spec_name, "birds");
    assert_string_equal(version->network_name, "net");
    assert_string_equal(version->update_date, "2018-02-16T16:37:25.148189Z");
    assert_string_equal(version->post_processings, "[{\"classification\":{\"thresholds\":[0.5]}}]");
    dm_version_free(version);
}

static void a_version_requires_only_its_ids(void **state)
{
    (void)state;
    dm_version *version = good_version("{\"id\":5,\"spec_id\":42,\"network_id\":7,\"spec_name\":null}");
    assert_null(version->spec_name);
    assert_null(version->network_name);
    assert_null(version->update_date);
    assert_null(version->post_processings);
    dm_version_free(version);
}

static void a_wrong_field_of_a_version_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"id\":\"5\",\"spec_id\":42,\"network_id\":7}", "id is a string, not an integer"},
        {"{\"id\":5,\"network_id\":7}", "spec_id is missing or null, not an integer"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":9223372036854775808}",
         "network_id is not an integer from -2^63 to 2^63 - 1"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"spec_name\":5}", "spec_name is a number, not a string"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"network_name\":[]}", "network_name is an array, not a string"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"update_date\":{}}", "update_date is an object, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_version, fields);
}

/* The header documents that this is the text of an array. */
static void post_processings_that_are_not_an_array_are_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"post_processings\":5}",
         "post_processings is a number, not an array"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"post_processings\":{}}",
         "post_processings is an object, not an array"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_version, fields);
}

static void a_wrong_field_of_an_account_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"id\":\"me\"}", "id is a string, not an integer"},
        {"{\"id\":1,\"name\":5}", "name is a number, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_account, fields);
}

static void pages_have_their_links_and_counts(void **state)
{
    (void)state;
    dm_version_page *page = good_version_page(
        "{\"count\":9007199254740991,\"next\":\"http://h/x?offset=2\",\"previous\":\"http://h/x?offset=0\","
        "\"results\":[{\"id\":1,\"spec_id\":2,\"network_id\":3},{\"id\":4,\"spec_id\":5,\"network_id\":6}]}");
    assert_true(page->count == INT64_C(9007199254740991));
    assert_string_equal(page->next, "http://h/x?offset=2");
    assert_string_equal(page->previous, "http://h/x?offset=0");
    assert_int_equal(page->result_count, 2);
    assert_int_equal(page->results[1].id, 4);
    assert_int_equal(page->results[1].spec_id, 5);
    assert_int_equal(page->results[1].network_id, 6);
    dm_version_page_free(page);
    dm_spec_page *empty = good_spec_page("{\"count\":0,\"results\":[]}");
    assert_int_equal(empty->result_count, 0);
    assert_null(empty->next);
    dm_spec_page_free(empty);
}

static void a_wrong_field_of_a_page_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"count\":1}", "results is missing or null, not an array"},
        {"{\"count\":1,\"results\":null}", "results is missing or null, not an array"},
        {"{\"results\":[]}", "count is missing or null, not an integer"},
        {"{\"count\":1.5,\"results\":[]}", "count is not an integer from -2^63 to 2^63 - 1"},
        {"{\"count\":1,\"results\":{}}", "results is an object, not an array"},
        {"{\"count\":1,\"results\":\"\"}", "results is a string, not an array"},
        {"{\"count\":1,\"next\":5,\"results\":[]}", "next is a number, not a string"},
        {"{\"count\":1,\"previous\":false,\"results\":[]}", "previous is true or false, not a string"},
        {"{\"count\":1,\"results\":[5]}", "results[0] is a number, not an object"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_spec_page, fields);
    ASSERT_BAD_FIELDS(try_version_page, fields);
    assert_bad(try_spec_page,
               "{\"count\":2,\"results\":[{\"id\":1,\"name\":\"\"},{\"id\":1,\"name\":\"\",\"metadata\":3}]}",
               "in the reply, results[1].metadata is a number, not an object");
    assert_bad(try_version_page, "{\"count\":1,\"results\":[{\"id\":1,\"spec_id\":2}]}",
               "in the reply, results[0].network_id is missing or null, not an integer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_decodes),
        cmocka_unit_test(a_version_requires_only_its_ids),
        cmocka_unit_test(a_wrong_field_of_a_version_is_named),
        cmocka_unit_test(post_processings_that_are_not_an_array_are_named),
        cmocka_unit_test(a_wrong_field_of_an_account_is_named),
        cmocka_unit_test(pages_have_their_links_and_counts),
        cmocka_unit_test(a_wrong_field_of_a_page_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
