#include "api/task_table.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 350 };

struct fixture {
    dm_task tasks[MOST];
    struct task_table table;
};

static void begin(struct fixture *fixture, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        snprintf(fixture->tasks[i].id.text, sizeof fixture->tasks[i].id.text, "%s", ids[i]);
    assert_true(task_table_init(&fixture->table, fixture->tasks, count));
}

static void write_number(dm_task_id *id, size_t i)
{
    snprintf(id->text, sizeof id->text, "%zu", (i * 7919) % 100003);
}

static void begin_numbered(struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_number(&fixture->tasks[i].id, i);
    assert_true(task_table_init(&fixture->table, fixture->tasks, count));
}

/* Simulates a reply with this task, which the decoder stores in the table. */
static bool tell(struct fixture *fixture, const char *id, dm_task_status status)
{
    dm_task_id given = {""};
    snprintf(given.text, sizeof given.text, "%s", id);
    dm_task *slot = task_table_slot(&fixture->table, &given, status, NULL);
    if (slot == NULL)
        return false;
    *slot = (dm_task){.id = given, .status = status, .data = "{}"};
    return true;
}

static size_t take_all(struct fixture *fixture, size_t batch[MAX_BATCH])
{
    size_t at = 0;
    return task_table_take_batch(&fixture->table, &at, 0, SIZE_MAX, batch);
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
    assert_int_equal(task_table_pending(&fixture.table), 4);
    task_table_free(&fixture.table);
}

static void batches_hold_100_ids_at_most_and_each_id_once(void **state)
{
    static const size_t wanted[] = {100, 100, 100, 50, 0};
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    bool taken[MOST] = {false};
    size_t at = 0;
    (void)state;
    begin_numbered(&fixture, MOST);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_int_equal(task_table_take_batch(&fixture.table, &at, 0, SIZE_MAX, batch), wanted[i]);
        for (size_t k = 0; k < wanted[i]; k++) {
            assert_true(batch[k] < MOST);
            assert_false(taken[batch[k]]);
            taken[batch[k]] = true;
        }
    }
    for (size_t i = 0; i < MOST; i++)
        assert_true(taken[i]);
    task_table_free(&fixture.table);
}

static void exactly_100_ids_are_one_batch(void **state)
{
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    size_t at = 0;
    (void)state;
    begin_numbered(&fixture, MAX_BATCH);
    assert_int_equal(task_table_take_batch(&fixture.table, &at, 0, SIZE_MAX, batch), MAX_BATCH);
    assert_int_equal(task_table_take_batch(&fixture.table, &at, 0, SIZE_MAX, batch), 0);
    task_table_free(&fixture.table);
}

static void answers_are_stored_by_id_in_any_order(void **state)
{
    struct fixture fixture;
    dm_task_id id;
    size_t batch[MAX_BATCH];
    (void)state;
    begin_numbered(&fixture, MAX_BATCH);
    const size_t count = take_all(&fixture, batch);
    for (size_t i = MAX_BATCH; i-- > 0;) {
        write_number(&id, i);
        assert_true(tell(&fixture, id.text, i % 2 == 0 ? DM_TASK_SUCCESS : DM_TASK_ERROR));
    }
    task_table_end_batch(&fixture.table, batch, count);
    for (size_t i = 0; i < MAX_BATCH; i++) {
        write_number(&id, i);
        assert_string_equal(fixture.tasks[i].id.text, id.text);
        assert_int_equal(fixture.tasks[i].status, i % 2 == 0 ? DM_TASK_SUCCESS : DM_TASK_ERROR);
    }
    assert_int_equal(task_table_pending(&fixture.table), 0);
    task_table_free(&fixture.table);
}

