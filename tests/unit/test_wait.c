#include "api/wait.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The pace ---- */

static void the_first_question_comes_after_the_first_pause(void **state)
{
    (void)state;
    assert_int_equal(wait_delay(50, 1000, 0, 0), 50);
    assert_int_equal(wait_delay(50, 1000, 0, 0.999), 50);
    assert_int_equal(wait_delay(5000, 1000, 0, 0.5), 1000);
}

/* Each pause is between half of its bound and its bound; bounds double up to the longest. */
static void pauses_grow_up_to_the_longest(void **state)
{
    static const struct {
        int round;
        int64_t least;
        int64_t middle;
        int64_t most;
    } pauses[] = {
        {1, 50, 75, 99},    {2, 100, 150, 199}, {3, 200, 300, 399},    {4, 400, 600, 799},
        {5, 500, 750, 999}, {6, 500, 750, 999}, {1000, 500, 750, 999}, {2000000000, 500, 750, 999},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        assert_int_equal(wait_delay(50, 1000, pauses[i].round, 0), pauses[i].least);
        assert_int_equal(wait_delay(50, 1000, pauses[i].round, 0.5), pauses[i].middle);
        assert_int_equal(wait_delay(50, 1000, pauses[i].round, 0x1.fffffffffffffp-1), pauses[i].most);
    }
}

static void a_longest_pause_below_the_first_holds(void **state)
{
    (void)state;
    for (int round = 1; round < 5; round++)
        assert_in_range(wait_delay(5000, 100, round, 0.5), 50, 100);
}

static void the_longest_pauses_do_not_overflow(void **state)
{
    (void)state;
    assert_in_range(wait_delay(INT32_MAX, INT32_MAX, 100, 0.5), INT32_MAX / 2, INT32_MAX);
    assert_in_range(wait_delay(1, INT32_MAX, 100, 0.5), INT32_MAX / 2, INT32_MAX);
}

/* ---- The list ---- */

enum { MOST = 350 };

struct fixture {
    dm_task_id ids[MOST];
    dm_task tasks[MOST];
    struct task_table list;
};

static void begin(struct fixture *fixture, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        snprintf(fixture->ids[i].text, sizeof fixture->ids[i].text, "%s", ids[i]);
    assert_true(task_table_init(&fixture->list, fixture->ids, fixture->tasks, count));
}

static void begin_numbered(struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < count; i++)
        snprintf(fixture->ids[i].text, sizeof fixture->ids[i].text, "%zu", (i * 7919) % 100003);
    assert_true(task_table_init(&fixture->list, fixture->ids, fixture->tasks, count));
}

/* The service tells of a task, and the decoder fills its place in. */
static bool tell(struct fixture *fixture, const char *id, dm_task_status status)
{
    dm_task_id given = {""};
    snprintf(given.text, sizeof given.text, "%s", id);
    dm_task *slot = wait_slot(&fixture->list, &given, status);
    if (slot == NULL)
        return false;
    *slot = (dm_task){.id = given, .status = status, .data = "{}"};
    return true;
}

static size_t take_all(struct fixture *fixture, size_t batch[WAIT_BATCH])
{
    size_t at = 0;
    return wait_take_batch(&fixture->list, &at, batch);
}

static bool batch_has(const size_t *batch, size_t count, size_t index)
{
    for (size_t i = 0; i < count; i++)
        if (batch[i] == index)
            return true;
    return false;
}

static void all_tasks_begin_pending_in_the_caller_s_order(void **state)
{
    static const char *const ids[] = {"9", "10", "abc", "1"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(fixture.tasks[i].id.text, ids[i]);
        assert_int_equal(fixture.tasks[i].status, DM_TASK_PENDING);
        assert_null(fixture.tasks[i].data);
    }
    assert_int_equal(wait_pending(&fixture.list), 4);
    task_table_free(&fixture.list);
}

static void batches_hold_100_ids_at_most_and_each_id_once(void **state)
{
    static const size_t wanted[] = {100, 100, 100, 50, 0};
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    bool taken[MOST] = {false};
    size_t at = 0;
    (void)state;
    begin_numbered(&fixture, MOST);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_int_equal(wait_take_batch(&fixture.list, &at, batch), wanted[i]);
        for (size_t k = 0; k < wanted[i]; k++) {
            assert_true(batch[k] < MOST);
            assert_false(taken[batch[k]]);
            taken[batch[k]] = true;
        }
    }
    for (size_t i = 0; i < MOST; i++)
        assert_true(taken[i]);
    task_table_free(&fixture.list);
}

static void exactly_100_ids_are_one_batch(void **state)
{
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    size_t at = 0;
    (void)state;
    begin_numbered(&fixture, WAIT_BATCH);
    assert_int_equal(wait_take_batch(&fixture.list, &at, batch), WAIT_BATCH);
    assert_int_equal(wait_take_batch(&fixture.list, &at, batch), 0);
    task_table_free(&fixture.list);
}

