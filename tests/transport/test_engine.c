#include "transport/engine.h"

#include "../unit/open_descriptors.h"
#include "assert_status.h"
#include "base/clock.h"
#include "client/options.h"
#include "fault_server.h"
#include "stalled_listener.h"
#include "test.h"
#include "transport/sockets.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LONG_MS = 30 * 1000, TOO_LONG_MS = LONG_MS / 2, MOST = 8, MAX_LINE = 1024 };

#define OK_REPLY   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define BUSY_REPLY "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
#define TEN        "0123456789"
#define SLOW_REPLY                                                                                                     \
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Padding: " TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN  \
    "\r\n\r\n{}"
#define LATER_REPLY "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 25\r\n\r\n"

/* An engine with a server, and exchanges that all send the same request. */
struct stage {
    struct fault_server *server;
    struct client_settings settings;
    struct engine *engine;
    struct request request;
    struct exchange exchanges[MOST];
};

static void open_at(struct stage *stage, const char *url, const char *method)
{
    const dm_client_options options = {.api_key = "key",
                                       .api_url = url,
                                       .proxy = "",
                                       .retry_delay_ms = 1,
                                       .max_retry_delay_ms = 5,
                                       .connect_timeout_ms = LONG_MS,
                                       .stall_timeout_ms = LONG_MS};
    struct failure failure;
    failure_init(&failure, NULL);
    options_resolve(&options, &stage->settings, &failure);
    assert_status(failure.status, DM_OK, NULL);
    stage->engine = engine_new(&stage->settings.transport);
    assert_non_null(stage->engine);
    request_init(&stage->request, method);
    request_append_name(&stage->request, "x");
    assert_true(request_finish(&stage->request, &failure));
    for (int i = 0; i < MOST; i++)
        exchange_init(&stage->exchanges[i], &stage->request, &stage->settings.transport.retry, clock_after(2 * LONG_MS),
                      NULL);
}

static void open_stage(struct stage *stage, const struct fault_step *steps, size_t count, const char *method)
{
    memset(stage, 0, sizeof *stage);
    stage->server = fault_server_start(steps, count);
    assert_non_null(stage->server);
    open_at(stage, fault_server_url(stage->server), method);
}

static void close_stage(struct stage *stage)
{
    for (int i = 0; i < MOST; i++)
        exchange_free(&stage->exchanges[i]);
    engine_free(stage->engine);
    request_free(&stage->request);
    options_free(&stage->settings);
    if (stage->server != NULL)
        fault_server_stop(stage->server);
}

/* Makes the time of an exchange come, which must then be the next to come back. */
static void expire(struct stage *stage, int number)
{
    stage->exchanges[number].deadline = clock_now();
    assert_ptr_equal(engine_next(stage->engine, CLOCK_NEVER), &stage->exchanges[number]);
    assert_int_equal(stage->exchanges[number].end, EXCHANGE_TIMED_OUT);
}

static dm_cancel *new_token(void)
{
    dm_cancel *token = NULL;
    assert_status(dm_cancel_new(&token, NULL), DM_OK, NULL);
    return token;
}

static void an_exchange_comes_back_finished(void **state)
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

static void several_exchanges_run_at_the_same_time_and_come_back_one_by_one(void **state)
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

static void behind_a_failure_one_new_connection_serves_all_that_follow(void **state)
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

/* Starts one exchange whose next attempt is due in 25 s, and a second one that is answered at once. */
static void an_exchange_that_pauses_holds_up_no_other(void **state)
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

static void nothing_to_do_is_waited_for_until_the_time_comes(void **state)
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

static void the_time_comes_while_an_exchange_is_running(void **state)
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

static void what_is_aborted_is_logged_with_its_number_and_why(void **state)
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

static void what_is_over_before_its_first_turn_is_never_sent(void **state)
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

/* The answers to some are there when the token is fired; the others wait for theirs. */
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
    assert_null(engine_next(stage.engine, clock_now())); /* the requests are on their way */
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

/* The process was stopped, say, while the answer came. */
static void an_answer_that_came_while_the_deadline_passed_counts(void **state)
{
    static const struct fault_step steps[] = {
        {.reply = SLOW_REPLY, .reply_length = sizeof SLOW_REPLY - 1, .drip = true}}; /* a millisecond for each byte */
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    while (fault_server_request_count(stage.server) == 0)
        assert_null(engine_next(stage.engine, 0));
    stage.exchanges[0].deadline = clock_after(20);
    assert_int_equal(usleep(900 * 1000), 0);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[0]);
    assert_int_equal(stage.exchanges[0].status, DM_OK);
    assert_int_equal(stage.exchanges[0].http_status, 200);
    close_stage(&stage);
}