static void a_finished_task_is_not_polled_again(void **state)
{
    static const char *const ids[] = {"a", "b", "c"};
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    (void)state;
    begin(&fixture, ids, 3);
    size_t count = take_all(&fixture, batch);
    assert_true(tell(&fixture, "b", DM_TASK_ERROR));
    assert_false(tell(&fixture, "a", DM_TASK_PENDING));
    assert_false(tell(&fixture, "c", DM_TASK_PENDING));
    task_table_end_batch(&fixture.table, batch, count);
    assert_int_equal(task_table_pending(&fixture.table), 2);
    count = take_all(&fixture, batch);
    assert_int_equal(count, 2);
    assert_true(batch_has(batch, count, 0));
    assert_true(batch_has(batch, count, 2));
    task_table_free(&fixture.table);
}

static void a_task_that_was_not_requested_is_not_stored(void **state)
{
    static const char *const ids[] = {"5", "7"};
    static const char *const others[] = {"", "0", "6", "55", "9", "07"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 2);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(tell(&fixture, others[i], DM_TASK_SUCCESS));
    task_table_free(&fixture.table);
}

static void a_task_that_is_answered_twice_keeps_the_first_answer(void **state)
{
    static const char *const ids[] = {"5"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    assert_true(tell(&fixture, "5", DM_TASK_SUCCESS));
    assert_false(tell(&fixture, "5", DM_TASK_ERROR));
    assert_int_equal(fixture.tasks[0].status, DM_TASK_SUCCESS);
    task_table_free(&fixture.table);
}

static void pending_tasks_are_stored_only_if_they_are_wanted(void **state)
{
    static const char *const ids[] = {"5"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    assert_false(tell(&fixture, "5", DM_TASK_PENDING));
    task_table_free(&fixture.table);

    begin(&fixture, ids, 1);
    fixture.table.keep_pending = true;
    assert_true(tell(&fixture, "5", DM_TASK_PENDING));
    assert_false(tell(&fixture, "5", DM_TASK_PENDING)); /* nor twice, because decoded tasks stay in memory */
    task_table_free(&fixture.table);
}

static void an_id_that_the_service_does_not_know_is_missing(void **state)
{
    static const char *const ids[] = {"a", "b"};
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    (void)state;
    begin(&fixture, ids, 2);
    const size_t count = take_all(&fixture, batch);
    tell(&fixture, "b", DM_TASK_PENDING);
    task_table_end_batch(&fixture.table, batch, count);
    assert_int_equal(fixture.tasks[0].status, DM_TASK_MISSING);
    assert_int_equal(fixture.tasks[1].status, DM_TASK_PENDING);
    assert_int_equal(task_table_pending(&fixture.table), 1);
    task_table_free(&fixture.table);
}

static void play_round(struct fixture *fixture, const char *known)
{
    size_t batch[MAX_BATCH];
    const size_t count = take_all(fixture, batch);
    if (known != NULL)
        tell(fixture, known, DM_TASK_PENDING);
    task_table_end_batch(&fixture->table, batch, count);
}

static void an_id_may_be_missed_once_when_two_misses_are_needed(void **state)
{
    static const char *const ids[] = {"a"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    fixture.table.max_misses = 2;
    play_round(&fixture, NULL);
    assert_int_equal(fixture.tasks[0].status, DM_TASK_PENDING);
    play_round(&fixture, NULL);
    assert_int_equal(fixture.tasks[0].status, DM_TASK_MISSING);
    task_table_free(&fixture.table);
}

static void misses_count_only_in_a_row(void **state)
{
    static const char *const ids[] = {"a"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 1);
    fixture.table.max_misses = 2;
    for (int i = 0; i < 300; i++)
        play_round(&fixture, i % 2 == 0 ? NULL : "a");
    assert_int_equal(fixture.tasks[0].status, DM_TASK_PENDING);
    task_table_free(&fixture.table);
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
    task_table_free(&fixture.table);
}

static void an_id_of_a_later_batch_is_not_missed(void **state)
{
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    size_t at = 0;
    (void)state;
    begin_numbered(&fixture, MAX_BATCH + 1);
    const size_t count = task_table_take_batch(&fixture.table, &at, 0, SIZE_MAX, batch);
    task_table_end_batch(&fixture.table, batch, count);
    assert_int_equal(task_table_pending(&fixture.table), 1);
    task_table_free(&fixture.table);
}

/* ---- Duplicate ids ---- */

static void a_repeated_id_is_requested_once(void **state)
{
    static const char *const ids[] = {"x", "a", "x", "b", "x", "a"};
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    (void)state;
    begin(&fixture, ids, 6);
    const size_t count = take_all(&fixture, batch);
    assert_int_equal(count, 3);
    assert_true(batch_has(batch, count, 0));
    assert_true(batch_has(batch, count, 1));
    assert_true(batch_has(batch, count, 3));
    task_table_free(&fixture.table);
}

static void a_repeated_id_has_its_answer_in_all_its_places(void **state)
{
    static const char *const ids[] = {"x", "a", "x", "b", "x", "a"};
    static const dm_task_status wanted[] = {DM_TASK_SUCCESS, DM_TASK_MISSING, DM_TASK_SUCCESS,
                                            DM_TASK_ERROR,   DM_TASK_SUCCESS, DM_TASK_MISSING};
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    (void)state;
    begin(&fixture, ids, 6);
    const size_t count = take_all(&fixture, batch);
    tell(&fixture, "x", DM_TASK_SUCCESS);
    tell(&fixture, "b", DM_TASK_ERROR);
    task_table_end_batch(&fixture.table, batch, count);
    task_table_copy_repeated(&fixture.table);
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(fixture.tasks[i].id.text, ids[i]);
        assert_int_equal(fixture.tasks[i].status, wanted[i]);
    }
    assert_string_equal(fixture.tasks[4].data, "{}");
    assert_int_equal(task_table_pending(&fixture.table), 0);
    task_table_free(&fixture.table);
}

/* dm_task_wait_all continues while tasks are pending, so the duplicate must not count as pending. */
static void a_repeated_id_does_not_prolong_the_wait(void **state)
{
    static const char *const ids[] = {"x", "x", "y", "y"};
    struct fixture fixture;
    size_t batch[MAX_BATCH];
    (void)state;
    begin(&fixture, ids, 4);
    const size_t count = take_all(&fixture, batch);
    tell(&fixture, "x", DM_TASK_SUCCESS);
    task_table_end_batch(&fixture.table, batch, count);
    assert_int_equal(task_table_pending(&fixture.table), 0);
    task_table_free(&fixture.table);
}

static void a_repeated_id_that_is_pending_counts_in_all_its_places(void **state)
{
    static const char *const ids[] = {"x", "y", "x"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 3);
    tell(&fixture, "y", DM_TASK_SUCCESS);
    assert_int_equal(task_table_pending(&fixture.table), 2);
    task_table_copy_repeated(&fixture.table);
    assert_int_equal(task_table_pending(&fixture.table), 2);
    task_table_free(&fixture.table);
}

/* ---- The limit by bytes ---- */

static void a_batch_is_limited_by_bytes(void **state)
{
    static const char *const ids[] = {"aaaa", "bbbb", "cccc"};
    size_t batch[MAX_BATCH];
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 3);
    for (size_t max_bytes = 0; max_bytes <= 30; max_bytes++) {
        size_t at = 0;
        const size_t wanted = max_bytes >= 30 ? 3 : max_bytes >= 20 ? 2 : 1;
        assert_int_equal(task_table_take_batch(&fixture.table, &at, 6, max_bytes, batch), wanted);
        assert_int_equal(at, wanted);
    }
    task_table_free(&fixture.table);
}

static void a_duplicate_id_counts_once(void **state)
{
    static const char *const ids[] = {"aaaa", "aaaa", "bbbb"};
    size_t batch[MAX_BATCH];
    size_t at = 0;
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 3);
    assert_int_equal(task_table_take_batch(&fixture.table, &at, 6, 20, batch), 2);
    assert_int_equal(task_table_take_batch(&fixture.table, &at, 6, 20, batch), 0);
    task_table_free(&fixture.table);
}