static void answers_find_their_places_in_any_order(void **state)
{
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    (void)state;
    begin_numbered(&fixture, WAIT_BATCH);
    const size_t count = take_all(&fixture, batch);
    for (size_t i = WAIT_BATCH; i-- > 0;)
        assert_true(tell(&fixture, fixture.ids[i].text, i % 2 == 0 ? DM_TASK_SUCCESS : DM_TASK_ERROR));
    wait_end_batch(&fixture.list, batch, count);
    for (size_t i = 0; i < WAIT_BATCH; i++) {
        assert_string_equal(fixture.tasks[i].id.text, fixture.ids[i].text);
        assert_int_equal(fixture.tasks[i].status, i % 2 == 0 ? DM_TASK_SUCCESS : DM_TASK_ERROR);
    }
    assert_int_equal(wait_pending(&fixture.list), 0);
    task_table_free(&fixture.list);
}

static void a_finished_task_is_not_asked_for_again(void **state)
{
    static const char *const ids[] = {"a", "b", "c"};
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    (void)state;
    begin(&fixture, ids, 3);
    size_t count = take_all(&fixture, batch);
    assert_true(tell(&fixture, "b", DM_TASK_ERROR));
    assert_false(tell(&fixture, "a", DM_TASK_PENDING));
    assert_false(tell(&fixture, "c", DM_TASK_PENDING));
    wait_end_batch(&fixture.list, batch, count);
    assert_int_equal(wait_pending(&fixture.list), 2);
    count = take_all(&fixture, batch);
    assert_int_equal(count, 2);
    assert_true(batch_has(batch, count, 0));
    assert_true(batch_has(batch, count, 2));
    task_table_free(&fixture.list);
}

static void what_nobody_asked_for_has_no_place(void **state)
{
    static const char *const ids[] = {"5", "7"};
    static const char *const others[] = {"", "0", "6", "55", "9", "07"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 2);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(tell(&fixture, others[i], DM_TASK_SUCCESS));
    task_table_free(&fixture.list);
}

