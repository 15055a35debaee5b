/*
 * Replies in every framing, cut after every byte: the connection is then closed or reset, or it stalls. Each call must
 * end before its deadline, with the right result or with a clear error. A cut reply never succeeds, unless the end of
 * the connection is the end of its body.
 */
#include <deepomatic.h>

#include "answers.h"
#include "array.h"
#include "clock_ms.h"
#include "cut_script.h"
#include "fault_server.h"
#include "framed_reply.h"
#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define KEY "k3y-THAT-stays-home-0123456789"

enum {
    TIMEOUT_MS = 60 * 1000, /* of a call whose server answers */
    STALLED_TIMEOUT_MS = 30,
    SLACK_MS = 8000,         /* on the thread's own clock; less than connect_timeout_ms, the next longer time */
    ARRIVAL_MS = 120 * 1000, /* until a request that was sent arrives */
    WORKERS = 4,
    WAITING_WORKERS = 128, /* if calls mostly wait; fewer under a sanitizer or valgrind */
    SLOW_WORKERS = 16
};

static const char interim[] =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n";

/* ---- The verdict ---- */

static bool is_right_answer(const struct campaign *campaign, const struct answer *given)
{
    return given->status == campaign->subject->status && strcmp(given->words, campaign->subject->words) == 0;
}

static bool is_clear(const dm_error *error, dm_status status)
{
    return error->status == status && error->message[0] != '\0' && strstr(error->message, KEY) == NULL &&
           strchr(error->message, '\n') == NULL;
}

static bool may_change_something(const struct campaign *campaign)
{
    return campaign->subject->ask == ask_create || campaign->subject->ask == ask_submit;
}

/* The error must be that the connection broke at each attempt, or that it stalled. On a busy machine, a call may
 * time out before its request was sent. */
static bool is_right_error(const struct campaign *campaign, const struct answer *given)
{
    const dm_error *error = &given->error;
    if (!is_clear(error, given->status) || given->words[0] != '\0')
        return false;
    if (campaign->ending == FAULT_THEN_STALL)
        return given->status == DM_ERR_TIMEOUT && error->outcome_unknown <= may_change_something(campaign);
    return given->status == DM_ERR_NETWORK && error->attempts == times_cut(campaign) &&
           error->outcome_unknown == may_change_something(campaign);
}

/* If the end of the connection ends the body, only its content shows that the body was cut: that of a success is
 * JSON. A failure's text may be taken for whole. */
static bool may_be_taken_for_whole(const struct campaign *campaign, const struct script *played, size_t cut)
{
    return campaign->framing.kind == FRAMING_CLOSE && campaign->ending == FAULT_THEN_CLOSE &&
           cut >= played->reply.head_length && (cut == played->reply.length || campaign->subject->status != DM_OK);
}

static bool is_answer_of_a_part(const struct campaign *campaign, const struct answer *given)
{
    if (is_right_answer(campaign, given) || is_right_error(campaign, given))
        return true;
    return given->status == campaign->subject->status && given->status != DM_OK &&
           is_clear(&given->error, given->status);
}

static bool is_right(const struct campaign *campaign, const struct script *played, size_t cut,
                     const struct answer *given)
{
    if (is_mended(campaign))
        return is_right_answer(campaign, given);
    if (may_be_taken_for_whole(campaign, played, cut))
        return is_answer_of_a_part(campaign, given);
    if (!is_complete(campaign, played->reply.length, cut))
        return is_right_error(campaign, given);
    const bool overtaken = campaign->ending == FAULT_THEN_RESET; /* an RST may overtake what was sent before it */
    return is_right_answer(campaign, given) || (overtaken && is_right_error(campaign, given));
}

static void describe_failure(struct campaign *campaign, const struct script *played, size_t cut,
                             const struct answer *given, long long ms)
{
    static const char *const endings[] = {"kept open", "closed", "reset", "stalled"};
    static const char *const framings[] = {"Content-Length", "chunked", "no length"};
    snprintf(campaign->failure, sizeof campaign->failure,
             "%s, %s%s%s, chunks of %zu, %s behind byte %zu of %zu (headers: %zu), %d attempts allowed: after %lld ms "
             "%s, \"%s\", %d attempts, outcome %s: %s",
             campaign->subject->name, framings[campaign->framing.kind], campaign->framing.gzip ? ", gzip" : "",
             campaign->framing.interim != NULL ? ", behind 1xx" : "", campaign->framing.chunk_size,
             endings[campaign->ending], cut, played->reply.length, played->reply.head_length,
             attempts_allowed(campaign), ms, dm_status_name(given->status), given->words, given->error.attempts,
             given->error.outcome_unknown ? "unknown" : "known", given->error.message);
}

