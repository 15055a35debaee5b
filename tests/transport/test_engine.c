#include "transport/engine.h"

#include "base/clock.h"
#include "client/options.h"
#include "fault_server.h"
#include "stalled_listener.h"
#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { LONG_MS = 30 * 1000, TOO_LONG_MS = LONG_MS / 2, MOST = 8, MAX_LINE = 1024 };

#define OK_REPLY    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define BUSY_REPLY  "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
#define LATER_REPLY "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 25\r\n\r\n"

/* An engine with a server, and exchanges that all send the same request. */
struct stage {
    struct fault_server *server;
    struct settings settings;
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
    assert_int_equal(options_resolve(&options, &stage->settings, NULL), DM_OK);
    stage->engine = engine_new(&stage->settings);
    assert_non_null(stage->engine);
    request_init(&stage->request, method);
    request_append_name(&stage->request, "x");
    assert_int_equal(request_finish(&stage->request), DM_OK);
    for (int i = 0; i < MOST; i++)
        exchange_init(&stage->exchanges[i], &stage->request, &stage->settings.retry, clock_after(2 * LONG_MS));
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

static void an_exchange_comes_back_finished(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER, NULL), &stage.exchanges[0]);
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
        const struct exchange *finished = engine_next(stage.engine, CLOCK_NEVER, NULL);
        assert_non_null(finished);
        assert_int_equal(finished->status, DM_OK);
        assert_false(back[finished - stage.exchanges]);
        back[finished - stage.exchanges] = true;
    }
    assert_int_equal(fault_server_connection_count(stage.server), MOST);
    assert_null(engine_next(stage.engine, clock_now(), NULL));
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
        assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER, NULL), &stage.exchanges[i]);
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
        assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER, NULL), &stage.exchanges[i]);
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
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER, NULL), &stage.exchanges[0]);
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
        assert_null(engine_next(stage.engine, clock_after(10), NULL));
    engine_start(stage.engine, &stage.exchanges[1]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER, NULL), &stage.exchanges[1]);
    engine_give_up(stage.engine, DM_ERR_TIMEOUT);
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
    assert_null(engine_next(stage.engine, begun + 50, NULL));
    assert_true(clock_now() - begun >= 50);
    assert_true(clock_now() - begun < TOO_LONG_MS);
    assert_null(engine_next(stage.engine, 0, NULL));
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
        assert_null(engine_next(stage.engine, clock_after(20), NULL));
    assert_true(clock_now() - begun < TOO_LONG_MS);
    engine_give_up(stage.engine, DM_ERR_TIMEOUT);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_TIMEOUT);
    assert_int_equal(stage.exchanges[0].attempts, 1);
    assert_true(stage.exchanges[0].maybe_carried_out);
    close_stage(&stage);
}

static void keep_line(dm_log_level level, const char *line, void *kept)
{
    assert_int_equal(level, DM_LOG_INFO);
    snprintf(kept, MAX_LINE, "%s", line);
}

static void what_is_broken_off_is_logged_with_its_number_and_why(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_STALL}};
    static const struct {
        dm_status why;
        const char *begin;
    } cases[] = {{DM_ERR_CANCELLED, "GET /v0.7/x: broken off: cancelled, "},
                 {DM_ERR_TIMEOUT, "GET /v0.7/x: broken off: the call's time is up, "},
                 {DM_ERR_NO_MEMORY, "GET /v0.7/x: broken off: libcurl cannot go on, "}};
    char line[MAX_LINE];
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    stage.settings.log = keep_line;
    stage.settings.log_data = line;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        engine_start(stage.engine, &stage.exchanges[i]);
        while (fault_server_request_count(stage.server) == i)
            assert_null(engine_next(stage.engine, clock_after(20), NULL));
        line[0] = '\0';
        engine_give_up(stage.engine, cases[i].why);
        assert_int_equal(strncmp(line, cases[i].begin, strlen(cases[i].begin)), 0);
        assert_non_null(strstr(line, ", attempt 1"));
    }
    close_stage(&stage);
}

