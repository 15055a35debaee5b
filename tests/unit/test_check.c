#include "base/check.h"
#include "base/json.h"

#include "test.h"

#include <limits.h>
#include <string.h>

/* The status after a check with a new failure. */
#define STATUS_OF(check, ...) (failure_init(&failure, &error), (void)check(&failure, __VA_ARGS__), failure.status)

static void assert_refused(dm_status status, const dm_error *error, const char *message)
{
    assert_int_equal(status, DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(error->status, DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(error->message, message);
}

static void text_is_valid_utf8(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    assert_int_equal(STATUS_OF(check_text, "name", ""), DM_OK);
    assert_int_equal(STATUS_OF(check_text, "name", "\xe2\x82\xac\n"), DM_OK);
    assert_refused(STATUS_OF(check_text, "name", NULL), &error, "name must not be NULL");
    assert_refused(STATUS_OF(check_text, "name", "caf\xe9"), &error, "name is not valid UTF-8");
    assert_refused(STATUS_OF(check_text, "name", "\xed\xa0\x80"), &error, "name is not valid UTF-8");
}

static void a_header_s_text_has_no_control_characters(void **state)
{
    static const char *const bad[] = {"key\r\nX-Evil: 1", "key\n", "\tkey", "k\x01y", "k\x1fy", "key\x7f"};
    dm_error error;
    struct failure failure;
    (void)state;
    assert_int_equal(STATUS_OF(check_header_text, "api_key", "a key ~ \xc3\xa9"), DM_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(STATUS_OF(check_header_text, "api_key", bad[i]), &error,
                       "api_key contains a control character, such as the line end of a file");
    assert_refused(STATUS_OF(check_header_text, "api_key", ""), &error, "api_key is empty");
    assert_refused(STATUS_OF(check_header_text, "api_key", NULL), &error, "api_key must not be NULL");
    assert_refused(STATUS_OF(check_header_text, "api_key", "\xff"), &error, "api_key is not valid UTF-8");
}

static void json_must_be_of_its_kind(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    assert_int_equal(STATUS_OF(check_json, "metadata", " {\"a\": [1]}\n", '{'), DM_OK);
    assert_int_equal(STATUS_OF(check_json, "post_processings", "[]", '['), DM_OK);
    assert_refused(STATUS_OF(check_json, "metadata", "[]", '{'), &error, "metadata must be a JSON object, {...}");
    assert_refused(STATUS_OF(check_json, "metadata", "\"{\"", '{'), &error, "metadata must be a JSON object, {...}");
    assert_refused(STATUS_OF(check_json, "post", " {}", '['), &error, "post must be a JSON array, [...]");
    assert_refused(STATUS_OF(check_json, "metadata", NULL, '{'), &error, "metadata must not be NULL");
    assert_refused(STATUS_OF(check_json, "metadata", "{\"\xff\":1}", '{'), &error, "metadata is not valid UTF-8");
}

/* Texts that cJSON would accept. */
static void json_is_checked_more_strictly_than_cjson_does(void **state)
{
    static const struct {
        const char *json;
        const char *message;
    } bad[] = {
        {"", "metadata is not JSON that can be sent: at byte 0, it ends too early"},
        {"{} xyz", "metadata is not JSON that can be sent: at byte 3, something follows the value"},
        {"{\"a\":01}", "metadata is not JSON that can be sent: at byte 6, a number begins with 0"},
        {"{\"a\":1.}", "metadata is not JSON that can be sent: at byte 7, a number lacks a digit"},
        {"{\"a\":\"\t\"}",
         "metadata is not JSON that can be sent: at byte 6, a string contains an unescaped control character"},
        {"{\"a\":\"\\u0000\"}", "metadata is not JSON that can be sent: at byte 8, a string holds the character NUL"},
    };
    dm_error error;
    struct failure failure;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(STATUS_OF(check_json, "metadata", bad[i].json, '{'), &error, bad[i].message);
}

static void json_may_be_nested_128_deep_and_no_deeper(void **state)
{
    char json[2 * (JSON_DEPTH_OF_VALUE + 1) + 1] = "";
    dm_error error;
    struct failure failure;
    (void)state;
    memset(json, '[', JSON_DEPTH_OF_VALUE);
    memset(json + JSON_DEPTH_OF_VALUE, ']', JSON_DEPTH_OF_VALUE);
    assert_int_equal(STATUS_OF(check_json, "post", json, '['), DM_OK);
    memset(json, '[', JSON_DEPTH_OF_VALUE + 1);
    memset(json + JSON_DEPTH_OF_VALUE + 1, ']', JSON_DEPTH_OF_VALUE + 1);
    assert_refused(STATUS_OF(check_json, "post", json, '['), &error,
                   "post is not JSON that can be sent: at byte 128, it is nested too deeply");
}

static void small_numbers_fit_an_int(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    assert_int_equal(STATUS_OF(check_small, "limit", 0), DM_OK);
    assert_int_equal(STATUS_OF(check_small, "limit", INT_MAX), DM_OK);
    assert_refused(STATUS_OF(check_small, "limit", -1), &error, "limit is -1; it must be from 0 to 2147483647");
    assert_refused(STATUS_OF(check_small, "limit", (int64_t)INT_MAX + 1), &error,
                   "limit is 2147483648; it must be from 0 to 2147483647");
}

static void ids_are_positive_and_exact(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    assert_int_equal(STATUS_OF(check_id, "id", 1), DM_OK);
    assert_int_equal(STATUS_OF(check_id, "id", INT64_MAX), DM_OK);
    assert_refused(STATUS_OF(check_id, "id", 0), &error, "id is 0; an id is positive");
    assert_refused(STATUS_OF(check_id, "id", -5), &error, "id is -5; an id is positive");
    assert_refused(STATUS_OF(check_id, "id", INT64_MIN), &error, "id is -9223372036854775808; an id is positive");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_valid_utf8),
        cmocka_unit_test(a_header_s_text_has_no_control_characters),
        cmocka_unit_test(json_must_be_of_its_kind),
        cmocka_unit_test(json_is_checked_more_strictly_than_cjson_does),
        cmocka_unit_test(json_may_be_nested_128_deep_and_no_deeper),
        cmocka_unit_test(small_numbers_fit_an_int),
        cmocka_unit_test(ids_are_positive_and_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