/* ---- The plays ---- */

static _Thread_local size_t requests_sent; /* by calls of this thread */

/* Replaces the C library's function. libcurl sends requests in the thread of the call; the fault server has its own
 * threads. */
ssize_t send(int socket, const void *bytes, size_t length, int flags)
{
    static const char get[] = "GET /";
    static const char post[] = "POST /";
    requests_sent += (length > strlen(get) && memcmp(bytes, get, strlen(get)) == 0) ||
                     (length > strlen(post) && memcmp(bytes, post, strlen(post)) == 0);
    return sendto(socket, bytes, length, flags, NULL, 0);
}

static void play(struct campaign *campaign, const struct script *played, dm_client *client, size_t cut, int timeout_ms)
{
    const dm_call_options call = {.timeout_ms = timeout_ms};
    struct answer given;

    const long long begun = own_ms();
    campaign->subject->ask(client, &call, &given);
    const long long taken = own_ms() - begun;

    campaign->answers += given.status == campaign->subject->status;
    campaign->errors += given.status != campaign->subject->status;
    if (campaign->failure[0] == '\0' &&
        (!is_right(campaign, played, cut, &given) || taken > call.timeout_ms + SLACK_MS))
        describe_failure(campaign, played, cut, &given, taken);
}

static dm_client *client_for(const struct campaign *campaign, const char *url)
{
    const dm_client_options options = {
        .api_key = KEY,
        .api_url = url,
        .proxy = "",
        .max_attempts = attempts_allowed(campaign),
        .retry_delay_ms = 1,
        .max_retry_delay_ms = 1,
        .poll_delay_ms = 1,
        .max_poll_delay_ms = 1,
    };
    dm_client *client = NULL;
    const dm_status status = dm_client_new(&options, &client, NULL);
    return status == DM_OK ? client : NULL;
}

/* On a busy machine, a call with a short timeout may end before its request is sent; then it is made again with a
 * longer one. A request that was sent reaches the server, however late its threads run. */
static void play_stall(struct campaign *campaign, const struct script *played, struct fault_server *server,
                       dm_client *client, size_t cut)
{
    const size_t received = fault_server_request_count(server);
    const size_t before = requests_sent;
    int timeout_ms = STALLED_TIMEOUT_MS;
    do {
        play(campaign, played, client, cut, timeout_ms);
        timeout_ms *= 4;
    } while (requests_sent == before && campaign->failure[0] == '\0');
    if (campaign->failure[0] == '\0' &&
        (requests_sent > before + 1 || !fault_server_await_requests(server, received + 1, ARRIVAL_MS)))
        snprintf(campaign->failure, sizeof campaign->failure,
                 "%s: %zu requests sent in place of 1, %zu of %zu received", campaign->subject->name,
                 requests_sent - before, fault_server_request_count(server), received + 1);
}

static void play_all(struct campaign *campaign, const struct script *played, struct fault_server *server,
                     dm_client *client)
{
    const size_t length = played->reply.length;
    for (size_t cut = first_cut(campaign, length); cut <= last_cut(campaign, length);
         cut = next_cut(campaign, cut, length))
        if (campaign->ending == FAULT_THEN_STALL && !is_complete(campaign, length, cut))
            play_stall(campaign, played, server, client, cut);
        else
            play(campaign, played, client, cut, TIMEOUT_MS);
    if (campaign->failure[0] == '\0' && campaign->ending != FAULT_THEN_RESET &&
        fault_server_request_count(server) != played->count)
        snprintf(campaign->failure, sizeof campaign->failure, "%s: %zu requests, not %zu", campaign->subject->name,
                 fault_server_request_count(server), played->count);
}

static void run_campaign(struct campaign *campaign)
{
    struct script played;
    struct fault_server *server =
        write_script(&played, campaign) ? fault_server_start(played.steps, played.count) : NULL;
    dm_client *client = server != NULL ? client_for(campaign, fault_server_url(server)) : NULL;

    if (client != NULL)
        play_all(campaign, &played, server, client);
    else
        snprintf(campaign->failure, sizeof campaign->failure, "no server or no client");
    dm_client_free(client);
    if (server != NULL)
        fault_server_stop(server);
    free_script(&played);
}

/* ---- Campaigns, which several threads run ---- */

struct plan {
    struct campaign *campaigns;
    size_t count;
    size_t capacity;
    size_t next;
    pthread_mutex_t mutex;
    size_t thinning; /* only every thinning-th cut is tried; 1 except under a sanitizer or valgrind */
};

static size_t thinning_here(void)
{
    const char *tool = getenv("DEEPOMATIC_TESTS_UNDER");
    if (tool == NULL)
        return 1;
    return strcmp(tool, "valgrind") == 0 ? 61 : 7;
}

