/* Replies that were damaged in transit. */
#include "decode_test.h"

#include <string.h>

#define SHORT_DATA                                                                                                     \
    "{\"outputs\":[{\"labels\":{\"predicted\":[{\"label_id\":9,\"label_name\":\"s\\u00e9\",\"score\":0.99,"            \
    "\"threshold\":0.3,\"roi\":{\"region_id\":1,\"bbox\":{\"xmin\":0.1,\"ymin\":0,\"ymax\":1,\"xmax\":1}},"            \
    "\"sequence_index\":1,\"sequence_time\":2e0}],\"discarded\":[]}}]}"

static const struct {
    try_reply decode;
    const char *json;
} samples[] = {
    {try_spec,
     "{\"id\":42,\"name\":\"n\",\"task_id\":1,\"metadata\":{\"a\":[\"\\\"\",1]},\"outputs\":[{\"labels\":{"
     "\"roi\":\"BBOX\",\"exclusive\":true,\"labels\":[{\"id\":0,\"name\":\"h\"}]}}],\"current_version_id\":3}"},
    {try_spec_page, "{\"count\":1,\"next\":\"h\",\"results\":[{\"id\":\"p\",\"name\":\"n\",\"metadata\":{}}]}"},
    {try_version, "{\"id\":5,\"spec_id\":42,\"network_id\":7,\"post_processings\":[{\"a\":[0.5]}]}"},
    {try_version_page, "{\"count\":1,\"results\":[{\"id\":5,\"spec_id\":42,\"network_id\":7}]}"},
    {try_task, "{\"id\":\"42\",\"status\":\"success\",\"error\":null,\"data\":" SHORT_DATA "}"},
    {try_task_page, "{\"next\":null,\"results\":[{\"id\":\"1\",\"status\":\"success\",\"data\":" SHORT_DATA "}]}"},
    {try_task_id, "{\"task_id\":\"123\"}"},
    {try_account, "{\"id\":1,\"name\":\"n\",\"x\":{}}"},
};
enum { SAMPLE_COUNT = sizeof samples / sizeof samples[0] };

static void the_samples_are_good_before_they_are_damaged(void **state)
{
    dm_error error;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct reply reply = reply_of(samples[i].json);
        assert_status(samples[i].decode(&reply, &error), DM_OK, &error);
        free_reply(&reply);
    }
}

static void a_reply_cut_at_any_byte_is_refused(void **state)
{
    dm_error error;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        for (size_t length = 0; length < strlen(samples[i].json); length++) {
            struct reply reply = make_reply(samples[i].json, length);
            assert_status(samples[i].decode(&reply, &error), DM_ERR_BAD_RESPONSE, &error);
            free_reply(&reply);
        }
    }
}

static void assert_harmless(try_reply try_it, const struct reply *reply)
{
    dm_error error = {.message = ""};
    const dm_status status = try_it(reply, &error);
    assert_true(status == DM_OK || status == DM_ERR_BAD_RESPONSE);
    assert_int_equal(error.message[0] != '\0', status != DM_OK);
}

static void a_reply_with_any_byte_changed_does_not_crash_the_decoder(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct reply reply = reply_of(samples[i].json);
        for (size_t at = 0; at < reply.body.length; at++) {
            for (int change = 1; change < 256; change++) {
                reply.body.data[at] = (char)(samples[i].json[at] ^ change);
                assert_harmless(samples[i].decode, &reply);
            }
            reply.body.data[at] = samples[i].json[at];
        }
        free_reply(&reply);
    }
}

/* As if a proxy returned the reply to another request. */
static void a_reply_of_another_kind_does_not_crash_the_decoder(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct reply reply = reply_of(samples[i].json);
        for (size_t k = 0; k < DECODER_COUNT; k++)
            assert_harmless(every_decoder[k], &reply);
        free_reply(&reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_samples_are_good_before_they_are_damaged),
        cmocka_unit_test(a_reply_cut_at_any_byte_is_refused),
        cmocka_unit_test(a_reply_with_any_byte_changed_does_not_crash_the_decoder),
        cmocka_unit_test(a_reply_of_another_kind_does_not_crash_the_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
