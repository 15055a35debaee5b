/* When a queue polls for its tasks. */
#include "api/poller.h"

#include "array.h"
#include "test.h"

#include <string.h>

enum { MAX_DELAY_MS = 100, DEADLINE_MS = 8000 };

/* Many tasks, submitted at the time 0 and always due. */
struct many {
    dm_client *client;
    struct traffic traffic;
    struct ticket_order open;
    struct ticket_list line;
    struct poller poller;
    struct ticket tickets[64];
};

static void begin(struct many *many, int64_t max_poll_delay_ms)
{
    const dm_client_options options = {
        .api_key = "key", .api_url = "http://127.0.0.1:9", .max_poll_delay_ms = max_poll_delay_ms};
    memset(many, 0, sizeof *many);
    assert_int_equal(dm_client_new(&options, &many->client, NULL), DM_OK);
    traffic_init(&many->traffic, NULL, 8);
    poller_init(&many->poller, many->client, &many->open, &many->line);
    for (size_t i = 0; i < COUNT(many->tickets); i++) {
        many->tickets[i].call.deadline = DEADLINE_MS;
        ticket_list_insert_due(&many->poller.awaited, &many->tickets[i]);
    }
}

/* The pause between a poll at this time and the next one. */
static int64_t pause_after(struct many *many, int64_t now)
{
    many->poller.polled_at = now;
    while (poller_due_at(&many->poller, &many->traffic, now) > now)
        now++;
    return now - many->poller.polled_at;
}

static void polls_of_many_tasks_are_spaced_by_a_part_of_the_time_they_have_taken(void **state)
{
    static struct many many;
    (void)state;
    begin(&many, 0);
    assert_in_range(pause_after(&many, 100), 15, 30);
    assert_in_range(pause_after(&many, 1000), 150, 300);
    dm_client_free(many.client);
}

static void the_spacing_is_never_longer_than_the_longest_delay(void **state)
{
    static struct many many;
    (void)state;
    begin(&many, MAX_DELAY_MS);
    for (int64_t now = 0; now < DEADLINE_MS; now += 50)
        assert_in_range(pause_after(&many, now), 0, MAX_DELAY_MS);
    dm_client_free(many.client);
}

/* Otherwise the last ones would time out although they are done. */
static void polls_of_more_tasks_than_one_has_room_for_are_not_spaced_further(void **state)
{
    static struct many many;
    static struct ticket more[4936];
    (void)state;
    begin(&many, 0);
    for (size_t i = 0; i < COUNT(more); i++) {
        more[i] = (struct ticket){.call.deadline = DEADLINE_MS};
        ticket_list_insert_due(&many.poller.awaited, &more[i]);
    }
    assert_in_range(pause_after(&many, 4000), 10, 50);
    dm_client_free(many.client);
}

/* The slow task is the first one that is due. */
static void quick_tasks_do_not_wait_for_the_spacing_of_a_slow_one(void **state)
{
    static struct many many;
    (void)state;
    begin(&many, 0);
    for (size_t i = 1; i < COUNT(many.tickets); i++)
        many.tickets[i].submitted_at = 3900;
    assert_in_range(pause_after(&many, 4000), 15, 40);
    dm_client_free(many.client);
}

/* Polls become more frequent towards the deadline, so that a task that ends before the deadline is polled in time. */
static void near_the_deadline_the_spacing_is_a_part_of_the_time_left(void **state)
{
    static struct many many;
    (void)state;
    begin(&many, 0);
    for (int64_t now = 0; now < DEADLINE_MS; now += 50)
        assert_true(now + pause_after(&many, now) <= DEADLINE_MS - (DEADLINE_MS - now) / 2);
    dm_client_free(many.client);
}

/* The tasks are all due, so waiting has no benefit. */
static void after_a_poll_that_failed_as_a_whole_polls_are_not_spaced(void **state)
{
    static struct many many;
    (void)state;
    begin(&many, 0);
    many.poller.awaited.first->max_shared = 32;
    assert_int_equal(pause_after(&many, DEADLINE_MS / 2), 0);
    dm_client_free(many.client);
}

static void a_poll_has_no_more_tasks_than_each_of_its_tickets_allows(void **state)
{
    static struct many many;
    (void)state;
    begin(&many, 0);
    struct shared_poll *poll = shared_poll_new(many.client, 3);
    assert_non_null(poll);
    many.tickets[1].max_shared = 2;
    many.tickets[2].max_shared = 1;
    assert_true(shared_poll_has_room(poll, &many.tickets[2]));
    shared_poll_add(poll, &many.tickets[0]);
    assert_false(shared_poll_has_room(poll, &many.tickets[2]));
    assert_true(shared_poll_has_room(poll, &many.tickets[1]));
    shared_poll_add(poll, &many.tickets[1]);
    assert_false(shared_poll_has_room(poll, &many.tickets[3]));
    shared_poll_free(poll);
    dm_client_free(many.client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls_of_many_tasks_are_spaced_by_a_part_of_the_time_they_have_taken),
        cmocka_unit_test(the_spacing_is_never_longer_than_the_longest_delay),
        cmocka_unit_test(polls_of_more_tasks_than_one_has_room_for_are_not_spaced_further),
        cmocka_unit_test(quick_tasks_do_not_wait_for_the_spacing_of_a_slow_one),
        cmocka_unit_test(near_the_deadline_the_spacing_is_a_part_of_the_time_left),
        cmocka_unit_test(after_a_poll_that_failed_as_a_whole_polls_are_not_spaced),
        cmocka_unit_test(a_poll_has_no_more_tasks_than_each_of_its_tickets_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