static void add_campaign(struct plan *plan, struct campaign added)
{
    if (plan->count == plan->capacity) {
        plan->capacity = plan->capacity * 2 + 64;
        plan->campaigns = realloc(plan->campaigns, plan->capacity * sizeof *plan->campaigns);
        assert_non_null(plan->campaigns);
    }
    added.stride *= plan->thinning;
    if (added.first != WHOLE)
        added.first = plan->count % added.stride; /* so that consecutive campaigns try different cuts */
    plan->campaigns[plan->count++] = added;
}

static struct campaign *take_campaign(struct plan *plan)
{
    pthread_mutex_lock(&plan->mutex);
    struct campaign *taken = plan->next < plan->count ? &plan->campaigns[plan->next++] : NULL;
    pthread_mutex_unlock(&plan->mutex);
    return taken;
}

static void *work(void *argument)
{
    for (struct campaign *taken = take_campaign(argument); taken != NULL; taken = take_campaign(argument))
        run_campaign(taken);
    return NULL;
}

/* Returns the number of cuts. */
static size_t report(const struct plan *done, const char *what, long long milliseconds)
{
    size_t answers = 0;
    size_t errors = 0;
    for (size_t i = 0; i < done->count; i++) {
        answers += done->campaigns[i].answers;
        errors += done->campaigns[i].errors;
    }
    print_message("%-40s %6zu cuts in %4zu campaigns: %6zu answers, %6zu clear errors, %lld ms\n", what,
                  answers + errors, done->count, answers, errors, milliseconds);
    return answers + errors;
}

static void start_plan(struct plan *plan)
{
    *plan = (struct plan){.thinning = thinning_here()};
    pthread_mutex_init(&plan->mutex, NULL);
}

static void carry_out(struct plan *plan, const char *what, size_t most_workers)
{
    const size_t worker_count = plan->thinning > 1 && most_workers > SLOW_WORKERS ? SLOW_WORKERS : most_workers;
    pthread_t workers[WAITING_WORKERS];
    const long long begun = now_ms();
    char failure[sizeof plan->campaigns->failure] = "";
    size_t failures = 0;

    for (size_t i = 0; i < worker_count; i++)
        assert_int_equal(pthread_create(&workers[i], NULL, work, plan), 0);
    for (size_t i = 0; i < worker_count; i++)
        pthread_join(workers[i], NULL);
    const size_t cuts = report(plan, what, now_ms() - begun);
    assert_true(cuts > plan->count);
    for (size_t i = 0; i < plan->count; i++) {
        failures += plan->campaigns[i].failure[0] != '\0';
        if (failures > 0 && failure[0] == '\0')
            memcpy(failure, plan->campaigns[i].failure, sizeof failure);
    }
    pthread_mutex_destroy(&plan->mutex);
    free(plan->campaigns);
    if (failures > 0)
        fail_msg("%zu of the campaigns failed; the first one: %s", failures, failure);
}

/* ---- Which campaigns ---- */

/* All framings and codings, with a few chunk sizes. */
static const struct framing framings[] = {
    {.kind = FRAMING_LENGTH},
    {.kind = FRAMING_LENGTH, .gzip = true},
    {.kind = FRAMING_LENGTH, .interim = interim},
    {.kind = FRAMING_CHUNKED, .chunk_size = 5},
    {.kind = FRAMING_CHUNKED, .chunk_size = 4096},
    {.kind = FRAMING_CHUNKED, .chunk_size = 64, .gzip = true, .interim = interim},
    {.kind = FRAMING_CLOSE},
    {.kind = FRAMING_CLOSE, .gzip = true},
};
enum { FRAMINGS = COUNT(framings) };

/* All cuts of a reply. Stalls are divided among several campaigns, so that they happen at the same time. */
static void add_all_cuts(struct plan *plan, const struct subject *subject, const struct framing *framing,
                         enum fault_ending ending, enum repeating how)
{
    enum { SHARES = 8 };
    const size_t shares = ending == FAULT_THEN_STALL ? SHARES : 1;
    for (size_t i = 0; i < shares; i++)
        add_campaign(plan, (struct campaign){subject, *framing, ending, how, .stride = shares});
}

static void add_for_all(struct plan *plan, enum fault_ending ending)
{
    for (size_t s = 0; s < SUBJECTS; s++)
        for (size_t f = 0; f < FRAMINGS; f++)
            if (go_together(&subjects[s], &framings[f]))
                add_all_cuts(plan, &subjects[s], &framings[f], ending, RETRIES_OFF);
}