static void no_id_is_lost_or_repeated_between_batches(void **state)
{
    size_t batch[MAX_BATCH];
    size_t seen = 0;
    size_t at = 0;
    size_t count = 0;
    bool taken[MOST] = {false};
    struct fixture fixture;
    (void)state;
    begin_numbered(&fixture, MOST);
    while ((count = task_table_take_batch(&fixture.table, &at, 10, 100, batch)) > 0) {
        assert_true(count <= 10);
        for (size_t i = 0; i < count; i++) {
            assert_false(taken[batch[i]]);
            taken[batch[i]] = true;
            seen++;
        }
    }
    assert_int_equal(seen, MOST);
    task_table_free(&fixture.table);
}

static void a_task_that_cannot_be_read_is_finished(void **state)
{
    static const char *const ids[] = {"1", "2", "1"};
    struct fixture fixture;
    (void)state;
    begin(&fixture, ids, 3);
    assert_true(tell(&fixture, "1", DM_TASK_UNREADABLE));
    assert_int_equal(task_table_pending(&fixture.table), 1);
    task_table_copy_repeated(&fixture.table);
    assert_int_equal(fixture.tasks[2].status, DM_TASK_UNREADABLE);
    task_table_free(&fixture.table);
}

/* The reply has a task without an id instead of this one. */
static void a_task_that_is_missed_beside_a_nameless_one_is_unreadable(void **state)
{
    dm_task tasks[] = {{.id = {"a"}}, {.id = {"b"}}};
    struct task_table table;
    size_t batch[MAX_BATCH];
    size_t at = 0;
    (void)state;

    assert_true(task_table_init(&table, tasks, 2));
    assert_int_equal(task_table_take_batch(&table, &at, 0, 1000, batch), 2);
    struct arena *arena = NULL;
    dm_task *slot = task_table_slot(&table, &tasks[0].id, DM_TASK_SUCCESS, &arena);
    assert_non_null(slot);
    slot->status = DM_TASK_SUCCESS;
    assert_null(task_table_slot(&table, NULL, DM_TASK_UNREADABLE, &arena));
    task_table_end_batch(&table, batch, 2);
    assert_int_equal(tasks[0].status, DM_TASK_SUCCESS);
    assert_int_equal(tasks[1].status, DM_TASK_UNREADABLE);
    assert_string_equal(tasks[1].error, "the reply has no task with this id, but one without a valid id");
    task_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_tasks_begin_pending_in_the_caller_s_order),
        cmocka_unit_test(batches_hold_100_ids_at_most_and_each_id_once),
        cmocka_unit_test(exactly_100_ids_are_one_batch),
        cmocka_unit_test(answers_are_stored_by_id_in_any_order),
        cmocka_unit_test(a_finished_task_is_not_polled_again),
        cmocka_unit_test(a_task_that_was_not_requested_is_not_stored),
        cmocka_unit_test(a_task_that_is_answered_twice_keeps_the_first_answer),
        cmocka_unit_test(pending_tasks_are_stored_only_if_they_are_wanted),
        cmocka_unit_test(an_id_that_the_service_does_not_know_is_missing),
        cmocka_unit_test(an_id_may_be_missed_once_when_two_misses_are_needed),
        cmocka_unit_test(misses_count_only_in_a_row),
        cmocka_unit_test(an_id_that_was_known_in_an_earlier_round_can_be_missed),
        cmocka_unit_test(an_id_of_a_later_batch_is_not_missed),
        cmocka_unit_test(a_repeated_id_is_requested_once),
        cmocka_unit_test(a_repeated_id_has_its_answer_in_all_its_places),
        cmocka_unit_test(a_repeated_id_does_not_prolong_the_wait),
        cmocka_unit_test(a_repeated_id_that_is_pending_counts_in_all_its_places),
        cmocka_unit_test(a_batch_is_limited_by_bytes),
        cmocka_unit_test(a_duplicate_id_counts_once),
        cmocka_unit_test(no_id_is_lost_or_repeated_between_batches),
        cmocka_unit_test(a_task_that_cannot_be_read_is_finished),
        cmocka_unit_test(a_task_that_is_missed_beside_a_nameless_one_is_unreadable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
