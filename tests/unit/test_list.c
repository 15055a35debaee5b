#include "api/list.h"

#include "api/path.h"
#include "array.h"
#include "assert_status.h"
#include "base/arena.h"
#include "test.h"

#include <string.h>

static dm_client *client;
static dm_error error;

static const struct list list = {.paths = {"/recognition/versions", "/recognition/specs/#/versions"}};

static int open_client(void **state)
{
    const dm_client_options options = {.api_key = "the-key", .api_url = "http://api.example.com:8443/prefix"};
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
    call_open(call, client, NULL, NULL, NULL, &error);
    assert_true(call_is_well(call));
}

/* ---- Options ---- */

static void the_first_100_are_requested_by_default(void **state)
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
    list_append_query(&call, NULL);
    assert_string_equal(call.request.target.data, "?offset=0&limit=100");
    assert_int_equal(call_close(&call), DM_OK);
    for (size_t i = 0; i < COUNT(cases); i++) {
        begin(&call);
        list_append_query(&call, &cases[i].options);
        assert_string_equal(call.request.target.data, cases[i].target);
        assert_int_equal(call_close(&call), DM_OK);
    }
}

static void negative_options_are_refused(void **state)
{
    static const dm_page_options wrong[] = {{-1, 0}, {0, -1}, {INT64_MIN, INT64_MIN}};
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct call call;
        begin(&call);
        list_append_query(&call, &wrong[i]);
        assert_int_equal(call_close(&call), DM_ERR_INVALID_ARGUMENT);
        assert_non_null(strstr(error.message, "must not be negative"));
    }
}

static void an_earlier_failure_is_kept(void **state)
{
    static const dm_page_options wrong = {-1, 0};
    struct call call;
    (void)state;

    begin(&call);
    failure_no_memory(&call.failure);
    list_append_query(&call, &wrong);
    list_follow(&call, &list, NULL);
    assert_int_equal(call_close(&call), DM_ERR_NO_MEMORY);
}

/* ---- Links ---- */

static void without_a_link_the_list_is_done(void **state)
{
    static const char *const none[] = {NULL, ""};
    (void)state;
    for (size_t i = 0; i < COUNT(none); i++) {
        struct call call;
        begin(&call);
        list_follow(&call, &list, none[i]);
        assert_int_equal(call_close(&call), DM_DONE);
        assert_string_equal(error.message, "");
    }
}

static void a_link_becomes_a_get_of_such_a_list_on_our_own_address(void **state)
{
    static const struct {
        const char *link;
        const char *target;
    } cases[] = {
        {"https://api.example.com:8443/prefix/v0.7/recognition/versions?offset=2&limit=1",
         "/recognition/versions?offset=2&limit=1"},
        {"http://internal:8000/recognition/versions/?offset=2", "/recognition/versions?offset=2"},
        {"/v0.7/recognition/specs/42/versions?offset=1#fragment", "/recognition/specs/42/versions?offset=1"},
        {"https://user:password@evil.org/recognition/versions?x", "/recognition/versions?x"},
        {"/recognition/versions?a b\r\nX-Evil: 1", "/recognition/versions?a%20b%0D%0AX-Evil:%201"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct call call;
        begin(&call);
        call_begin_request(&call, "POST");
        list_follow(&call, &list, cases[i].link);
        assert_true(call_is_well(&call));
        assert_true(request_is_get(&call.request));
        assert_string_equal(call.request.target.data, cases[i].target);
        assert_int_equal(call_close(&call), DM_OK);
    }
}

static void a_link_to_anything_else_is_refused_and_named(void **state)
{
    static const char *const links[] = {
        "https://api.example.com:8443/prefix/v0.7/accounts/me?offset=1",
        "https://api.example.com:8443/recognition/specs?offset=1",
        "/recognition/specs/x/versions?offset=1",
        "/recognition/specs//versions?offset=1",
        "?offset=1",
        "https://",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(links); i++) {
        struct call call;
        begin(&call);
        list_follow(&call, &list, links[i]);
        assert_int_equal(call_close(&call), DM_ERR_BAD_RESPONSE);
        assert_non_null(strstr(error.message, links[i]));
    }
}

static void a_link_without_a_query_is_refused(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    list_follow(&call, &list, "/recognition/versions");
    assert_int_equal(call_close(&call), DM_ERR_BAD_RESPONSE);
    assert_non_null(strstr(error.message, "has no query"));
}

static void a_key_in_a_refused_link_is_not_in_the_error(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    list_follow(&call, &list, "https://evil.org/?stolen=the-key");
    assert_int_equal(call_close(&call), DM_ERR_BAD_RESPONSE);
    assert_non_null(strstr(error.message, "https://evil.org/?stolen=*******"));
}

static void a_link_that_leads_elsewhere_is_completed_by_the_requests_path(void **state)
{
    static const struct {
        const char *link;
        const char *completed;
    } cases[] = {
        {"?offset=1", "/recognition/versions?offset=1"},
        {"/internal/list/?limit=5&offset=1", "/recognition/versions?limit=5&offset=1"},
        {"http://internal:8000/other/list/?offset=1", "/recognition/versions?offset=1"},
        {"http://internal/recognition/versions?offset=1", "http://internal/recognition/versions?offset=1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena *page = arena_new(8);
        const char *link = cases[i].link;
        struct call call;
        begin(&call);
        path_versions(&call, "GET");
        list_append_query(&call, NULL);
        assert_true(list_complete_link(&call, arena_root(page), &link));
        assert_string_equal(link, cases[i].completed);
        arena_free(page);
        assert_int_equal(call_close(&call), DM_OK);
    }
}

static void a_link_that_cannot_be_completed_is_refused(void **state)
{
    struct arena *page = arena_new(8);
    const char *none = NULL;
    const char *link = "/internal/list/";
    struct call call;
    (void)state;
    begin(&call);
    path_versions(&call, "GET");
    assert_true(list_complete_link(&call, arena_root(page), &none));
    assert_null(none);
    assert_false(list_complete_link(&call, arena_root(page), &link));
    assert_null(link);
    assert_int_equal(call_close(&call), DM_ERR_BAD_RESPONSE);
    assert_non_null(strstr(error.message, "has no query"));
    arena_free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_100_are_requested_by_default),
        cmocka_unit_test(negative_options_are_refused),
        cmocka_unit_test(an_earlier_failure_is_kept),
        cmocka_unit_test(without_a_link_the_list_is_done),
        cmocka_unit_test(a_link_becomes_a_get_of_such_a_list_on_our_own_address),
        cmocka_unit_test(a_link_to_anything_else_is_refused_and_named),
        cmocka_unit_test(a_link_without_a_query_is_refused),
        cmocka_unit_test(a_key_in_a_refused_link_is_not_in_the_error),
        cmocka_unit_test(a_link_that_leads_elsewhere_is_completed_by_the_requests_path),
        cmocka_unit_test(a_link_that_cannot_be_completed_is_refused),
    };
    return cmocka_run_group_tests(tests, open_client, close_client);
}
