/* The engine: exchanges that run at the same time, their pauses, deadlines and tokens. */
#include "engine_test.h"
#include "transport/engine.h"

#include "assert_status.h"
#include "base/clock.h"
#include "fault_server.h"
#include "loopback.h"
#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static dm_cancel *new_token(void)
{
    dm_cancel *token = NULL;
    assert_status(dm_cancel_new(&token, NULL), DM_OK, NULL);
    return token;
}

static void an_exchange_is_returned_finished(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[0]);
    assert_int_equal(stage.exchanges[0].end, EXCHANGE_CONCLUDED);
    assert_int_equal(stage.exchanges[0].status, DM_OK);
    assert_int_equal(stage.exchanges[0].attempts, 1);
    assert_string_equal(stage.exchanges[0].last.body.data, "{}");
    close_stage(&stage);
}

static void several_exchanges_run_at_the_same_time_and_are_returned_one_by_one(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .drip = true}};
    bool back[MOST] = {false};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    for (int i = 0; i < MOST; i++)
        engine_start(stage.engine, &stage.exchanges[i]);
    for (int i = 0; i < MOST; i++) {
        const struct exchange *finished = engine_next(stage.engine, CLOCK_NEVER);
        assert_non_null(finished);
        assert_int_equal(finished->status, DM_OK);
        assert_false(back[finished - stage.exchanges]);
        back[finished - stage.exchanges] = true;
    }
    assert_int_equal(fault_server_connection_count(stage.server), MOST);
    assert_null(engine_next(stage.engine, clock_now()));
    close_stage(&stage);
}

static void a_failed_attempt_is_made_again(void **state)
{
    static const struct fault_step steps[] = {{.reply = BUSY_REPLY, .reply_length = sizeof BUSY_REPLY - 1},
                                              {.reply = "", .ending = FAULT_THEN_CLOSE},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 3, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[0]);
    assert_int_equal(stage.exchanges[0].status, DM_OK);
    assert_int_equal(fault_server_request_count(stage.server), 3);
    close_stage(&stage);
}

/* Starts an exchange whose next attempt is due in 25 s, and another one that is answered at once. */
static void a_pausing_exchange_does_not_delay_others(void **state)
{
    static const struct fault_step steps[] = {{.reply = LATER_REPLY, .reply_length = sizeof LATER_REPLY - 1},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 2, "GET");
    const int64_t begun = clock_now();
    engine_start(stage.engine, &stage.exchanges[0]);
    while (stage.exchanges[0].attempts == 0)
        assert_null(engine_next(stage.engine, clock_after(10)));
    engine_start(stage.engine, &stage.exchanges[1]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[1]);
    expire(&stage, 0);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_TIMEOUT);
    assert_int_equal(stage.exchanges[0].attempts, 1);
    assert_true(clock_now() - begun < TOO_LONG_MS);
    close_stage(&stage);
}

static void an_idle_engine_waits_until_the_given_time(void **state)
{
    static const struct fault_step steps[] = {{.reply = ""}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    const int64_t begun = clock_now();
    assert_null(engine_next(stage.engine, begun + 50));
    assert_true(clock_now() - begun >= 50);
    assert_true(clock_now() - begun < TOO_LONG_MS);
    assert_null(engine_next(stage.engine, 0));
    close_stage(&stage);
}

static void the_wake_time_is_reached_while_an_exchange_is_running(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_STALL}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "POST");
    engine_start(stage.engine, &stage.exchanges[0]);
    const int64_t begun = clock_now();
    while (fault_server_request_count(stage.server) == 0)
        assert_null(engine_next(stage.engine, clock_after(20)));
    assert_true(clock_now() - begun < TOO_LONG_MS);
    expire(&stage, 0);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_TIMEOUT);
    assert_int_equal(stage.exchanges[0].attempts, 1);
    assert_true(stage.exchanges[0].outcome_unknown);
    close_stage(&stage);
}

static void keep_line(dm_log_level level, const char *line, void *kept)
{
    assert_int_equal(level, DM_LOG_INFO);
    snprintf(kept, MAX_LINE, "%s", line);
}