static void a_cancel_wakes_the_engine_and_stays_fired(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_STALL}};
    dm_cancel *cancel = NULL;
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    assert_int_equal(dm_cancel_new(&cancel, NULL), DM_OK);
    dm_cancel_fire(cancel);
    const int64_t begun = clock_now();
    engine_start(stage.engine, &stage.exchanges[0]);
    for (int again = 0; again < 3; again++)
        assert_null(engine_next(stage.engine, CLOCK_NEVER, cancel));
    assert_true(clock_now() - begun < TOO_LONG_MS);
    engine_give_up(stage.engine, DM_ERR_CANCELLED);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_CANCELLED);
    assert_int_equal(stage.exchanges[0].attempts, 0);
    assert_int_equal(fault_server_connection_count(stage.server), 0);
    close_stage(&stage);
    dm_cancel_free(cancel);
}

static void what_is_finished_comes_back_in_spite_of_a_cancel(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    dm_cancel *cancel = NULL;
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    assert_int_equal(dm_cancel_new(&cancel, NULL), DM_OK);
    engine_start(stage.engine, &stage.exchanges[0]);
    engine_start(stage.engine, &stage.exchanges[1]);
    int back = engine_next(stage.engine, CLOCK_NEVER, cancel) != NULL;
    dm_cancel_fire(cancel);
    while (engine_next(stage.engine, CLOCK_NEVER, cancel) != NULL)
        back++;
    engine_give_up(stage.engine, DM_ERR_CANCELLED);
    for (int i = 0; i < 2; i++)
        back += stage.exchanges[i].status == DM_ERR_CANCELLED;
    assert_int_equal(back, 2);
    close_stage(&stage);
    dm_cancel_free(cancel);
}

/* Also on a handle that has sent something before. */
static void an_attempt_that_is_broken_off_before_it_could_connect_has_sent_nothing(void **state)
{
    static const struct fault_step steps[] = {
        {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1, .ending = FAULT_THEN_CLOSE}};
    struct stalled_listener *stalled = stalled_listener_start();
    struct stage stage;
    (void)state;

    assert_non_null(stalled);
    open_stage(&stage, steps, 1, "POST");
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_non_null(engine_next(stage.engine, CLOCK_NEVER, NULL));

    text_clear(&stage.settings.base);
    text_append_string(&stage.settings.base, stalled_listener_url(stalled));
    engine_start(stage.engine, &stage.exchanges[1]);
    assert_null(engine_next(stage.engine, clock_after(100), NULL));
    engine_give_up(stage.engine, DM_ERR_CANCELLED);
    assert_int_equal(stage.exchanges[1].attempts, 1);
    assert_false(stage.exchanges[1].maybe_carried_out);
    close_stage(&stage);
    stalled_listener_stop(stalled);
}

static void after_giving_up_the_engine_works_on(void **state)
{
    static const struct fault_step steps[] = {{.reply = "", .ending = FAULT_THEN_STALL},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 2, "GET");
    engine_start(stage.engine, &stage.exchanges[0]);
    while (fault_server_request_count(stage.server) == 0)
        assert_null(engine_next(stage.engine, clock_after(10), NULL));
    engine_give_up(stage.engine, DM_ERR_TIMEOUT);
    engine_start(stage.engine, &stage.exchanges[1]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER, NULL), &stage.exchanges[1]);
    assert_int_equal(stage.exchanges[1].status, DM_OK);
    close_stage(&stage);
}

static void what_could_not_even_be_prepared_is_refused(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    stage.settings.base.status = DM_OK;
    body_append_file(&stage.request.body,
                     &(struct file){.path = "a.jpg", .descriptor = -1, .size = 10}); /* not what it was */
    engine_start(stage.engine, &stage.exchanges[0]);
    assert_ptr_equal(engine_next(stage.engine, CLOCK_NEVER, NULL), &stage.exchanges[0]);
    assert_int_equal(stage.exchanges[0].status, DM_ERR_FILE);
    assert_string_equal(stage.exchanges[0].last.detail, "an image file changed while the call used it: \"a.jpg\"");
    assert_int_equal(fault_server_connection_count(stage.server), 0);
    close_stage(&stage);
}

/* Both are refused at the same turn of the loop. */
static void what_is_finished_but_not_yet_back_is_given_up_too(void **state)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    body_append_file(&stage.request.body,
                     &(struct file){.path = "a.jpg", .descriptor = -1, .size = 10}); /* not what it was */
    engine_start(stage.engine, &stage.exchanges[0]);
    engine_start(stage.engine, &stage.exchanges[1]);
    const struct exchange *back = engine_next(stage.engine, CLOCK_NEVER, NULL);
    assert_non_null(back);
    const struct exchange *other = &stage.exchanges[back == &stage.exchanges[0] ? 1 : 0];
    assert_int_equal(other->attempts, 1);
    engine_give_up(stage.engine, DM_ERR_CANCELLED);
    assert_int_equal(back->status, DM_ERR_FILE);
    assert_int_equal(other->status, DM_ERR_CANCELLED);
    assert_null(engine_next(stage.engine, clock_now(), NULL));
    close_stage(&stage);
}