static void a_task_that_is_told_of_twice_keeps_the_first_answer(void **state)
{
    static const char *const ids[] = {"5"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    assert_true(tell(&fixture, "5", DM_TASK_SUCCESS));
    assert_false(tell(&fixture, "5", DM_TASK_ERROR));
    assert_int_equal(fixture.tasks[0].status, DM_TASK_SUCCESS);
    task_table_free(&fixture.list);
}

static void pending_tasks_have_a_place_only_if_they_are_wanted(void **state)
{
    static const char *const ids[] = {"5"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    assert_false(tell(&fixture, "5", DM_TASK_PENDING));
    task_table_free(&fixture.list);

    begin(&fixture, ids, 1);
    fixture.list.keep_pending = true;
    assert_true(tell(&fixture, "5", DM_TASK_PENDING));
    assert_false(tell(&fixture, "5", DM_TASK_PENDING)); /* nor twice, for what is decoded stays in memory */
    task_table_free(&fixture.list);
}

static void an_id_that_the_service_does_not_know_is_missing(void **state)
{
    static const char *const ids[] = {"a", "b"};
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    (void)state;
    begin(&fixture, ids, 2);
    const size_t count = take_all(&fixture, batch);
    tell(&fixture, "b", DM_TASK_PENDING);
    wait_end_batch(&fixture.list, batch, count);
    assert_int_equal(fixture.tasks[0].status, DM_TASK_MISSING);
    assert_int_equal(fixture.tasks[1].status, DM_TASK_PENDING);
    assert_int_equal(wait_pending(&fixture.list), 1);
    task_table_free(&fixture.list);
}

static void play_round(struct fixture *fixture, const char *known)
{
    size_t batch[WAIT_BATCH];
    const size_t count = take_all(fixture, batch);
    if (known != NULL)
        tell(fixture, known, DM_TASK_PENDING);
    wait_end_batch(&fixture->list, batch, count);
}

static void an_id_may_be_missed_once_when_two_misses_are_needed(void **state)
{
    static const char *const ids[] = {"a"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    fixture.list.most_misses = 2;
    play_round(&fixture, NULL);
    assert_int_equal(fixture.tasks[0].status, DM_TASK_PENDING);
    play_round(&fixture, NULL);
    assert_int_equal(fixture.tasks[0].status, DM_TASK_MISSING);
    task_table_free(&fixture.list);
}

static void misses_count_only_in_a_row(void **state)
{
    static const char *const ids[] = {"a"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    fixture.list.most_misses = 2;
    for (int i = 0; i < 300; i++)
        play_round(&fixture, i % 2 == 0 ? NULL : "a");
    assert_int_equal(fixture.tasks[0].status, DM_TASK_PENDING);
    task_table_free(&fixture.list);
}

static void an_id_that_was_known_in_an_earlier_round_can_be_missed(void **state)
{
    static const char *const ids[] = {"a"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    play_round(&fixture, "a");
    assert_int_equal(fixture.tasks[0].status, DM_TASK_PENDING);
    play_round(&fixture, NULL);
    assert_int_equal(fixture.tasks[0].status, DM_TASK_MISSING);
    task_table_free(&fixture.list);
}

static void an_id_of_a_later_batch_is_not_missed(void **state)
{
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    size_t at = 0;
    (void)state;
    begin_numbered(&fixture, WAIT_BATCH + 1);
    const size_t count = wait_take_batch(&fixture.list, &at, batch);
    wait_end_batch(&fixture.list, batch, count);
    assert_int_equal(wait_pending(&fixture.list), 1);
    task_table_free(&fixture.list);
}

/* ---- Ids that stand there twice ---- */

static void a_repeated_id_is_asked_for_once(void **state)
{
    static const char *const ids[] = {"x", "a", "x", "b", "x", "a"};
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    (void)state;
    begin(&fixture, ids, 6);
    const size_t count = take_all(&fixture, batch);
    assert_int_equal(count, 3);
    assert_true(batch_has(batch, count, 0));
    assert_true(batch_has(batch, count, 1));
    assert_true(batch_has(batch, count, 3));
    task_table_free(&fixture.list);
}

static void a_repeated_id_has_its_answer_in_all_its_places(void **state)
{
    static const char *const ids[] = {"x", "a", "x", "b", "x", "a"};
    static const dm_task_status wanted[] = {DM_TASK_SUCCESS, DM_TASK_MISSING, DM_TASK_SUCCESS,
                                            DM_TASK_ERROR,   DM_TASK_SUCCESS, DM_TASK_MISSING};
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    (void)state;
    begin(&fixture, ids, 6);
    const size_t count = take_all(&fixture, batch);
    tell(&fixture, "x", DM_TASK_SUCCESS);
    tell(&fixture, "b", DM_TASK_ERROR);
    wait_end_batch(&fixture.list, batch, count);
    wait_copy_repeated(&fixture.list);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(fixture.tasks[i].id.text, ids[i]);
        assert_int_equal(fixture.tasks[i].status, wanted[i]);
    }
    assert_string_equal(fixture.tasks[4].data, "{}");
    assert_int_equal(wait_pending(&fixture.list), 0);
    task_table_free(&fixture.list);
}

/* dm_task_wait_all goes on while some are pending: one that nobody can answer must not be among them. */
static void a_repeated_id_does_not_prolong_the_wait(void **state)
{
    static const char *const ids[] = {"x", "x", "y", "y"};
    struct fixture fixture;
    size_t batch[WAIT_BATCH];
    (void)state;
    begin(&fixture, ids, 4);
    const size_t count = take_all(&fixture, batch);
    tell(&fixture, "x", DM_TASK_SUCCESS);
    wait_end_batch(&fixture.list, batch, count);
    assert_int_equal(wait_pending(&fixture.list), 0);
    task_table_free(&fixture.list);
}

static void a_repeated_id_that_is_pending_counts_in_all_its_places(void **state)
{
    static const char *const ids[] = {"x", "y", "x"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 3);
    tell(&fixture, "y", DM_TASK_SUCCESS);
    assert_int_equal(wait_pending(&fixture.list), 2);
    wait_copy_repeated(&fixture.list);
    assert_int_equal(wait_pending(&fixture.list), 2);
    task_table_free(&fixture.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_question_comes_after_the_first_pause),
        cmocka_unit_test(pauses_grow_up_to_the_longest),
        cmocka_unit_test(a_longest_pause_below_the_first_holds),
        cmocka_unit_test(the_longest_pauses_do_not_overflow),
        cmocka_unit_test(all_tasks_begin_pending_in_the_caller_s_order),
        cmocka_unit_test(batches_hold_100_ids_at_most_and_each_id_once),
        cmocka_unit_test(exactly_100_ids_are_one_batch),
        cmocka_unit_test(answers_find_their_places_in_any_order),
        cmocka_unit_test(a_finished_task_is_not_asked_for_again),
        cmocka_unit_test(what_nobody_asked_for_has_no_place),
        cmocka_unit_test(a_task_that_is_told_of_twice_keeps_the_first_answer),
        cmocka_unit_test(pending_tasks_have_a_place_only_if_they_are_wanted),
        cmocka_unit_test(an_id_that_the_service_does_not_know_is_missing),
        cmocka_unit_test(an_id_may_be_missed_once_when_two_misses_are_needed),
        cmocka_unit_test(misses_count_only_in_a_row),
        cmocka_unit_test(an_id_that_was_known_in_an_earlier_round_can_be_missed),
        cmocka_unit_test(an_id_of_a_later_batch_is_not_missed),
        cmocka_unit_test(a_repeated_id_is_asked_for_once),
        cmocka_unit_test(a_repeated_id_has_its_answer_in_all_its_places),
        cmocka_unit_test(a_repeated_id_does_not_prolong_the_wait),
        cmocka_unit_test(a_repeated_id_that_is_pending_counts_in_all_its_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
