#include "codec/task_id.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

/* The status that a check ends with, which has a failure of its own. */
#define STATUS_OF(check, ...) (failure_init(&failure, &error), (void)check(&failure, __VA_ARGS__), failure.status)

static void assert_refused(dm_status status, const dm_error *error, const char *message)
{
    assert_int_equal(status, DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(error->status, DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(error->message, message);
}

static void a_task_id_stays_within_its_path(void **state)
{
    static const char *const bad[] = {"",         "a/../../accounts/me", "1 ",      "1?x=1", "..", "1%2F",
                                      "\xc3\xa9", "1&limit=1",           "123\n\n", "a.b"};
    dm_error error;
    struct failure failure;
    (void)state;
    assert_int_equal(STATUS_OF(check_task_id, "id", "123"), DM_OK);
    assert_int_equal(STATUS_OF(check_task_id, "id", "AZaz09-_"), DM_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(task_id_is_valid(bad[i]));
        assert_refused(STATUS_OF(check_task_id, "id", bad[i]), &error,
                       "id is not a valid task id (1 to 63 letters, digits, '-' and '_')");
    }
    assert_refused(STATUS_OF(check_task_id, "id", NULL), &error, "id must not be NULL");
}

/* In a buffer of its own, so that reading past its end is seen. */
static void a_task_id_has_63_characters_at_most(void **state)
{
    const size_t size = sizeof(dm_task_id);
    char *id = malloc(size);
    dm_error error;
    struct failure failure;
    (void)state;
    assert_non_null(id);
    memset(id, 'x', size);
    assert_int_equal(STATUS_OF(check_task_id, "id", id), DM_ERR_INVALID_ARGUMENT);
    assert_false(task_id_is_valid(id));
    id[size - 1] = '\0';
    assert_int_equal(STATUS_OF(check_task_id, "id", id), DM_OK);
    assert_true(task_id_is_valid(id));
    free(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_id_stays_within_its_path),
        cmocka_unit_test(a_task_id_has_63_characters_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
