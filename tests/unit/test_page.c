#include "api/page.h"

#include "base/clock.h"
#include "test.h"

#include <string.h>

static dm_client *client;
static dm_error error;

static int open_client(void **state)
{
    const dm_client_options options = {.api_key = "the-key", .api_url = "https://api.example.com:8443/prefix"};
    (void)state;
    return dm_client_new(&options, &client, NULL) != DM_OK;
}

static int close_client(void **state)
{
    (void)state;
    dm_client_free(client);
    return 0;
}

static void begin(struct call *call)
{
    call_open(call, client, NULL, &error, &error);
    assert_int_equal(call->status, DM_OK);
}

/* ---- Options ---- */

static void the_first_100_are_asked_for_by_default(void **state)
{
    static const struct {
        dm_page_options options;
        const char *target;
    } cases[] = {
        {{0, 0}, "?offset=0&limit=100"},
        {{0, 1}, "?offset=0&limit=1"},
        {{250, 0}, "?offset=250&limit=100"},
        {{INT64_MAX, INT64_MAX}, "?offset=9223372036854775807&limit=9223372036854775807"},
    };
    struct call call;
    (void)state;

    begin(&call);
    page_append_query(&call, NULL);
    assert_string_equal(call.request.target.data, "?offset=0&limit=100");
    assert_int_equal(call_close(&call), DM_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(&call);
        page_append_query(&call, &cases[i].options);
        assert_string_equal(call.request.target.data, cases[i].target);
        assert_int_equal(call_close(&call), DM_OK);
    }
}

static void negative_options_are_refused(void **state)
{
    static const dm_page_options wrong[] = {{-1, 0}, {0, -1}, {INT64_MIN, INT64_MIN}};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct call call;
        assert_int_equal(page_check_options(&wrong[i], NULL), DM_ERR_INVALID_ARGUMENT);
        begin(&call);
        page_append_query(&call, &wrong[i]);
        assert_int_equal(call_close(&call), DM_ERR_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "must not be negative"));
    }
    assert_int_equal(page_check_options(NULL, NULL), DM_OK);
}

static void a_failure_before_is_kept(void **state)
{
    static const dm_page_options wrong = {-1, 0};
    struct call call;
    (void)state;

    begin(&call);
    call_check(&call, DM_ERR_NO_MEMORY);
    page_append_query(&call, &wrong);
    page_follow(&call, NULL);
    assert_int_equal(call_close(&call), DM_ERR_NO_MEMORY);
}

static void what_is_left_of_a_call_is_neither_the_default_nor_without_a_limit(void **state)
{
    dm_cancel *cancel = NULL;
    (void)state;

    assert_int_equal(dm_cancel_new(&cancel, NULL), DM_OK);
    const dm_call_options given = {.timeout_ms = 7, .cancel = cancel};
    assert_int_equal(page_rest_of_call(NULL, clock_now()).timeout_ms, 1);
    assert_int_equal(page_rest_of_call(NULL, clock_now() - 1000).timeout_ms, 1);
    assert_in_range(page_rest_of_call(NULL, clock_after(60 * 1000)).timeout_ms, 1, 60 * 1000);
    assert_true(page_rest_of_call(NULL, CLOCK_NEVER).timeout_ms < 0);
    assert_null(page_rest_of_call(NULL, CLOCK_NEVER).cancel);
    assert_ptr_equal(page_rest_of_call(&given, CLOCK_NEVER).cancel, cancel);
    dm_cancel_free(cancel);
}

/* ---- Links ---- */

static void without_a_link_the_list_is_done(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    page_follow(&call, NULL);
    assert_int_equal(call_close(&call), DM_DONE);
    assert_string_equal(error.message, "");
}

static void a_link_of_our_own_host_becomes_a_get_on_our_origin(void **state)
{
    static const struct {
        const char *link;
        const char *target;
    } cases[] = {
        {"https://api.example.com:8443/prefix/v0.7/tasks?page=2&a=b", "/prefix/v0.7/tasks?page=2&a=b"},
        {"http://api.example.com:8443/v0.7/tasks?page=2", "/v0.7/tasks?page=2"},
        {"http://API.Example.COM:8443/x", "/x"},
        {"http://api.example.com/x?y", "/x?y"},
        {"/x?y#fragment", "/x?y"},
        {"https://api.example.com:8443", "/"},
        {"https://user:password@api.example.com:8443/x", "/x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct call call;
        begin(&call);
        call_request(&call, "POST");
        page_follow(&call, cases[i].link);
        assert_int_equal(call.status, DM_OK);
        assert_true(request_is_get(&call.request));
        assert_true(call.request.from_origin);
        assert_string_equal(call.request.target.data, cases[i].target);
        assert_int_equal(call_close(&call), DM_OK);
    }
}

static void any_other_link_is_refused_and_named(void **state)
{
    static const char *const links[] = {
        "https://elsewhere.example.com:8443/x",
        "https://api.example.com:9443/x",
        "//elsewhere.example.com/x",
        "https://api.example.com.evil.org/x",
        "https://api.example.com:8443@evil.org/x",
        "ftp://elsewhere/x",
        "https://",
        "http://[",
        "/a b\r\nX-Evil: 1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct call call;
        begin(&call);
        page_follow(&call, links[i]);
        assert_int_equal(call.status, DM_ERR_REDIRECT);
        assert_int_equal(call_close(&call), DM_ERR_REDIRECT);
        assert_non_null(strstr(error.message, "https://api.example.com:8443"));
        assert_non_null(strstr(error.message, i + 1 < sizeof links / sizeof links[0] ? links[i] : "X-Evil"));
        assert_null(strchr(error.message, '\n'));
    }
}

static void a_refused_link_does_not_bring_the_key_into_the_error(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    page_follow(&call, "https://evil.org/?stolen=the-key");
    assert_int_equal(call_close(&call), DM_ERR_REDIRECT);
    assert_non_null(strstr(error.message, "https://evil.org/?stolen=*******"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_100_are_asked_for_by_default),
        cmocka_unit_test(negative_options_are_refused),
        cmocka_unit_test(a_failure_before_is_kept),
        cmocka_unit_test(what_is_left_of_a_call_is_neither_the_default_nor_without_a_limit),
        cmocka_unit_test(without_a_link_the_list_is_done),
        cmocka_unit_test(a_link_of_our_own_host_becomes_a_get_on_our_origin),
        cmocka_unit_test(any_other_link_is_refused_and_named),
        cmocka_unit_test(a_refused_link_does_not_bring_the_key_into_the_error),
    };
    return cmocka_run_group_tests(tests, open_client, close_client);
}