/* Two that are finished in one turn of the loop: the answers of both are there. */
static void what_is_finished_comes_back_although_the_time_is_up_or_a_cancel_was_fired(void **state)
{
    static const struct fault_step steps[] = {{.reply = ""}};
    dm_cancel *cancel = NULL;
    struct stage stage;
    (void)state;

    open_stage(&stage, steps, 1, "GET");
    assert_int_equal(dm_cancel_new(&cancel, NULL), DM_OK);
    body_append_file(&stage.request.body,
                     &(struct file){.path = "a.jpg", .descriptor = -1, .size = 10}); /* not what it was */
    for (int i = 0; i < 3; i++)
        engine_start(stage.engine, &stage.exchanges[i]);
    assert_non_null(engine_next(stage.engine, CLOCK_NEVER, cancel));
    assert_non_null(engine_next(stage.engine, clock_now(), cancel));
    dm_cancel_fire(cancel);
    assert_non_null(engine_next(stage.engine, CLOCK_NEVER, cancel));
    assert_null(engine_next(stage.engine, CLOCK_NEVER, cancel));
    close_stage(&stage);
    dm_cancel_free(cancel);
}

static void *drive_elsewhere(void *data)
{
    struct stage *stage = data;
    engine_adopt(stage->engine);
    engine_start(stage->engine, &stage->exchanges[0]);
    return engine_next(stage->engine, CLOCK_NEVER, NULL);
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
    assert_null(engine_next(stage.engine, 0, NULL));
    close_stage(&stage);
}

static void random_numbers_differ_from_engine_to_engine(void **state)
{
    static const struct fault_step steps[] = {{.reply = ""}};
    bool differ = false;
    struct stage one;
    struct stage other;
    (void)state;

    open_stage(&one, steps, 1, "GET");
    open_stage(&other, steps, 1, "GET");
    for (int i = 0; i < 10; i++) {
        const double a = engine_random(one.engine);
        const double b = engine_random(other.engine);
        assert_true(a >= 0 && a < 1);
        differ |= a < b || a > b;
    }
    assert_true(differ);
    close_stage(&one);
    close_stage(&other);
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
    stage.settings.retry.delay_ms = stage.settings.retry.max_delay_ms = ELEVEN_DAYS_MS;
    for (int i = 0; i < MOST; i++) {
        stage.exchanges[i].deadline = CLOCK_NEVER;
        engine_start(stage.engine, &stage.exchanges[i]);
    }
    while (!all_were_tried(&stage))
        assert_null(engine_next(stage.engine, clock_after(10), NULL));
    int64_t earliest = stage.exchanges[0].ready_at;
    int64_t latest = earliest;
    for (int i = 1; i < MOST; i++) {
        const int64_t ready_at = stage.exchanges[i].ready_at;
        earliest = clock_earlier(earliest, ready_at);
        latest = ready_at > latest ? ready_at : latest;
    }
    assert_true(latest - earliest > 10 * LONG_MS);
    engine_give_up(stage.engine, DM_ERR_TIMEOUT);
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
        cmocka_unit_test(what_is_broken_off_is_logged_with_its_number_and_why),
        cmocka_unit_test(a_cancel_wakes_the_engine_and_stays_fired),
        cmocka_unit_test(what_is_finished_comes_back_in_spite_of_a_cancel),
        cmocka_unit_test(an_attempt_that_is_broken_off_before_it_could_connect_has_sent_nothing),
        cmocka_unit_test(after_giving_up_the_engine_works_on),
        cmocka_unit_test(what_could_not_even_be_prepared_is_refused),
        cmocka_unit_test(what_is_finished_but_not_yet_back_is_given_up_too),
        cmocka_unit_test(what_is_finished_comes_back_although_the_time_is_up_or_a_cancel_was_fired),
        cmocka_unit_test(an_engine_can_be_adopted_by_another_thread),
        cmocka_unit_test(random_numbers_differ_from_engine_to_engine),
        cmocka_unit_test(exchanges_that_fail_together_are_not_tried_again_together),
        cmocka_unit_test(freeing_null_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
