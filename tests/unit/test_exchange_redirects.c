/* Which redirects an exchange follows. */
#include "exchange_test.h"

#include "test.h"

static struct outcome redirected(const char *location, bool ours)
{
    struct outcome outcome = answered(302);
    text_append_string(&outcome.redirect, location);
    outcome.redirect_is_ours = ours;
    return outcome;
}

static void a_get_follows_five_redirects_and_no_sixth(void **state)
{
    const struct request sent = request_of("GET");
    struct exchange run;
    (void)state;

    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    for (int i = 1; i <= 5; i++) {
        assert_false(take(&run, redirected(i % 2 == 0 ? "/even" : "/odd", true)));
        assert_int_equal(run.redirects, i);
        assert_int_equal(run.attempts, i);
        assert_int_equal(run.tries, 0);
        assert_int_equal(run.ready_at, NOW);
        assert_string_equal(run.location.data, i % 2 == 0 ? "/even" : "/odd");
    }
    assert_true(take(&run, redirected("/sixth", true)));
    assert_int_equal(run.status, DM_ERR_REDIRECT);
    exchange_free(&run);
}

static void a_redirect_to_another_origin_or_of_another_method_is_refused(void **state)
{
    (void)state;
    assert_int_equal(status_of("GET", redirected("http://elsewhere/", false)), DM_ERR_REDIRECT);
    assert_int_equal(status_of("POST", redirected("/x", true)), DM_ERR_REDIRECT);
    assert_int_equal(status_of("PATCH", redirected("/x", true)), DM_ERR_REDIRECT);
    assert_int_equal(status_of("DELETE", redirected("/x", true)), DM_ERR_REDIRECT);
}

/* libcurl has sent the request twice, and the first one may have taken effect. */
static void a_redirect_after_a_repetition_by_libcurl_has_an_unknown_outcome(void **state)
{
    const struct request patch = request_of("PATCH");
    struct outcome ended = redirected("/x", true);
    struct exchange run;
    (void)state;

    ended.resends = 1;
    exchange_init(&run, &patch, &policy, DEADLINE, NULL);
    assert_true(take(&run, ended));
    assert_int_equal(run.status, DM_ERR_REDIRECT);
    assert_true(run.outcome_unknown);
    exchange_free(&run);
}

static void a_failure_after_a_redirect_is_retried_at_the_new_address(void **state)
{
    const struct request sent = request_of("GET");
    struct exchange run;
    (void)state;

    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, redirected("/there", true)));
    for (int i = 1; i < MOST; i++) {
        assert_false(take(&run, answered(503)));
        assert_string_equal(run.location.data, "/there");
    }
    assert_true(take(&run, answered(200)));
    assert_int_equal(run.status, DM_OK);
    assert_int_equal(run.attempts, MOST + 1);
    exchange_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_get_follows_five_redirects_and_no_sixth),
        cmocka_unit_test(a_redirect_to_another_origin_or_of_another_method_is_refused),
        cmocka_unit_test(a_redirect_after_a_repetition_by_libcurl_has_an_unknown_outcome),
        cmocka_unit_test(a_failure_after_a_redirect_is_retried_at_the_new_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
