#include "api/path.h"

#include "test.h"

#include <string.h>

static dm_client *client;
static dm_error error;

static int open_client(void **state)
{
    const dm_client_options options = {.api_key = "key", .api_url = "https://api.example.com"};
    (void)state;
    return dm_client_new(&options, &client, NULL) != DM_OK;
}

static int close_client(void **state)
{
    (void)state;
    dm_client_free(client);
    return 0;
}

static void begin(struct call *on)
{
    call_open(on, client, NULL, &error, &error);
    assert_int_equal(on->status, DM_OK);
}

static void expect(struct call *on, const char *method, const char *target)
{
    assert_int_equal(on->status, DM_OK);
    assert_string_equal(on->request.method, method);
    assert_string_equal(on->request.target.data, target);
    assert_false(on->request.once);
    assert_int_equal(call_close(on), DM_OK);
}

/* The call has failed before anything could be sent, in words that name what is wrong. */
static void expect_refused(struct call *on, const char *words)
{
    assert_int_equal(on->status, DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(call_close(on), DM_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, words));
    assert_int_equal(error.attempts, 0);
}

static void specifications_have_their_places(void **state)
{
    struct call on;
    (void)state;

    begin(&on);
    path_specs(&on, "GET", DM_PRIVATE);
    expect(&on, "GET", "/recognition/specs");
    begin(&on);
    path_specs(&on, "GET", DM_PUBLIC);
    expect(&on, "GET", "/recognition/public");
    begin(&on);
    path_spec(&on, "POST", dm_private_spec(42));
    expect(&on, "POST", "/recognition/specs/42");
    begin(&on);
    path_spec(&on, "GET", dm_public_spec("fashion-v4"));
    expect(&on, "GET", "/recognition/public/fashion-v4");
    begin(&on);
    path_private_spec(&on, "DELETE", dm_private_spec((INT64_C(1) << 53) - 1));
    expect(&on, "DELETE", "/recognition/specs/9007199254740991");
}

static void a_public_42_is_not_a_private_one(void **state)
{
    struct call on;
    (void)state;
    begin(&on);
    path_spec(&on, "GET", dm_public_spec("42"));
    expect(&on, "GET", "/recognition/public/42");
}

static void versions_and_tasks_have_their_places(void **state)
{
    const dm_task_id id = {"a-1_Z"};
    struct call on;
    (void)state;

    begin(&on);
    path_versions(&on, "POST");
    expect(&on, "POST", "/recognition/versions");
    begin(&on);
    path_version(&on, "GET", 7);
    expect(&on, "GET", "/recognition/versions/7");
    begin(&on);
    path_tasks(&on, "GET");
    expect(&on, "GET", "/tasks");
    begin(&on);
    path_task(&on, "GET", &id);
    expect(&on, "GET", "/tasks/a-1_Z");
}

static void a_new_path_takes_the_place_of_the_one_before(void **state)
{
    struct call on;
    (void)state;
    begin(&on);
    path_version(&on, "GET", 7);
    on.request.once = true;
    path_tasks(&on, "DELETE");
    expect(&on, "DELETE", "/tasks");
}

static void a_public_id_cannot_leave_its_segment(void **state)
{
    static const char *const names[] = {"",       "..",   ".",     "/",    "a/../../accounts/me",
                                        "a\\b",   "a?b",  "a#b",   "a%2f", "..%2f",
                                        "a\r\nb", "a\tb", "a\x7f", "\xff", "a\xc3"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct call on;
        begin(&on);
        path_spec(&on, "GET", dm_public_spec(names[i]));
        expect_refused(&on, "the public specification's id");
    }
}

static void a_null_name_is_no_private_id(void **state)
{
    struct call on;
    (void)state;
    begin(&on);
    path_spec(&on, "GET", dm_public_spec(NULL));
    expect_refused(&on, "is empty");
}

static void what_is_no_worse_than_odd_is_encoded(void **state)
{
    struct call on;
    (void)state;
    begin(&on);
    path_spec(&on, "GET", dm_public_spec("...a b&c=\xc3\xa9;"));
    expect(&on, "GET", "/recognition/public/...a%20b%26c%3D%C3%A9%3B");
}

static void numbers_that_are_no_id_are_refused(void **state)
{
    static const int64_t numbers[] = {0, -1, INT64_MIN, INT64_MAX, INT64_C(1) << 53};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct call on;
        begin(&on);
        path_spec(&on, "GET", dm_private_spec(numbers[i]));
        expect_refused(&on, "the private specification's id");
        begin(&on);
        path_private_spec(&on, "GET", dm_private_spec(numbers[i]));
        expect_refused(&on, "the private specification's id");
        begin(&on);
        path_version(&on, "GET", numbers[i]);
        expect_refused(&on, "the version's id");
    }
}

static void a_public_specification_is_not_ones_own(void **state)
{
    struct call on;
    (void)state;

    begin(&on);
    path_private_spec(&on, "PATCH", dm_public_spec("fashion-v4"));
    expect_refused(&on, "\"fashion-v4\" is a public specification");
    assert_int_equal(path_check_private(dm_public_spec("42"), &error), DM_ERR_INVALID_ARGUMENT);
    const dm_spec_id both = {.private_id = 42, .public_id = "fashion-v4"}; /* the number is ignored */
    assert_int_equal(path_check_private(both, &error), DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(path_check_private(dm_private_spec(42), NULL), DM_OK);
    assert_int_equal(path_check_private(dm_private_spec(0), NULL), DM_ERR_INVALID_ARGUMENT);
}

static void a_task_id_cannot_leave_its_segment(void **state)
{
    static const dm_task_id ids[] = {{""}, {"../accounts/me"}, {"1/2"}, {"1?a"}, {"1 2"}, {"\xc3\xa9"}, {"."}};
    dm_task_id endless;
    struct call on;
    (void)state;

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        begin(&on);
        path_task(&on, "GET", &ids[i]);
        expect_refused(&on, "is no task id");
    }
    memset(endless.text, 'a', sizeof endless.text);
    begin(&on);
    path_task(&on, "GET", &endless);
    expect_refused(&on, "is no task id");
}

static void a_failure_before_is_kept(void **state)
{
    const dm_task_id id = {"1"};
    struct call on;
    (void)state;

    begin(&on);
    call_check(&on, DM_ERR_NO_MEMORY);
    path_spec(&on, "GET", dm_public_spec(".."));
    path_private_spec(&on, "GET", dm_private_spec(0));
    path_version(&on, "GET", 0);
    path_task(&on, "GET", &id);
    assert_int_equal(call_close(&on), DM_ERR_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specifications_have_their_places),
        cmocka_unit_test(a_public_42_is_not_a_private_one),
        cmocka_unit_test(versions_and_tasks_have_their_places),
        cmocka_unit_test(a_new_path_takes_the_place_of_the_one_before),
        cmocka_unit_test(a_public_id_cannot_leave_its_segment),
        cmocka_unit_test(a_null_name_is_no_private_id),
        cmocka_unit_test(what_is_no_worse_than_odd_is_encoded),
        cmocka_unit_test(numbers_that_are_no_id_are_refused),
        cmocka_unit_test(a_public_specification_is_not_ones_own),
        cmocka_unit_test(a_task_id_cannot_leave_its_segment),
        cmocka_unit_test(a_failure_before_is_kept),
    };
    return cmocka_run_group_tests(tests, open_client, close_client);
}