static void an_aborted_attempt_is_logged_with_its_number_and_the_reason(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_STALL}};
    static const struct {
        enum exchange_end why;
        const char *begin;
    } cases[] = {{EXCHANGE_CANCELLED, "GET /v0.7/x: aborted: cancelled, "},
                 {EXCHANGE_TIMED_OUT, "GET /v0.7/x: aborted: timed out, "}};
    char line[MAX_LINE];
    dm_cancel *token = new_token();
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    stage.settings.transport.log = keep_line;
    stage.settings.transport.log_data = line;
    stage.exchanges[0].cancel = token;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        engine_start(stage.engine, &stage.exchanges[i]);
        while (fault_server_request_count(stage.server) == i)
            assert_null(engine_next(stage.engine, clock_after(20)));
        line[0] = '\0';
        if (cases[i].why == EXCHANGE_CANCELLED)
            dm_cancel_fire(token);
        else
            stage.exchanges[i].deadline = clock_now();
        assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[i]);
        assert_int_equal(stage.exchanges[i].end, cases[i].why);
        assert_int_equal(strncmp(line, cases[i].begin, strlen(cases[i].begin)), 0);
        assert_non_null(strstr(line, ", attempt 1"));
    }
    close_stage(&stage);
    dm_cancel_free(token);
}

/* ---- Each exchange has its own deadline and token ---- */

static void an_exchange_that_ends_before_its_first_turn_is_never_sent(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    dm_cancel *token = new_token();
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    dm_cancel_fire(token);
    stage.exchanges[0].cancel = token;
    stage.exchanges[1].deadline = clock_now();
    for (int i = 0; i < 2; i++)
        engine_start(stage.engine, &stage.exchanges[i]);
    for (int i = 0; i < 2; i++)
        assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[i]);
    assert_int_equal(stage.exchanges[0].end, EXCHANGE_CANCELLED);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_CANCELLED);
    assert_int_equal(stage.exchanges[0].attempts, 0);
    assert_int_equal(stage.exchanges[1].end, EXCHANGE_TIMED_OUT);
    assert_int_equal(stage.exchanges[1].status, DM_ERR_TIMEOUT);
    assert_int_equal(stage.exchanges[1].attempts, 0);
    assert_null(engine_next(stage.engine, clock_after(50)));
    assert_int_equal(fault_server_connection_count(stage.server), 0);
    close_stage(&stage);
    dm_cancel_free(token);
}

static void a_deadline_and_a_token_end_their_own_exchange_only(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_STALL}};
    dm_cancel *tokens[] = {new_token(), new_token()};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    for (int i = 0; i < 2; i++)
        stage.exchanges[i].cancel = tokens[i];
    stage.exchanges[2].deadline = clock_after(300);
    for (int i = 0; i < 4; i++)
        engine_start(stage.engine, &stage.exchanges[i]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[2]);
    assert_int_equal(stage.exchanges[2].end, EXCHANGE_TIMED_OUT);
    dm_cancel_fire(tokens[1]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[1]);
    assert_int_equal(stage.exchanges[1].end, EXCHANGE_CANCELLED);
    assert_null(engine_next(stage.engine, clock_after(20)));
    assert_int_equal(stage.exchanges[0].end, EXCHANGE_OPEN);
    assert_int_equal(stage.exchanges[3].end, EXCHANGE_OPEN);
    expire(&stage, 0);
    expire(&stage, 3);
    close_stage(&stage);
    for (int i = 0; i < 2; i++)
        dm_cancel_free(tokens[i]);
}

