#include "points.h"

#include "api_test.h"
#include "clock_ms.h"
#include "failing_malloc.h"
#include "fault_server.h"
#include "http_reply.h"
#include "ledger.h"
#include "test.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_POINTS = 5000, MAX_COMPLAINTS = 6, MAX_REPLY = 8192, MAX_PLACE = 256 };

/* One run of a scenario's call. */
struct run {
    const struct scenario *scenario;
    const struct trial *trial;
    size_t point; /* 0: nothing fails */
    struct fault_server *server;
    long descriptors;
    struct fixture fixture;
    const dm_error *undisturbed; /* how the call ends when nothing fails */
    bool is_wrong;
    struct tally *tally;
};

void points_set_up(void)
{
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    api_forget_environment();
    failing_malloc_serve_cjson();
    /* After this, the initialisation by a client only increments a counter. */
    assert_int_equal(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK);
}

static void complain(struct run *run, const char *format, ...)
{
    char place[MAX_PLACE];
    char text[1024];
    va_list arguments;

    if (!run->is_wrong)
        run->tally->wrong++;
    run->is_wrong = true;
    if (run->tally->wrong > MAX_COMPLAINTS)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    injection_describe(place, sizeof place);
    fprintf(stderr, "%s, point %zu (%s%s): %s\n", run->scenario->name, run->point, place,
            run->trial->what.for_ever ? ", for ever" : "", text);
}

/* ---- The server, and everything that must be freed ---- */

static struct fault_server *start_server(const struct scenario *scenario)
{
    static char replies[MAX_REPLIES][MAX_REPLY];
    struct fault_step steps[MAX_REPLIES] = {{0}};
    size_t count = 0;

    for (; count < MAX_REPLIES && scenario->replies[count].status != NULL; count++) {
        const struct reply *reply = &scenario->replies[count];
        steps[count].reply = replies[count];
        steps[count].reply_length =
            http_reply(replies[count], sizeof replies[count], reply->status, reply->headers, reply->body);
        assert_true(steps[count].reply_length > 0);
    }
    struct fault_server *server = fault_server_start(steps, count);
    assert_non_null(server);
    return server;
}

static void begin(struct run *run)
{
    run->descriptors = ledger_descriptors();
    run->server = start_server(run->scenario);
    ledger_open();
    fixture_open(&run->fixture, fault_server_url(run->server), run->trial->timeout_ms);
    if (run->scenario->prepare != NULL)
        run->scenario->prepare(&run->fixture);
}

static void end(struct run *run)
{
    static const char *const names[] = {"blocks of memory", "objects of libcurl", "locales"};
    long balance[LEDGER_ITEM_COUNT];

    fixture_close(&run->fixture);
    ledger_close(balance);
    fault_server_stop(run->server);
    for (size_t i = 0; i < LEDGER_ITEM_COUNT; i++)
        if (balance[i] != 0)
            complain(run, "%ld %s were not given back", balance[i], names[i]);
    const long descriptors = ledger_descriptors() - run->descriptors;
    if (descriptors != 0)
        complain(run, "%ld descriptors were not closed", descriptors);
}

/* ---- Judging ---- */

static dm_status make_call(struct run *run)
{
    run->fixture.wrong = NULL;
    const dm_status status = run->scenario->call(&run->fixture);
    if (run->fixture.wrong != NULL)
        complain(run, "%s: %s", dm_status_name(status), run->fixture.wrong);
    return status;
}

static bool is_empty(const dm_error *error)
{
    return error->status == DM_OK && error->http_status == 0 && error->attempts == 0 && !error->outcome_unknown &&
           error->task_id.text[0] == '\0' && error->message[0] == '\0' && error->server_message[0] == '\0';
}

/* An error is filled on failure, and empty otherwise. */
static void check_error(struct run *run, dm_status status)
{
    const dm_error *error = &run->fixture.error;

    if (status == DM_OK && !is_empty(error))
        complain(run, "DM_OK, but the error is not empty");
    if (status == DM_OK)
        return;
    if (error->status != status || error->message[0] == '\0')
        complain(run, "%s, but the error says %s: \"%s\"", dm_status_name(status), dm_status_name(error->status),
                 error->message);
    if (strstr(error->message, FIXTURE_KEY) != NULL || strstr(error->server_message, FIXTURE_KEY) != NULL)
        complain(run, "the error holds the key");
}

