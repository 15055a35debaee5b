#include "message/request.h"

#include "assert_status.h"
#include "test.h"

#include <inttypes.h>

/* Finishes a request that can be sent. */
static void finish(struct request *request)
{
    dm_error error;
    struct failure failure;
    failure_init(&failure, &error);
    assert_true(request_finish(request, &failure));
    assert_status(failure.status, DM_OK, &error);
}

/* Finishes one that cannot, and frees it. */
static void expect_unfinished(struct request *request, dm_status status, const char *message)
{
    dm_error error;
    struct failure failure;
    failure_init(&failure, &error);
    assert_false(request_finish(request, &failure));
    assert_status(failure.status, status, &error);
    assert_string_equal(error.message, message);
    request_free(request);
}

static void a_path_is_made_of_names_and_ids(void **state)
{
    struct request request;
    (void)state;

    request_init(&request, "GET");
    request_append_name(&request, "recognition");
    request_append_name(&request, "specs");
    request_append_id(&request, 42);
    request_append_id(&request, INT64_MIN);
    finish(&request);
    assert_string_equal(request.target.data, "/recognition/specs/42/-9223372036854775808");
    request_free(&request);
}

static void a_name_is_encoded_so_that_it_stays_one_segment(void **state)
{
    struct request request;
    (void)state;

    request_init(&request, "GET");
    request_append_name(&request, "a/../b?c#d%e f\xc3\xa9~-_.Z9");
    assert_string_equal(request.target.data, "/a%2F..%2Fb%3Fc%23d%25e%20f%C3%A9~-_.Z9");
    request_free(&request);
}

static void the_first_query_begins_with_a_question_mark_and_the_others_with_an_ampersand(void **state)
{
    struct request request;
    (void)state;

    request_init(&request, "GET");
    request_append_name(&request, "tasks");
    request_append_query(&request, "task_ids", "1&2=3");
    request_append_query_integer(&request, "limit", 100);
    request_append_query(&request, "task_ids", "");
    assert_string_equal(request.target.data, "/tasks?task_ids=1%262%3D3&limit=100&task_ids=");
    request_free(&request);
}

static void a_link_may_be_a_query_without_a_path(void **state)
{
    struct request request;
    (void)state;

    request_init(&request, "GET");
    request_append_query_integer(&request, "offset", -1);
    assert_string_equal(request.target.data, "?offset=-1");
    request_free(&request);
}

static void a_question_mark_within_a_name_begins_no_query(void **state)
{
    struct request request;
    (void)state;

    request_init(&request, "GET");
    request_append_name(&request, "what?");
    request_append_query_integer(&request, "a", 1);
    assert_string_equal(request.target.data, "/what%3F?a=1");
    request_free(&request);
}

static void a_request_begins_without_a_body_and_repeatable(void **state)
{
    struct request request;
    (void)state;

    request_init(&request, "DELETE");
    assert_string_equal(request.method, "DELETE");
    assert_int_equal(request.media, MEDIA_NONE);
    assert_false(request.not_repeatable);
    finish(&request);
    assert_int_equal(request.body.length, 0);
    request_free(&request);
}

static void only_the_method_get_is_a_get(void **state)
{
    static const char *const others[] = {"POST", "PATCH", "DELETE", "GETS", "get"};
    struct request request = {.method = "GET"};
    (void)state;

    assert_true(request_is_get(&request));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        request.method = others[i];
        assert_false(request_is_get(&request));
    }
}

static void a_target_or_a_body_that_could_not_be_written_is_reported(void **state)
{
    struct request request;
    (void)state;

    request_init(&request, "POST");
    text_init(&request.target, 4);
    request_append_name(&request, "recognition");
    expect_unfinished(&request, DM_ERR_INVALID_ARGUMENT, "the request is too large to be sent");

    request_init(&request, "POST");
    request_append_name(&request, "recognition");
    request.body.status = DM_ERR_NO_MEMORY;
    expect_unfinished(&request, DM_ERR_NO_MEMORY, "out of memory; the client still works");

    request_init(&request, "POST");
    text_init(&request.body.text, 4);
    text_append_string(&request.body.text, "12345");
    expect_unfinished(&request, DM_ERR_INVALID_ARGUMENT, "the request is too large to be sent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_made_of_names_and_ids),
        cmocka_unit_test(a_name_is_encoded_so_that_it_stays_one_segment),
        cmocka_unit_test(the_first_query_begins_with_a_question_mark_and_the_others_with_an_ampersand),
        cmocka_unit_test(a_link_may_be_a_query_without_a_path),
        cmocka_unit_test(a_question_mark_within_a_name_begins_no_query),
        cmocka_unit_test(a_request_begins_without_a_body_and_repeatable),
        cmocka_unit_test(only_the_method_get_is_a_get),
        cmocka_unit_test(a_target_or_a_body_that_could_not_be_written_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
