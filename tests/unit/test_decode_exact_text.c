/* Free-form JSON, such as metadata, comes back byte for byte. */
#include "base/json.h"

#include "decode_test.h"

#include <stdlib.h>
#include <string.h>

#define EXACT                                                                                                          \
    "{ \"n\" : 1234567890123456789,\t\"x\":0.30000000000000004 ,\n\"e\":\"\\u00e9\\/\\\"}\", \"n\":-0,\"big\":1e400,"  \
    "\"deep\":[ [ ] , {} ] }"

static void metadata_comes_back_byte_for_byte(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(SPEC("\"metadata\" : " EXACT " "));
    assert_string_equal(spec->metadata, EXACT);
    dm_spec_free(spec);
    dm_spec_page *page = good_spec_page("{\"count\":2,\"results\":[{\"id\":1,\"name\":\"\",\"metadata\":{\"a\":1}},"
                                        "{\"metadata\":" EXACT ",\"id\":2,\"name\":\"\"}]}");
    assert_string_equal(page->results[0].metadata, "{\"a\":1}");
    assert_string_equal(page->results[1].metadata, EXACT);
    dm_spec_page_free(page);
}

static void the_first_of_duplicate_names_is_used(void **state)
{
    (void)state;
    dm_spec *spec = good_spec("{\"metadata\":{\"first\":1},\"id\":1,\"name\":\"a\",\"metadata\":{\"second\":2},"
                              "\"name\":\"b\",\"id\":2}");
    assert_string_equal(spec->metadata, "{\"first\":1}");
    assert_string_equal(spec->name, "a");
    assert_int_equal(spec->id.private_id, 1);
    dm_spec_free(spec);
    spec = good_spec(SPEC("\"metadata\":null,\"metadata\":{}"));
    assert_null(spec->metadata);
    dm_spec_free(spec);
}

static void an_escaped_name_is_the_same_name(void **state)
{
    (void)state;
    dm_spec *spec = good_spec("{\"\\u0069d\":1,\"n\\u0061me\":\"x\",\"\\u006detadata\":{\"a\":1},\"metadata\":{}}");
    assert_string_equal(spec->name, "x");
    assert_string_equal(spec->metadata, "{\"a\":1}");
    dm_spec_free(spec);
}

static void data_comes_back_byte_for_byte(void **state)
{
    (void)state;
    dm_task *task = good_task("{\"id\":1,\"status\":\"success\",\"d\\u0061ta\": " EXACT "\n}");
    assert_string_equal(task->data, EXACT);
    assert_null(task->inference);
    dm_task_free(task);
}

static void an_account_comes_back_byte_for_byte(void **state)
{
    (void)state;
    dm_account *account = good_account(" \n" EXACT " \n");
    assert_string_equal(account->json, EXACT);
    assert_null(account->id);
    assert_null(account->name);
    dm_account_free(account);
    account = good_account("{\"id\": 7, \"name\": \"caf\\u00e9\", \"quota\": 9007199254740993}");
    assert_int_equal(*account->id, 7);
    assert_string_equal(account->name, "caf\xc3\xa9");
    assert_string_equal(account->json, "{\"id\": 7, \"name\": \"caf\\u00e9\", \"quota\": 9007199254740993}");
    dm_account_free(account);
}

static void post_processings_come_back_byte_for_byte(void **state)
{
    (void)state;
    dm_version *version = good_version("{\"id\":1,\"spec_id\":2,\"network_id\":3,\"post_processings\":[ " EXACT " ]}");
    assert_string_equal(version->post_processings, "[ " EXACT " ]");
    dm_version_free(version);
}

/* The page, its results and an item add to the depth of the metadata, which may be as deep as metadata that is sent. */
static void metadata_of_the_greatest_depth_is_returned_in_pages_too(void **state)
{
    struct text deep;
    struct text json;
    (void)state;
    text_init(&deep, TEXT_NO_LIMIT);
    text_init(&json, TEXT_NO_LIMIT);
    for (int i = 0; i < JSON_DEPTH_OF_VALUE; i++)
        text_append_string(&deep, "{\"a\":");
    text_append_string(&deep, "0");
    for (int i = 0; i < JSON_DEPTH_OF_VALUE; i++)
        text_append_string(&deep, "}");
    text_append_string(&json, "{\"count\":1,\"results\":[{\"id\":1,\"name\":\"\",\"metadata\":");
    text_append_string(&json, deep.data);
    text_append_string(&json, "}]}");
    dm_spec_page *page = good_spec_page(json.data);
    assert_string_equal(page->results[0].metadata, deep.data);
    dm_spec_page_free(page);
    text_free(&json);
    text_free(&deep);
}

static void a_megabyte_of_metadata_comes_back(void **state)
{
    enum { SIZE = 1 << 20 };
    static const char before[] = "{\"id\":1,\"name\":\"\",\"metadata\":{\"a\":\"";
    char *json = malloc(SIZE + 100);
    (void)state;
    assert_non_null(json);
    memcpy(json, before, sizeof before - 1);
    memset(json + sizeof before - 1, 'x', SIZE);
    memcpy(json + sizeof before - 1 + SIZE, "\"}}", 4);
    dm_spec *spec = good_spec(json);
    assert_int_equal(strlen(spec->metadata), SIZE + strlen("{\"a\":\"\"}"));
    dm_spec_free(spec);
    free(json);
}

static void strings_are_unescaped(void **state)
{
    (void)state;
    dm_spec *spec =
        good_spec("{\"id\":\"a\\/b\",\"name\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u20ac\\ud83d\\ude00\xc3\xa9\"}");
    assert_string_equal(spec->id.public_id, "a/b");
    assert_string_equal(spec->name, "\"\\\b\f\n\r\t\x01\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9");
    dm_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_comes_back_byte_for_byte),
        cmocka_unit_test(the_first_of_duplicate_names_is_used),
        cmocka_unit_test(an_escaped_name_is_the_same_name),
        cmocka_unit_test(data_comes_back_byte_for_byte),
        cmocka_unit_test(an_account_comes_back_byte_for_byte),
        cmocka_unit_test(post_processings_come_back_byte_for_byte),
        cmocka_unit_test(metadata_of_the_greatest_depth_is_returned_in_pages_too),
        cmocka_unit_test(a_megabyte_of_metadata_comes_back),
        cmocka_unit_test(strings_are_unescaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