/* Each server has a different port, which is not compared. */
static void blot_port_out(char message[sizeof((dm_error *)NULL)->message])
{
    static const char host[] = "//127.0.0.1:";
    char *port = strstr(message, host);
    if (port == NULL)
        return;
    port += strlen(host);
    memmove(port, port + strspn(port, "0123456789"), strlen(port + strspn(port, "0123456789")) + 1);
}

static bool same_message(dm_error a, dm_error b)
{
    blot_port_out(a.message);
    blot_port_out(b.message);
    return strcmp(a.message, b.message) == 0;
}

/* If memory runs out in a call that fails anyway, the service's message may be missing, but the status must not
 * change. */
static bool ended_all_the_same(const struct run *run, dm_status status)
{
    const dm_error *error = &run->fixture.error;
    const dm_error *undisturbed = run->undisturbed;

    if (status != run->scenario->outcome || (status == DM_OK && !run->trial->may_pass && !run->scenario->may_pass))
        return false;
    if (status == DM_ERR_BAD_RESPONSE || status == DM_ERR_REDIRECT)
        return same_message(*error, *undisturbed);
    return error->http_status == undisturbed->http_status;
}

/* Returns whether the server accepted one of the requests. */
static bool was_accepted(const struct scenario *scenario, size_t requests)
{
    for (size_t i = 0; i < requests && i < MAX_REPLIES && scenario->replies[i].status != NULL; i++)
        if (scenario->replies[i].status[0] == '2')
            return true;
    return false;
}

/* If the answer to a change is lost, the error must say that the change may have been made. */
static void check_outcome_unknown(struct run *run, size_t requests)
{
    const dm_error *error = &run->fixture.error;
    if (run->scenario->changes && was_accepted(run->scenario, requests) && !error->outcome_unknown &&
        error->task_id.text[0] == '\0')
        complain(run, "%s, the service accepted the request, but outcome_unknown is not set: %s",
                 dm_status_name(error->status), error->message);
}

static void judge(struct run *run, dm_status status, size_t requests)
{
    check_error(run, status);
    if (status == run->trial->status)
        check_outcome_unknown(run, requests);
    else if (ended_all_the_same(run, status))
        run->tally->outlived++;
    else
        complain(run, "%s, not %s: %s", dm_status_name(status), dm_status_name(run->trial->status),
                 run->fixture.error.message);
}

static void check_outcome(struct run *run, dm_status status, const char *when)
{
    check_error(run, status);
    if (status != run->scenario->outcome)
        complain(run, "%s: %s, not %s: %s", when, dm_status_name(status), dm_status_name(run->scenario->outcome),
                 run->fixture.error.message);
}

/* ---- The points ---- */

/* A call that fails in its first wait has just sent its request. The server must read it before that of the next call,
 * because it gives its replies in the order in which it reads the requests. */
static void let_server_read(const struct run *run)
{
    if (run->trial->what.kind == INJECT_MULTI_POLL)
        sleep_ms(20);
}

/* Returns false if the call ends before this point. */
static bool fail_point(struct run *run)
{
    begin(run);
    const size_t requests_before = fault_server_request_count(run->server);
    injection_arm(&run->trial->what, run->point);
    const dm_status status = make_call(run);
    const bool failed = injection_disarm() > 0;

    if (failed) {
        run->tally->points++;
        judge(run, status, fault_server_request_count(run->server) - requests_before);
        let_server_read(run);
        check_outcome(run, make_call(run), "repeated");
    } else {
        check_outcome(run, status, "undisturbed");
    }
    end(run);
    return failed;
}

static dm_error end_undisturbed(const struct scenario *scenario, const struct trial *trial, struct tally *tally)
{
    struct run run = {.scenario = scenario, .trial = trial, .tally = tally};

    begin(&run);
    check_outcome(&run, make_call(&run), "undisturbed");
    const dm_error error = run.fixture.error;
    end(&run);
    return error;
}

struct tally fail_all_points(const struct scenario *scenario, const struct trial *trial)
{
    struct tally tally = {0};
    const dm_error undisturbed = end_undisturbed(scenario, trial, &tally);
    bool failed = true;

    for (size_t point = 1; failed; point++) {
        struct run run = {
            .scenario = scenario, .trial = trial, .point = point, .undisturbed = &undisturbed, .tally = &tally};
        failed = fail_point(&run);
        if (point == MAX_POINTS) {
            complain(&run, "the call does not come to its end");
            break;
        }
    }
    return tally;
}
