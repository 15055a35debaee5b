#include "api/path.h"

#include "assert_status.h"
#include "test.h"

#include <string.h>

static dm_client *client;
static dm_error error;

static int open_client(void **state)
{
    const dm_client_options options = {.api_key = "key", .api_url = "http://127.0.0.1:1", .proxy = ""};
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
    assert_status(call->failure.status, DM_OK, &error);
}

static void expect(struct call *call, const char *method, const char *target)
{
    assert_status(call->failure.status, DM_OK, &error);
    assert_string_equal(call->request.method, method);
    assert_string_equal(call->request.target.data, target);
    assert_false(call->request.not_repeatable);
    assert_int_equal(call_close(call), DM_OK);
}

/* The call has failed before sending, with a message that names the invalid argument. */
static void expect_refused(struct call *call, const char *words)
{
    assert_status(call->failure.status, DM_ERR_INVALID_ARGUMENT, &error);
    assert_int_equal(call_close(call), DM_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, words));
    assert_int_equal(error.attempts, 0);
}

static void specifications_have_the_documented_paths(void **state)
{
    struct call call;
    (void)state;

    begin(&call);
    path_specs(&call, "GET", DM_VISIBILITY_PRIVATE);
    expect(&call, "GET", "/recognition/specs");
    begin(&call);
    path_specs(&call, "GET", DM_VISIBILITY_PUBLIC);
    expect(&call, "GET", "/recognition/public");
    begin(&call);
    path_spec(&call, "POST", dm_private_spec(42));
    expect(&call, "POST", "/recognition/specs/42");
    begin(&call);
    path_spec(&call, "GET", dm_public_spec("fashion-v4"));
    expect(&call, "GET", "/recognition/public/fashion-v4");
    begin(&call);
    path_private_spec(&call, "DELETE", dm_private_spec(INT64_MAX));
    expect(&call, "DELETE", "/recognition/specs/9223372036854775807");
}

static void a_visibility_of_neither_kind_is_refused(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    path_specs(&call, "GET", (dm_visibility)7);
    expect_refused(&call, "visibility must be DM_VISIBILITY_PRIVATE or DM_VISIBILITY_PUBLIC");
}

static void the_account_has_the_documented_path(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    path_account(&call);
    expect(&call, "GET", "/accounts/me");
}

static void the_public_id_42_is_not_the_private_id_42(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    path_spec(&call, "GET", dm_public_spec("42"));
    expect(&call, "GET", "/recognition/public/42");
}

static void versions_and_tasks_have_the_documented_paths(void **state)
{
    const dm_task_id id = {"a-1_Z"};
    struct call call;
    (void)state;

    begin(&call);
    path_spec_versions(&call, dm_private_spec(42));
    expect(&call, "GET", "/recognition/specs/42/versions");
    begin(&call);
    path_versions(&call, "POST");
    expect(&call, "POST", "/recognition/versions");
    begin(&call);
    path_version(&call, "GET", 7);
    expect(&call, "GET", "/recognition/versions/7");
    begin(&call);
    path_tasks(&call);
    expect(&call, "GET", "/tasks");
    begin(&call);
    path_task(&call, &id);
    expect(&call, "GET", "/tasks/a-1_Z");
}

static void a_new_path_replaces_the_previous_one(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    path_version(&call, "GET", 7);
    call.request.not_repeatable = true;
    path_versions(&call, "DELETE");
    expect(&call, "DELETE", "/recognition/versions");
}

static void a_public_id_cannot_leave_its_segment(void **state)
{
    static const char *const names[] = {"",       "..",   ".",     "/",    "a/../../accounts/me",
                                        "a\\b",   "a?b",  "a#b",   "a%2f", "..%2f",
                                        "a\r\nb", "a\tb", "a\x7f", "\xff", "a\xc3"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct call call;
        begin(&call);
        path_spec(&call, "GET", dm_public_spec(names[i]));
        expect_refused(&call, "the public specification's id");
    }
}

static void networks_have_paths_of_their_own(void **state)
{
    struct call call;
    (void)state;

    begin(&call);
    path_networks(&call, "POST", DM_VISIBILITY_PRIVATE);
    expect(&call, "POST", "/networks");
    begin(&call);
    path_networks(&call, "GET", DM_VISIBILITY_PUBLIC);
    expect(&call, "GET", "/networks/public");
    begin(&call);
    path_network(&call, "GET", dm_private_network(42));
    expect(&call, "GET", "/networks/42");
    begin(&call);
    path_network(&call, "GET", dm_public_network("imagenet-inception-v3"));
    expect(&call, "GET", "/networks/public/imagenet-inception-v3");
    begin(&call);
    path_private_network(&call, "DELETE", dm_private_network(42));
    expect(&call, "DELETE", "/networks/42");
}

