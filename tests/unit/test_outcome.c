#include "engine/outcome.h"

#include "test.h"

#include <string.h>

static void a_new_outcome_is_nothing_yet(void **state)
{
    struct outcome of;
    (void)state;
    outcome_init(&of);
    assert_int_equal(of.http_status, 0);
    assert_true(of.retry_after_ms < 0);
    assert_false(of.sent);
    assert_int_equal(of.body.length, 0);
    assert_int_equal(of.redirect.length, 0);
}

static void what_was_refused_says_why_and_never_left(void **state)
{
    struct outcome of = outcome_refused(DM_ERR_FILE, "the file changed");
    (void)state;
    assert_int_equal(of.end, ATTEMPT_REFUSED);
    assert_int_equal(of.status, DM_ERR_FILE);
    assert_string_equal(of.detail, "the file changed");
    assert_false(of.sent);
    outcome_free(&of);
}

static void a_long_reason_is_cut(void **state)
{
    char reason[1000];
    struct outcome of;
    (void)state;
    memset(reason, 'x', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    of = outcome_refused(DM_ERR_SYSTEM, reason);
    assert_int_equal(strlen(of.detail), sizeof of.detail - 1);
    outcome_free(&of);
}

static void a_secret_is_overwritten_wherever_the_service_echoes_it(void **state)
{
    struct outcome of;
    (void)state;
    outcome_init(&of);
    text_append_string(&of.body, "{\"detail\":\"bad key s3cret\"}");
    text_append_string(&of.redirect, "https://other.example/?key=s3cret");
    outcome_redact(&of, "s3cret");
    assert_string_equal(of.body.data, "{\"detail\":\"bad key ******\"}");
    assert_string_equal(of.redirect.data, "https://other.example/?key=******");
    outcome_free(&of);
}

static void a_redirect_has_a_longest_address(void **state)
{
    char part[1024];
    struct outcome of;
    (void)state;
    memset(part, 'a', sizeof part);
    outcome_init(&of);
    for (int i = 0; i < 65; i++)
        text_append(&of.redirect, part, sizeof part);
    assert_int_equal(of.redirect.status, DM_ERR_TOO_LARGE);
    outcome_free(&of);
    assert_null(of.redirect.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_outcome_is_nothing_yet),
        cmocka_unit_test(what_was_refused_says_why_and_never_left),
        cmocka_unit_test(a_long_reason_is_cut),
        cmocka_unit_test(a_secret_is_overwritten_wherever_the_service_echoes_it),
        cmocka_unit_test(a_redirect_has_a_longest_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
