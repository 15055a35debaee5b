#include "base/check.h"
#include "base/json_text.h"
#include "base/number.h"

#include "test.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void assert_refused(dm_status status, const dm_error *error, const char *message)
{
    assert_int_equal(status, DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(error->status, DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(error->message, message);
}

static void text_is_valid_utf8(void **state)
{
    dm_error error;
    (void)state;
    assert_int_equal(check_text(&error, "name", ""), DM_OK);
    assert_int_equal(check_text(&error, "name", "\xe2\x82\xac\n"), DM_OK);
    assert_refused(check_text(&error, "name", NULL), &error, "name must not be NULL");
    assert_refused(check_text(&error, "name", "caf\xe9"), &error, "name is not valid UTF-8");
    assert_refused(check_text(&error, "name", "\xed\xa0\x80"), &error, "name is not valid UTF-8");
}

static void a_header_s_text_has_no_control_characters(void **state)
{
    static const char *const bad[] = {"key\r\nX-Evil: 1", "key\n", "\tkey", "k\x01y", "k\x1fy", "key\x7f"};
    dm_error error;
    (void)state;
    assert_int_equal(check_header_text(&error, "api_key", "a key ~ \xc3\xa9"), DM_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(check_header_text(&error, "api_key", bad[i]), &error,
                       "api_key holds a control character, such as the line end of the file that it was read from");
    assert_refused(check_header_text(&error, "api_key", ""), &error, "api_key is empty");
    assert_refused(check_header_text(&error, "api_key", NULL), &error, "api_key must not be NULL");
    assert_refused(check_header_text(&error, "api_key", "\xff"), &error, "api_key is not valid UTF-8");
}

static void json_must_be_of_its_kind(void **state)
{
    dm_error error;
    (void)state;
    assert_int_equal(check_json(&error, "metadata", " {\"a\": [1]}\n", '{'), DM_OK);
    assert_int_equal(check_json(&error, "post_processings", "[]", '['), DM_OK);
    assert_refused(check_json(&error, "metadata", "[]", '{'), &error, "metadata must be a JSON object, {...}");
    assert_refused(check_json(&error, "metadata", "\"{\"", '{'), &error, "metadata must be a JSON object, {...}");
    assert_refused(check_json(&error, "post", " {}", '['), &error, "post must be a JSON array, [...]");
    assert_refused(check_json(&error, "metadata", NULL, '{'), &error, "metadata must not be NULL");
    assert_refused(check_json(&error, "metadata", "{\"\xff\":1}", '{'), &error, "metadata is not valid UTF-8");
}

/* What cJSON alone would let through. */
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
        {"{\"a\":\"\t\"}", "metadata is not JSON that can be sent: at byte 6, a string holds a raw control character"},
        {"{\"a\":\"\\u0000\"}", "metadata is not JSON that can be sent: at byte 8, a string holds the character NUL"},
    };
    dm_error error;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(check_json(&error, "metadata", bad[i].json, '{'), &error, bad[i].message);
}

static void json_may_be_nested_128_deep_and_no_deeper(void **state)
{
    char json[2 * (JSON_DEPTH_OF_VALUE + 1) + 1] = "";
    dm_error error;
    (void)state;
    memset(json, '[', JSON_DEPTH_OF_VALUE);
    memset(json + JSON_DEPTH_OF_VALUE, ']', JSON_DEPTH_OF_VALUE);
    assert_int_equal(check_json(&error, "post", json, '['), DM_OK);
    memset(json, '[', JSON_DEPTH_OF_VALUE + 1);
    memset(json + JSON_DEPTH_OF_VALUE + 1, ']', JSON_DEPTH_OF_VALUE + 1);
    assert_refused(check_json(&error, "post", json, '['), &error,
                   "post is not JSON that can be sent: at byte 128, it is nested too deeply");
}

static void small_numbers_fit_an_int(void **state)
{
    dm_error error;
    (void)state;
    assert_int_equal(check_small(&error, "limit", 0), DM_OK);
    assert_int_equal(check_small(&error, "limit", INT_MAX), DM_OK);
    assert_refused(check_small(&error, "limit", -1), &error, "limit is -1; it must be from 0 to 2147483647");
    assert_refused(check_small(&error, "limit", (int64_t)INT_MAX + 1), &error,
                   "limit is 2147483648; it must be from 0 to 2147483647");
}

static void ids_are_positive_and_exact(void **state)
{
    dm_error error;
    (void)state;
    assert_int_equal(check_id(&error, "id", 1), DM_OK);
    assert_int_equal(check_id(&error, "id", NUMBER_MAX_EXACT), DM_OK);
    assert_true(NUMBER_MAX_EXACT == INT64_C(9007199254740991));
    assert_refused(check_id(&error, "id", 0), &error, "id is 0; an id is from 1 to 2^53 - 1");
    assert_refused(check_id(&error, "id", -5), &error, "id is -5; an id is from 1 to 2^53 - 1");
    assert_refused(check_id(&error, "id", NUMBER_MAX_EXACT + 1), &error,
                   "id is 9007199254740992; an id is from 1 to 2^53 - 1");
}

static void a_task_id_stays_within_its_path(void **state)
{
    static const char *const bad[] = {"",         "a/../../accounts/me", "1 ",      "1?x=1", "..", "1%2F",
                                      "\xc3\xa9", "1&limit=1",           "123\n\n", "a.b"};
    dm_error error;
    (void)state;
    assert_int_equal(check_task_id(&error, "id", "123"), DM_OK);
    assert_int_equal(check_task_id(&error, "id", "AZaz09-_"), DM_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(check_task_id(&error, "id", bad[i]), &error,
                       "id is no task id: that is 1 to 63 letters, digits, '-' and '_'");
    assert_refused(check_task_id(&error, "id", NULL), &error, "id must not be NULL");
}

/* In a buffer of its own, so that reading past its end is seen. */
static void a_task_id_has_63_characters_at_most(void **state)
{
    const size_t size = sizeof(dm_task_id);
    char *id = malloc(size);
    dm_error error;
    (void)state;
    assert_non_null(id);
    memset(id, 'x', size);
    assert_int_equal(check_task_id(&error, "id", id), DM_ERR_INVALID_ARGUMENT);
    id[size - 1] = '\0';
    assert_int_equal(check_task_id(&error, "id", id), DM_OK);
    free(id);
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
        cmocka_unit_test(a_task_id_stays_within_its_path),
        cmocka_unit_test(a_task_id_has_63_characters_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