/* ---- Idle connections ---- */

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
    engine_start(stage.engine, &stage.exchanges[2]);
    while (fault_server_request_count(stage.server) < 3)
        assert_null(engine_next(stage.engine, clock_after(10)));
    assert_int_equal(usleep(300 * 1000), 0); /* what nobody asked for has come */
    engine_start(stage.engine, &stage.exchanges[3]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[3]);
    assert_int_equal(stage.exchanges[3].status, DM_OK);
    assert_int_equal(stage.exchanges[3].attempts, 1);
    assert_string_equal(stage.exchanges[3].last.body.data, "{}");
    assert_true(fault_server_request(stage.server, 3)->connection > 2);
    assert_int_equal(stage.exchanges[2].end, EXCHANGE_OPEN);
    expire(&stage, 2);
    close_stage(&stage);
}

static void bytes_on_an_idle_connection_answer_nothing(void **state)
{
    static const struct fault_step step = {
        .reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .unasked = BUSY_REPLY};
    (void)state;
    a_doubtful_connection_is_left_alone(&step);
}

static void an_idle_connection_that_has_ended_is_not_used(void **state)
{
    static const struct fault_step step = {
        .reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .ending = FAULT_THEN_CLOSE};
    (void)state;
    a_doubtful_connection_is_left_alone(&step);
}

/* Also on a handle that has sent something before. */
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

static void after_an_exchange_timed_out_the_engine_works_on(void **state)
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

static void what_could_not_even_be_prepared_is_refused(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    body_append_file(&stage.request.body,
                     &(struct file){.path = "a.jpg", .descriptor = -1, .size = 10}); /* not what it was */
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER), &stage.exchanges[0]);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_FILE);
    assert_string_equal(stage.exchanges[0].last.detail, "a file changed while the call used it: \"a.jpg\"");
    assert_int_equal(fault_server_connection_count(stage.server), 0);
    close_stage(&stage);
}

/* All are refused in one turn of the loop. Neither their time nor their token changes what is finished. */
static void what_is_finished_comes_back_unchanged_by_the_time_and_the_token(void **state)
{
    static const struct fault_step steps[] = {{.reply = ""}};
    dm_cancel *token = new_token();
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    body_append_file(&stage.request.body,
                     &(struct file){.path = "a.jpg", .descriptor = -1, .size = 10}); /* not what it was */
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

/* Each connection has two descriptors in this process: the server's end is in it, too. */
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
    assert_true(open_descriptors() <= before + 2 * MAX_IDLE_SOCKETS + 4); /* 4: what the engine itself may hold */
    close_stage(&stage);
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

/* The pauses are parts of eleven days, and so lie further apart than the failures. */
static void exchanges_that_fail_together_are_not_tried_again_together(void **state)
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
        cmocka_unit_test(an_exchange_comes_back_finished),
        cmocka_unit_test(several_exchanges_run_at_the_same_time_and_come_back_one_by_one),
        cmocka_unit_test(exchanges_in_a_row_use_one_connection),
        cmocka_unit_test(behind_a_failure_one_new_connection_serves_all_that_follow),
        cmocka_unit_test(a_failed_attempt_is_made_again),
        cmocka_unit_test(an_exchange_that_pauses_holds_up_no_other),
        cmocka_unit_test(nothing_to_do_is_waited_for_until_the_time_comes),
        cmocka_unit_test(the_time_comes_while_an_exchange_is_running),
        cmocka_unit_test(what_is_aborted_is_logged_with_its_number_and_why),
        cmocka_unit_test(an_attempt_that_is_aborted_before_it_could_connect_has_sent_nothing),
        cmocka_unit_test(after_an_exchange_timed_out_the_engine_works_on),
        cmocka_unit_test(what_could_not_even_be_prepared_is_refused),
        cmocka_unit_test(what_is_over_before_its_first_turn_is_never_sent),
        cmocka_unit_test(a_deadline_and_a_token_end_their_own_exchange_only),
        cmocka_unit_test(a_token_that_is_shared_ends_only_what_is_not_answered),
        cmocka_unit_test(an_answer_that_came_while_the_deadline_passed_counts),
        cmocka_unit_test(bytes_on_an_idle_connection_answer_nothing),
        cmocka_unit_test(an_idle_connection_that_has_ended_is_not_used),
        cmocka_unit_test(what_is_finished_comes_back_unchanged_by_the_time_and_the_token),
        cmocka_unit_test(idle_connections_are_bounded),
        cmocka_unit_test(an_engine_can_be_adopted_by_another_thread),
        cmocka_unit_test(exchanges_that_fail_together_are_not_tried_again_together),
        cmocka_unit_test(freeing_null_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
