/* Which connections of the engine are reused. */
#include "engine_test.h"
#include "transport/engine.h"

#include "base/clock.h"
#include "fault_server.h"
#include "open_descriptors.h"
#include "stalled_listener.h"
#include "test.h"
#include "transport/sockets.h"

#include <unistd.h>

static void exchanges_in_a_row_use_one_connection(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    for (int i = 0; i < MOST; i++) {
        engine_start(stage.engine, &stage.exchanges[i]);
        assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[i]);
    }
    assert_int_equal(fault_server_connection_count(stage.server), 1);
    close_stage(&stage);
}

static void after_a_failure_one_new_connection_is_used_for_all_following_calls(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_CLOSE},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 2, "GET");
    for (int i = 0; i < MOST; i++) {
        engine_start(stage.engine, &stage.exchanges[i]);
        assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[i]);
        assert_int_equal(stage.exchanges[i].status, DM_OK);
    }
    assert_int_equal(fault_server_connection_count(stage.server), 2);
    close_stage(&stage);
}

/* Leaves one doubtful connection idle, and one exchange running on another. */
static void a_doubtful_connection_is_left_alone(const struct fault_step *doubtful)
{
    const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .drip = true},
                                       *doubtful,
                                       {.reply = "", .ending = FAULT_THEN_STALL},
                                       {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;

    open_stage(&stage, steps, 4, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    engine_start(stage.engine, &stage.exchanges[1]);
    for (int i = 0; i < 2; i++)
        assert_int_equal(engine_next(stage.engine, CLOCK_NEVER)->status, DM_OK);
    assert_true(fault_server_await_played(stage.server, 2, LONG_MS)); /* the unexpected bytes or the close */
    engine_start(stage.engine, &stage.exchanges[2]);
    while (fault_server_request_count(stage.server) < 3)
        assert_null(engine_next(stage.engine, clock_after(10)));
    engine_start(stage.engine, &stage.exchanges[3]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[3]);
    assert_int_equal(stage.exchanges[3].status, DM_OK);
    assert_int_equal(stage.exchanges[3].attempts, 1);
    assert_string_equal(stage.exchanges[3].last.body.data, "{}");
    assert_int_not_equal(fault_server_request(stage.server, 3)->connection,
                         fault_server_request(stage.server, 1)->connection);
    assert_int_equal(stage.exchanges[2].end, EXCHANGE_OPEN);
    expire(&stage, 2);
    close_stage(&stage);
}

static void bytes_on_an_idle_connection_are_not_taken_for_a_reply(void **state)
{
    static const struct fault_step step = {
        .reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .unasked = BUSY_REPLY};
    (void)state;
    a_doubtful_connection_is_left_alone(&step);
}

static void a_closed_idle_connection_is_not_used(void **state)
{
    static const struct fault_step step = {
        .reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .ending = FAULT_THEN_CLOSE};
    (void)state;
    a_doubtful_connection_is_left_alone(&step);
}

/* The handle has already sent a request. */
static void an_attempt_that_is_aborted_before_it_could_connect_has_sent_nothing(void **state)
{
    static const struct fault_step steps[] = {
        {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .ending = FAULT_THEN_CLOSE}};
    struct stalled_listener *stalled = stalled_listener_start();
    struct stage stage;
    (void)state;

    assert_non_null(stalled);
    open_stage(&stage, steps, 1, "POST");
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_non_null(engine_next(stage.engine, CLOCK_NEVER));

    text_clear(&stage.settings.transport.base);
    text_append_string(&stage.settings.transport.base, stalled_listener_url(stalled));
    engine_start(stage.engine, &stage.exchanges[1]);
    assert_null(engine_next(stage.engine, clock_after(100)));
    expire(&stage, 1);
    assert_int_equal(stage.exchanges[1].attempts, 1);
    assert_false(stage.exchanges[1].outcome_unknown);
    close_stage(&stage);
    stalled_listener_stop(stalled);
}

/* Each connection has two descriptors in this process, because the server runs in it, too. */
static void idle_connections_are_bounded(void **state)
{
    enum { MANY = MAX_IDLE_SOCKETS + 32 };
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .drip = true}};
    struct exchange exchanges[MANY];
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    const size_t before = open_descriptors();
    for (int i = 0; i < MANY; i++) {
        exchange_init(&exchanges[i], &stage.request, &stage.settings.transport.retry, clock_after(LONG_MS), NULL);
        engine_start(stage.engine, &exchanges[i]);
    }
    for (int i = 0; i < MANY; i++) {
        struct exchange *back = engine_next(stage.engine, CLOCK_NEVER);
        assert_int_equal(back->status, DM_OK);
        exchange_free(back);
    }
    assert_true(fault_server_connection_count(stage.server) > MAX_IDLE_SOCKETS);
    const int64_t end = clock_after(TOO_LONG_MS);
    while (open_descriptors() > before + 2 * MAX_IDLE_SOCKETS + 4 && clock_now() < end)
        usleep(10 * 1000);
    assert_true(open_descriptors() <= before + 2 * MAX_IDLE_SOCKETS + 4); /* 4: the engine's own descriptors */
    close_stage(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchanges_in_a_row_use_one_connection),
        cmocka_unit_test(after_a_failure_one_new_connection_is_used_for_all_following_calls),
        cmocka_unit_test(an_attempt_that_is_aborted_before_it_could_connect_has_sent_nothing),
        cmocka_unit_test(bytes_on_an_idle_connection_are_not_taken_for_a_reply),
        cmocka_unit_test(a_closed_idle_connection_is_not_used),
        cmocka_unit_test(idle_connections_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