/* Some have been answered when the token is fired; the others are waiting for an answer. */
static void a_token_that_is_shared_ends_only_what_is_not_answered(void **state)
{
    enum { ANSWERED = 3 };
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = "", .ending = FAULT_THEN_STALL}};
    dm_cancel *token = new_token();
    int answered = 0;
    int cancelled = 0;
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, ANSWERED + 1, "GET");
    for (int i = 0; i < MOST; i++) {
        stage.exchanges[i].cancel = token;
        engine_start(stage.engine, &stage.exchanges[i]);
    }
    assert_null(engine_next(stage.engine, clock_now())); /* the requests have been sent */
    struct exchange *first = engine_next(stage.engine, CLOCK_NEVER);
    assert_non_null(first);
    assert_true(fault_server_await_requests(stage.server, MOST, LONG_MS));
    assert_int_equal(usleep(50 * 1000), 0);
    dm_cancel_fire(token);
    for (struct exchange *back = first; back != NULL; back = engine_next(stage.engine, clock_after(100))) {
        const bool is_answered = back->end == EXCHANGE_CONCLUDED;
        assert_int_equal(back->status, is_answered ? DM_OK : DM_ERR_CANCELLED);
        assert_int_equal(back->http_status, is_answered ? 200 : 0);
        answered += is_answered;
        cancelled += back->end == EXCHANGE_CANCELLED;
    }
    assert_int_equal(answered, ANSWERED);
    assert_int_equal(cancelled, MOST - ANSWERED);
    close_stage(&stage);
    dm_cancel_free(token);
}

/* Runs the engine until its request has arrived on a connection, which is returned. */
static int accept_request(struct engine *engine, int listener)
{
    char head[1024] = "";
    int connection = -1;
    while (strstr(head, "\r\n\r\n") == NULL) {
        assert_null(engine_next(engine, clock_after(10)));
        if (connection < 0)
            connection = accept(listener, NULL, NULL);
        if (connection >= 0 && recv(connection, head, sizeof head - 1, MSG_PEEK | MSG_DONTWAIT) < 0)
            assert_int_equal(errno, EAGAIN);
    }
    return connection;
}

/* The process may have been stopped for a while. */
static void an_answer_that_came_while_the_deadline_passed_counts(void **state)
{
    const int listener = loopback_listen(1, 0);
    char url[LOOPBACK_URL_SIZE];
    struct stage stage = {.server = NULL};
    (void)state;

    assert_true(listener >= 0);
    loopback_url(listener, url);
    open_at(&stage, url, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    const int connection = accept_request(stage.engine, listener);
    assert_int_equal(send(connection, SLOW_REPLY, sizeof SLOW_REPLY - 1, MSG_NOSIGNAL), sizeof SLOW_REPLY - 1);
    stage.exchanges[0].deadline = clock_now();
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[0]);
    assert_int_equal(stage.exchanges[0].status, DM_OK);
    assert_int_equal(stage.exchanges[0].http_status, 200);
    close_stage(&stage);
    close(connection);
    close(listener);
}

/* ---- Idle connections ---- */

static void after_a_timeout_the_engine_continues_to_work(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_STALL},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 2, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    while (fault_server_request_count(stage.server) == 0)
        assert_null(engine_next(stage.engine, clock_after(10)));
    expire(&stage, 0);
    engine_start(stage.engine, &stage.exchanges[1]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[1]);
    assert_int_equal(stage.exchanges[1].status, DM_OK);
    close_stage(&stage);
}

static void an_exchange_that_cannot_be_prepared_is_refused(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    body_append_file(&stage.request.body,
                     &(struct file){.path = "a.jpg", .descriptor = -1, .size = 10}); /* no longer valid */
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[0]);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_FILE);
    assert_string_equal(stage.exchanges[0].last.detail, "a file changed while the call used it: \"a.jpg\"");
    assert_int_equal(fault_server_connection_count(stage.server), 0);
    close_stage(&stage);
}

/* All fail in one iteration of the loop. Neither the deadline nor the token changes a finished exchange. */
static void a_finished_exchange_is_not_changed_by_its_deadline_or_its_token(void **state)
{
    static const struct fault_step steps[] = {{.reply = ""}};
    dm_cancel *token = new_token();
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    body_append_file(&stage.request.body,
                     &(struct file){.path = "a.jpg", .descriptor = -1, .size = 10}); /* no longer valid */
    for (int i = 0; i < 3; i++) {
        stage.exchanges[i].cancel = token;
        engine_start(stage.engine, &stage.exchanges[i]);
    }
    for (int i = 0; i < 3; i++) {
        assert_ptr_equal(engine_next(stage.engine, 0), &stage.exchanges[i]);
        assert_int_equal(stage.exchanges[i].end, EXCHANGE_CONCLUDED);
        assert_int_equal(stage.exchanges[i].status, DM_ERR_FILE);
        assert_int_equal(stage.exchanges[i].attempts, 1);
        dm_cancel_fire(token);
        stage.exchanges[2].deadline = clock_now();
    }
    assert_null(engine_next(stage.engine, clock_now()));
    close_stage(&stage);
    dm_cancel_free(token);
}

