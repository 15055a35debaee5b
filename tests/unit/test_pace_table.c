#include "client/pace_table.h"

#include "test.h"

static struct pace_table table;

static int empty(void **state)
{
    (void)state;
    table = (struct pace_table){0};
    return 0;
}

static void learn(struct pace_key key, int64_t duration_ms)
{
    pace_table_learn(&table, key, &(struct pace_observation){duration_ms, duration_ms, 0});
}

static double mean(struct pace_key key)
{
    const struct pace pace = pace_table_get(&table, key);
    assert_int_equal(pace.count > 0, pace.mean_ms > 0);
    return pace.mean_ms;
}

static void an_empty_table_has_no_paces(void **state)
{
    (void)state;
    assert_true(mean(pace_key_spec(dm_private_spec(1))) == 0);
    assert_true(mean((struct pace_key){.kind = PACE_TASK}) == 0);
    assert_true(mean((struct pace_key){0}) == 0);
}

static void each_resource_has_a_pace_of_its_own(void **state)
{
    const struct pace_key keys[] = {
        pace_key_spec(dm_private_spec(42)),
        pace_key_spec(dm_public_spec("42")),
        pace_key_spec(dm_public_spec("43")),
        pace_key_version(42),
        {.kind = PACE_TASK},
        {.kind = PACE_TASKS},
    };
    (void)state;
    for (int i = 0; i < 6; i++)
        learn(keys[i], 100 + i);
    for (int i = 0; i < 6; i++)
        assert_true(mean(keys[i]) == 100 + i);
}

static void a_public_specification_is_identified_by_its_name(void **state)
{
    char name[] = "sandbox-colors";
    (void)state;
    learn(pace_key_spec(dm_public_spec(name)), 100);
    assert_true(mean(pace_key_spec(dm_public_spec("sandbox-colors"))) == 100);
    assert_true(mean(pace_key_spec(dm_public_spec("sandbox-color"))) == 0);
    assert_true(mean(pace_key_spec(dm_public_spec(""))) == 0);
}

static void the_same_key_learns_more(void **state)
{
    (void)state;
    learn(pace_key_version(7), 100);
    learn(pace_key_version(7), 200);
    assert_int_equal(pace_table_get(&table, pace_key_version(7)).count, 2);
    assert_true(mean(pace_key_version(7)) == 150);
}

/* Version 0 was added first, but updated later. */
static void the_oldest_entry_is_replaced(void **state)
{
    (void)state;
    for (int i = 0; i < PACE_TABLE_SIZE; i++)
        learn(pace_key_version(i), 100);
    learn(pace_key_version(0), 100);
    learn(pace_key_version(PACE_TABLE_SIZE), 300);
    assert_true(mean(pace_key_version(1)) == 0);
    assert_true(mean(pace_key_version(PACE_TABLE_SIZE)) == 300);
    for (int i = 2; i < PACE_TABLE_SIZE; i++)
        assert_true(mean(pace_key_version(i)) == 100);
    assert_true(mean(pace_key_version(0)) == 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_empty_table_has_no_paces, empty),
        cmocka_unit_test_setup(each_resource_has_a_pace_of_its_own, empty),
        cmocka_unit_test_setup(a_public_specification_is_identified_by_its_name, empty),
        cmocka_unit_test_setup(the_same_key_learns_more, empty),
        cmocka_unit_test_setup(the_oldest_entry_is_replaced, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