static void a_wrong_network_is_refused(void **state)
{
    struct call call;
    (void)state;

    begin(&call);
    path_networks(&call, "GET", (dm_visibility)2);
    expect_refused(&call, "visibility must be");
    begin(&call);
    path_network(&call, "GET", dm_private_network(0));
    expect_refused(&call, "the private network's id is 0");
    begin(&call);
    path_network(&call, "GET", dm_public_network("../accounts"));
    expect_refused(&call, "the public network's id \"../accounts\" is not valid");
    begin(&call);
    path_network(&call, "GET", dm_public_network(NULL));
    expect_refused(&call, "the public network's id is empty");
    begin(&call);
    path_private_network(&call, "PATCH", dm_public_network("n"));
    expect_refused(&call, "\"n\" is a public network; only private ones can be changed");
}

static void a_null_name_is_not_a_private_id(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    path_spec(&call, "GET", dm_public_spec(NULL));
    expect_refused(&call, "is empty");
}

static void unusual_characters_of_an_id_are_encoded(void **state)
{
    struct call call;
    (void)state;
    begin(&call);
    path_spec(&call, "GET", dm_public_spec("...a b&c=\xc3\xa9;"));
    expect(&call, "GET", "/recognition/public/...a%20b%26c%3D%C3%A9%3B");
}

static void numbers_that_are_not_ids_are_refused(void **state)
{
    static const int64_t numbers[] = {0, -1, INT64_MIN};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct call call;
        begin(&call);
        path_spec(&call, "GET", dm_private_spec(numbers[i]));
        expect_refused(&call, "the private specification's id");
        begin(&call);
        path_private_spec(&call, "GET", dm_private_spec(numbers[i]));
        expect_refused(&call, "the private specification's id");
        begin(&call);
        path_version(&call, "GET", numbers[i]);
        expect_refused(&call, "the version's id");
    }
}

static void a_public_specification_is_not_ones_own(void **state)
{
    struct call call;
    (void)state;

    begin(&call);
    path_private_spec(&call, "PATCH", dm_public_spec("fashion-v4"));
    expect_refused(&call, "\"fashion-v4\" is a public specification");
    begin(&call);
    path_spec_versions(&call, dm_public_spec("42"));
    expect_refused(&call, "\"42\" is a public specification");
    const dm_spec_id both = {.private_id = 42, .public_id = "fashion-v4"}; /* the number is ignored */
    begin(&call);
    path_private_spec(&call, "PATCH", both);
    expect_refused(&call, "\"fashion-v4\" is a public specification");
}

static void a_task_id_cannot_leave_its_segment(void **state)
{
    static const dm_task_id ids[] = {{""}, {"../accounts/me"}, {"1/2"}, {"1?a"}, {"1 2"}, {"\xc3\xa9"}, {"."}};
    dm_task_id endless;
    struct call call;
    (void)state;

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        begin(&call);
        path_task(&call, &ids[i]);
        expect_refused(&call, "the id is not a valid task id");
    }
    memset(endless.text, 'a', sizeof endless.text);
    begin(&call);
    path_task(&call, &endless);
    expect_refused(&call, "the id is not a valid task id");
}

static void an_earlier_failure_is_kept(void **state)
{
    const dm_task_id id = {"1"};
    struct call call;
    (void)state;

    begin(&call);
    assert_false(failure_no_memory(&call.failure));
    path_spec(&call, "GET", dm_public_spec(".."));
    path_private_spec(&call, "GET", dm_private_spec(0));
    path_version(&call, "GET", 0);
    path_task(&call, &id);
    assert_int_equal(call_close(&call), DM_ERR_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specifications_have_the_documented_paths),
        cmocka_unit_test(a_visibility_of_neither_kind_is_refused),
        cmocka_unit_test(the_account_has_the_documented_path),
        cmocka_unit_test(the_public_id_42_is_not_the_private_id_42),
        cmocka_unit_test(versions_and_tasks_have_the_documented_paths),
        cmocka_unit_test(a_new_path_replaces_the_previous_one),
        cmocka_unit_test(a_public_id_cannot_leave_its_segment),
        cmocka_unit_test(networks_have_paths_of_their_own),
        cmocka_unit_test(a_wrong_network_is_refused),
        cmocka_unit_test(a_null_name_is_not_a_private_id),
        cmocka_unit_test(unusual_characters_of_an_id_are_encoded),
        cmocka_unit_test(numbers_that_are_not_ids_are_refused),
        cmocka_unit_test(a_public_specification_is_not_ones_own),
        cmocka_unit_test(a_task_id_cannot_leave_its_segment),
        cmocka_unit_test(an_earlier_failure_is_kept),
    };
    return cmocka_run_group_tests(tests, open_client, close_client);
}