static void closing_after_any_byte_gives_the_right_result_or_a_clear_error(void **state)
{
    struct plan plan;
    (void)state;
    start_plan(&plan);
    add_for_all(&plan, FAULT_THEN_CLOSE);
    carry_out(&plan, "closed, no retry", WORKERS);
}

static void resetting_after_any_byte_gives_the_right_result_or_a_clear_error(void **state)
{
    struct plan plan;
    (void)state;
    start_plan(&plan);
    add_for_all(&plan, FAULT_THEN_RESET);
    carry_out(&plan, "reset, no retry", WORKERS);
}

static void stalling_after_any_byte_gives_the_right_result_or_a_clear_error(void **state)
{
    struct plan plan;
    (void)state;
    start_plan(&plan);
    add_for_all(&plan, FAULT_THEN_STALL);
    for (size_t s = 0; s < SUBJECTS; s++)
        for (size_t f = 0; f < FRAMINGS; f++)
            if (go_together(&subjects[s], &framings[f]))
                add_campaign(&plan, (struct campaign){&subjects[s], framings[f], FAULT_THEN_STALL, RETRIES_OFF,
                                                      .first = WHOLE, .stride = 1});
    carry_out(&plan, "stalled, no retry", WAITING_WORKERS);
}

/* Only if it is certain what the call does next. After a gateway's page, it retries even if the page is whole; and
 * if the end of the connection ends the body, a cut reply may be taken for a whole one. */
static bool go_with_retries(const struct subject *subject, const struct framing *framing)
{
    return go_together(subject, framing) && framing->kind != FRAMING_CLOSE && subject->status != DM_ERR_SERVER;
}

static void a_retry_after_a_cut_at_any_byte_gives_the_right_result(void **state)
{
    struct plan plan;
    (void)state;
    start_plan(&plan);
    for (size_t s = 0; s < SUBJECTS; s++)
        for (size_t f = 0; f < FRAMINGS; f++)
            for (int ending = FAULT_THEN_CLOSE; ending <= FAULT_THEN_RESET; ending++)
                if (go_with_retries(&subjects[s], &framings[f]))
                    add_all_cuts(&plan, &subjects[s], &framings[f], (enum fault_ending)ending, RETRIES_MEND);
    carry_out(&plan, "closed and reset, mended by a retry", WORKERS);
}

static void retries_that_are_all_cut_give_a_clear_error(void **state)
{
    struct plan plan;
    (void)state;
    start_plan(&plan);
    for (size_t s = 0; s < SUBJECTS; s++)
        for (size_t f = 0; f < FRAMINGS; f++)
            for (int ending = FAULT_THEN_CLOSE; ending <= FAULT_THEN_STALL; ending++)
                if (go_with_retries(&subjects[s], &framings[f]) && !subjects[s].forgiving)
                    add_all_cuts(&plan, &subjects[s], &framings[f], (enum fault_ending)ending, RETRIES_IN_VAIN);
    carry_out(&plan, "closed, reset and stalled at each retry", WAITING_WORKERS);
}

/* Small bodies: every cut with every chunk size. The large one: every chunk size, and every cut with
 * some chunk size. */
static void closing_within_chunks_of_every_size_gives_the_right_result_or_a_clear_error(void **state)
{
    static const size_t strides[] = {[SPEC_SUBJECT] = 31, [PENDING_SUBJECT] = 1, [SUBMIT_SUBJECT] = 1};
    struct plan plan;
    (void)state;

    start_plan(&plan);
    for (size_t s = SPEC_SUBJECT; s <= SUBMIT_SUBJECT; s++)
        for (size_t size = 1; size <= subjects[s].body_length; size++)
            for (int gzip = 0; gzip <= 1; gzip++) {
                const struct framing chunked = {.kind = FRAMING_CHUNKED, .chunk_size = size, .gzip = gzip != 0};
                const size_t stride = strides[s] * (gzip != 0 ? 7 : 1);
                add_campaign(&plan,
                             (struct campaign){&subjects[s], chunked, FAULT_THEN_CLOSE, RETRIES_OFF, .stride = stride});
            }
    carry_out(&plan, "closed, in chunks of every size", WORKERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closing_after_any_byte_gives_the_right_result_or_a_clear_error),
        cmocka_unit_test(resetting_after_any_byte_gives_the_right_result_or_a_clear_error),
        cmocka_unit_test(stalling_after_any_byte_gives_the_right_result_or_a_clear_error),
        cmocka_unit_test(a_retry_after_a_cut_at_any_byte_gives_the_right_result),
        cmocka_unit_test(retries_that_are_all_cut_give_a_clear_error),
        cmocka_unit_test(closing_within_chunks_of_every_size_gives_the_right_result_or_a_clear_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
