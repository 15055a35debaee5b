#include <deepomatic.h>

#include "test.h"

#include <limits.h>

static void every_status_has_its_own_name(void **state)
{
    static const char *const names[] = {
        "DM_OK",
        "DM_DONE",
        "DM_ERR_INVALID_ARGUMENT",
        "DM_ERR_NO_MEMORY",
        "DM_ERR_SYSTEM",
        "DM_ERR_FILE",
        "DM_ERR_CANCELLED",
        "DM_ERR_TIMEOUT",
        "DM_ERR_NETWORK",
        "DM_ERR_TLS",
        "DM_ERR_CREDENTIALS",
        "DM_ERR_NOT_FOUND",
        "DM_ERR_REJECTED",
        "DM_ERR_RATE_LIMITED",
        "DM_ERR_SERVER",
        "DM_ERR_REDIRECT",
        "DM_ERR_BAD_RESPONSE",
        "DM_ERR_TOO_LARGE",
        "DM_ERR_TASK_FAILED",
        "DM_FULL",
    };
    (void)state;
    assert_int_equal(sizeof names / sizeof names[0], DM_FULL + 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(dm_status_name((dm_status)i), names[i]);
}

static void other_numbers_are_unknown_statuses(void **state)
{
    static const int numbers[] = {-1, INT_MIN, INT_MAX, DM_FULL + 1, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_string_equal(dm_status_name((dm_status)numbers[i]), "unknown dm_status");
}

/* They are part of the library's binary interface. */
static void dm_error_and_its_texts_have_the_documented_sizes(void **state)
{
    dm_error error;
    (void)state;
    assert_int_equal(sizeof error.message, 512);
    assert_int_equal(sizeof error.server_message, 424);
    assert_int_equal(sizeof error.task_id.text, 64);
    assert_int_equal(sizeof error, 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_name),
        cmocka_unit_test(other_numbers_are_unknown_statuses),
        cmocka_unit_test(dm_error_and_its_texts_have_the_documented_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
