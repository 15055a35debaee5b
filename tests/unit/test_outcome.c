#include "transport/outcome.h"

#include "test.h"

#include <string.h>

static void a_new_outcome_is_empty(void **state)
{
    struct outcome outcome;
    (void)state;
    outcome_init(&outcome);
    assert_int_equal(outcome.http_status, 0);
    assert_true(outcome.retry_after_ms < 0);
    assert_false(outcome.completely_sent);
    assert_int_equal(outcome.body.length, 0);
    assert_int_equal(outcome.redirect.length, 0);
}

static void a_fatal_outcome_has_a_reason_and_was_not_sent(void **state)
{
    struct outcome outcome = outcome_fatal(DM_ERR_FILE, "the file changed");
    (void)state;
    assert_int_equal(outcome.end, ATTEMPT_FATAL);
    assert_int_equal(outcome.status, DM_ERR_FILE);
    assert_string_equal(outcome.detail, "the file changed");
    assert_false(outcome.completely_sent);
    outcome_free(&outcome);
}

static void a_long_reason_is_cut(void **state)
{
    char reason[1000];
    struct outcome outcome;
    (void)state;
    memset(reason, 'x', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    outcome = outcome_fatal(DM_ERR_SYSTEM, reason);
    assert_int_equal(strlen(outcome.detail), sizeof outcome.detail - 1);
    outcome_free(&outcome);
}

static void the_length_of_a_redirects_address_is_limited(void **state)
{
    char part[1024];
    struct outcome outcome;
    (void)state;
    memset(part, 'a', sizeof part);
    outcome_init(&outcome);
    for (int i = 0; i < 65; i++)
        text_append(&outcome.redirect, part, sizeof part);
    assert_int_equal(outcome.redirect.status, DM_ERR_TOO_LARGE);
    outcome_free(&outcome);
    assert_null(outcome.redirect.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_outcome_is_empty),
        cmocka_unit_test(a_fatal_outcome_has_a_reason_and_was_not_sent),
        cmocka_unit_test(a_long_reason_is_cut),
        cmocka_unit_test(the_length_of_a_redirects_address_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