static void *drive_elsewhere(void *data)
{
    struct stage *stage = data;
    engine_adopt(stage->engine);
    engine_start(stage->engine, &stage->exchanges[0]);
    return engine_next(stage->engine, CLOCK_NEVER);
}

static void an_engine_can_be_adopted_by_another_thread(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    pthread_t thread;
    void *finished = NULL;
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    assert_int_equal(pthread_create(&thread, NULL, drive_elsewhere, &stage), 0);
    pthread_join(thread, &finished);
    assert_ptr_equal(finished, &stage.exchanges[0]);
    engine_adopt(stage.engine);
    assert_null(engine_next(stage.engine, 0));
    close_stage(&stage);
}

static bool all_were_tried(const struct stage *stage)
{
    bool tried = true;
    for (int i = 0; i < MOST; i++)
        tried &= stage->exchanges[i].attempts > 0;
    return tried;
}

/* The pauses are random parts of eleven days, so they differ more than the times of the failures. */
static void exchanges_that_fail_together_are_not_retried_together(void **state)
{
    static const struct fault_step steps[] = {{.reply = BUSY_REPLY, .reply_length = sizeof BUSY_REPLY - 1}};
    enum { ELEVEN_DAYS_MS = 1000 * 1000 * 1000 };
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    stage.settings.transport.retry.delay_ms = stage.settings.transport.retry.max_delay_ms = ELEVEN_DAYS_MS;
    for (int i = 0; i < MOST; i++) {
        stage.exchanges[i].deadline = CLOCK_NEVER;
        engine_start(stage.engine, &stage.exchanges[i]);
    }
    while (!all_were_tried(&stage))
        assert_null(engine_next(stage.engine, clock_after(10)));
    int64_t earliest = stage.exchanges[0].ready_at;
    int64_t latest = earliest;
    for (int i = 1; i < MOST; i++) {
        const int64_t ready_at = stage.exchanges[i].ready_at;
        earliest = clock_earlier(earliest, ready_at);
        latest = ready_at > latest ? ready_at : latest;
    }
    assert_true(latest - earliest > 10 * LONG_MS);
    for (int i = 0; i < MOST; i++)
        expire(&stage, i);
    close_stage(&stage);
}

static void freeing_null_does_nothing(void **state)
{
    (void)state;
    engine_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_is_returned_finished),
        cmocka_unit_test(several_exchanges_run_at_the_same_time_and_are_returned_one_by_one),
        cmocka_unit_test(a_failed_attempt_is_made_again),
        cmocka_unit_test(a_pausing_exchange_does_not_delay_others),
        cmocka_unit_test(an_idle_engine_waits_until_the_given_time),
        cmocka_unit_test(the_wake_time_is_reached_while_an_exchange_is_running),
        cmocka_unit_test(an_aborted_attempt_is_logged_with_its_number_and_the_reason),
        cmocka_unit_test(after_a_timeout_the_engine_continues_to_work),
        cmocka_unit_test(an_exchange_that_cannot_be_prepared_is_refused),
        cmocka_unit_test(an_exchange_that_ends_before_its_first_turn_is_never_sent),
        cmocka_unit_test(a_deadline_and_a_token_end_their_own_exchange_only),
        cmocka_unit_test(a_token_that_is_shared_ends_only_what_is_not_answered),
        cmocka_unit_test(an_answer_that_came_while_the_deadline_passed_counts),
        cmocka_unit_test(a_finished_exchange_is_not_changed_by_its_deadline_or_its_token),
        cmocka_unit_test(an_engine_can_be_adopted_by_another_thread),
        cmocka_unit_test(exchanges_that_fail_together_are_not_retried_together),
        cmocka_unit_test(freeing_null_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
