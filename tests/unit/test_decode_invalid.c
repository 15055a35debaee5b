/* Replies whose JSON is rejected. */
#include "base/json.h"

#include "decode_test.h"

#include <stdlib.h>
#include <string.h>

static void an_invalid_reply_is_refused_by_every_decoder(void **state)
{
    static const struct bad_field replies[] = {
        {"", "the reply is empty"},
        {" \n", "the reply is not valid JSON: at byte 2, it ends too early"},
        {"<html>502</html>", "the reply is a page of HTML, not JSON; check the API's address"},
        {" \r\n<title>502 Bad\nGateway</title>", "the reply is a page of HTML, not JSON; check the API's address"},
        {"Service Unavailable", "the reply is not valid JSON: at byte 0, a value is missing"},
        {"{\"id\":1}{", "the reply is not valid JSON: at byte 8, something follows the value"},
        {"{\"id\":1} xyz", "the reply is not valid JSON: at byte 9, something follows the value"},
        {"{\"id\":\"\\ud800\"}", "the reply is not valid JSON: at byte 9, a string has an unpaired surrogate"},
        {"{\"id\":\"a\\u0000b\"}", "the reply is not valid JSON: at byte 10, a string holds the character NUL"},
        {"{\"id\":\"\xff\"}", "the reply is not valid JSON: at byte 7, it is not valid UTF-8"},
        {"\xef\xbb\xbf", "the reply is not valid JSON: at byte 3, it ends too early"},
        {"\xef\xbb\xbf\xef\xbb\xbf{}", "the reply is not valid JSON: at byte 3, a value is missing"},
        {" \xef\xbb\xbf{}", "the reply is not valid JSON: at byte 1, a value is missing"},
        {"{\"id\":1111111111111111111111111111111111111111111111111111111111111111}",
         "the reply is not valid JSON: at byte 6, a number has more than 63 characters"},
        {"[]", "in the reply, the outermost value is an array, not an object"},
        {"\"{}\"", "in the reply, the outermost value is a string, not an object"},
        {"12", "in the reply, the outermost value is a number, not an object"},
        {"true", "in the reply, the outermost value is true or false, not an object"},
    };
    (void)state;
    for (size_t i = 0; i < DECODER_COUNT; i++)
        for (size_t k = 0; k < sizeof replies / sizeof replies[0]; k++)
            assert_bad(every_decoder[i], replies[k].json, replies[k].wrong);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < DECODER_COUNT; i++) {
        assert_bad_bytes(every_decoder[i], "{\"id\":\"a\0b\"}", 12,
                         "the reply is not valid JSON: at byte 8, a string contains an unescaped control character");
        assert_bad_bytes(every_decoder[i], "{}\0x", 4,
                         "the reply is not valid JSON: at byte 2, something follows the value");
        assert_bad_bytes(every_decoder[i], "{}\0{}\0\0", 7,
                         "the reply is not valid JSON: at byte 2, something follows the value");
        assert_bad_bytes(every_decoder[i], "\0\0\0", 3, "the reply is empty");
    }
}

/* Some servers and proxies send it so. */
static void a_byte_order_mark_before_the_json_and_nuls_after_it_are_ignored(void **state)
{
    static const char whole[] = "\xef\xbb\xbf {\"task_id\":\"7\"} \n\0\0";
    dm_error error;
    dm_task_id id = {""};
    struct failure failure;
    (void)state;
    struct reply reply = make_reply(whole, sizeof whole - 1);
    assert_status(decode_task_id(&reply, &id, &error), DM_OK, &error);
    assert_string_equal(id.text, "7");
    failure_init(&failure, &error);
    decode_nothing(&reply, &failure);
    assert_status(failure.status, DM_OK, &error);
    free_reply(&reply);
}

static void a_missing_reply_is_reported_as_empty(void **state)
{
    dm_error error;
    const struct reply none = {.subject = SUBJECT};
    (void)state;
    for (size_t i = 0; i < DECODER_COUNT; i++) {
        assert_status(every_decoder[i](&none, &error), DM_ERR_BAD_RESPONSE, &error);
        assert_string_equal(error.message, SUBJECT ": the reply is empty");
    }
}

static void a_reply_nested_too_deeply_is_refused(void **state)
{
    char json[JSON_DEPTH_OF_REPLY + 1];
    (void)state;
    memset(json, '[', sizeof json);
    assert_bad_bytes(try_spec, json, sizeof json, "the reply is not valid JSON: at byte 132, it is nested too deeply");
}

static void a_reply_of_too_many_values_is_refused(void **state)
{
    const size_t length = (size_t)2 * JSON_MAX_VALUES + 1;
    char *json = malloc(length);
    dm_error error;
    (void)state;
    assert_non_null(json);
    for (size_t i = 0; i < length; i++)
        json[i] = i % 2 == 0 ? ',' : '0';
    json[0] = '[';
    json[length - 1] = ']';
    struct reply reply = make_reply(json, length);
    assert_status(try_spec(&reply, &error), DM_ERR_BAD_RESPONSE, &error);
    assert_non_null(strstr(error.message, "it holds more than 2000000 values"));
    free_reply(&reply);
    free(json);
}

static void without_an_error_struct_only_the_status_is_returned(void **state)
{
    (void)state;
    struct reply reply = reply_of("[]");
    assert_status(try_spec(&reply, NULL), DM_ERR_BAD_RESPONSE, NULL);
    assert_status(try_task_page(&reply, NULL), DM_ERR_BAD_RESPONSE, NULL);
    free_reply(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invalid_reply_is_refused_by_every_decoder),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_byte_order_mark_before_the_json_and_nuls_after_it_are_ignored),
        cmocka_unit_test(a_missing_reply_is_reported_as_empty),
        cmocka_unit_test(a_reply_nested_too_deeply_is_refused),
        cmocka_unit_test(a_reply_of_too_many_values_is_refused),
        cmocka_unit_test(without_an_error_struct_only_the_status_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
