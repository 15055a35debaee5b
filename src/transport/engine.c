#include "transport/engine.h"

#include "base/clock.h"
#include "base/notice.h"
#include "base/random.h"
#include "base/sigpipe.h"
#include "base/system.h"
#include "transport/attempt_outcome.h"
#include "transport/curl_versions.h"
#include "transport/log.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MAX_IDLE_ATTEMPTS = MAX_IDLE_SOCKETS };

struct engine {
    CURLM *multi;
    const struct transport_settings *settings;
    struct exchange *waiting;  /* waiting until they are due, earliest first */
    struct exchange *finished; /* not yet returned by engine_next, earliest first */
    struct attempt *running;
    struct attempt *idle; /* handles for reuse */
    size_t running_count;
    size_t idle_count;
    size_t most_running;         /* the largest running_count so far */
    struct curl_waitfd *watched; /* descriptors of the alarm and of the cancellation tokens; filled before each wait */
    size_t exchange_count;       /* waiting, running and finished */
    size_t watched_capacity;     /* allocated size of `watched` */
    struct sockets sockets;
    uint64_t random_state;
    pthread_t owner;
    bool is_in_own_thread; /* of the library, in which all signals are blocked */
    bool can_wake;         /* engine_allow_wake was called */
    atomic_bool woken;     /* the alarm is raised, or will be at once */
    struct notice alarm;   /* ends the wait of engine_next */
};

/* Makes room for the alarm and for one token of each exchange. */
static bool reserve_watched(struct engine *engine)
{
    const size_t count = 1 + engine->exchange_count;
    if (count <= engine->watched_capacity)
        return true;
    const size_t capacity = 2 * count;
    struct curl_waitfd *watched = realloc(engine->watched, capacity * sizeof *watched);
    if (watched == NULL)
        return false;
    engine->watched = watched;
    engine->watched_capacity = capacity;
    return true;
}

struct engine *engine_new(const struct transport_settings *settings)
{
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL)
        return NULL;
    engine->settings = settings;
    engine->multi = curl_multi_init();
    if (engine->multi == NULL) {
        free(engine);
        return NULL;
    }
    curl_multi_setopt(engine->multi, (CURLMoption)MULTI_OPTION_QUICK_EXIT,
                      1L); /* older versions do not know it and do not need it */
    if (!system_random(&engine->random_state, sizeof engine->random_state))
        engine->random_state = (uint64_t)clock_now();
    atomic_init(&engine->woken, false);
    engine_adopt(engine);
    return engine;
}

void engine_free(struct engine *engine)
{
    struct sigpipe_guard guard;
    if (engine == NULL)
        return;
    assert(engine->exchange_count == 0);
    sigpipe_block(&guard);
    while (engine->idle != NULL) {
        struct attempt *next = engine->idle->next;
        attempt_free(engine->idle);
        engine->idle = next;
    }
    curl_multi_cleanup(engine->multi);
    sigpipe_restore(&guard);
    if (engine->can_wake)
        notice_close(&engine->alarm);
    free(engine->watched);
    free(engine);
}

void engine_adopt(struct engine *engine)
{
    engine->owner = pthread_self();
    engine->is_in_own_thread = false;
}

void engine_adopt_in_own_thread(struct engine *engine)
{
    engine_adopt(engine);
    engine->is_in_own_thread = true;
}

/* Sanitizers do not see into libcurl, so debug builds check the rule that it requires. */
static void assert_owned(const struct engine *engine)
{
    assert(pthread_equal(engine->owner, pthread_self()));
    (void)engine;
}

/* ---- Lists ---- */

static void insert_waiting(struct engine *engine, struct exchange *exchange)
{
    struct exchange **at = &engine->waiting;
    while (*at != NULL && (*at)->ready_at <= exchange->ready_at)
        at = &(*at)->next;
    exchange->next = *at;
    *at = exchange;
}

static void append_finished(struct engine *engine, struct exchange *exchange)
{
    struct exchange **at = &engine->finished;
    while (*at != NULL)
        at = &(*at)->next;
    exchange->next = NULL;
    *at = exchange;
}

static struct exchange *pop(struct exchange **list)
{
    struct exchange *first = *list;
    if (first != NULL)
        *list = first->next;
    return first;
}

static void remove_running(struct engine *engine, const struct attempt *attempt)
{
    struct attempt **at = &engine->running;
    while (*at != attempt) {
        assert(*at != NULL); /* it must be in the list */
        at = &(*at)->next;
    }
    *at = attempt->next;
    engine->running_count--;
}

/* ---- Attempts ---- */

static struct attempt *take_idle(struct engine *engine, dm_status *status)
{
    struct attempt *attempt = engine->idle;
    *status = DM_OK;
    if (attempt == NULL)
        return attempt_new(engine->settings, &engine->sockets, status);
    engine->idle = attempt->next;
    engine->idle_count--;
    return attempt;
}

/* libcurl counts its own repetitions over the lifetime of a handle and gives up at the sixth, so a handle with
 * repetitions is not reused. */
static void put_idle(struct engine *engine, struct attempt *attempt)
{
    transfer_end(&attempt->transfer); /* an idle handle keeps no memory of a reply */
    if (attempt->transfer.sends > 1 || engine->idle_count == MAX_IDLE_ATTEMPTS) {
        attempt_free(attempt);
        return;
    }
    attempt->next = engine->idle;
    engine->idle = attempt;
    engine->idle_count++;
}

/* Lets libcurl keep as many connections as there were attempts at the same time. As soon as fresh ones have replaced a
 * doubtful one (see is_doubtful), there is one too many, and libcurl closes the one that has been idle longest. */
static void note_running(struct engine *engine, struct attempt *attempt)
{
    attempt->next = engine->running;
    engine->running = attempt;
    if (++engine->running_count <= engine->most_running || engine->most_running == MAX_IDLE_SOCKETS)
        return;
    engine->most_running++;
    curl_multi_setopt(engine->multi, CURLMOPT_MAXCONNECTS, (long)engine->most_running);
}

static void take_outcome(struct engine *engine, struct exchange *exchange, struct outcome *outcome)
{
    log_attempt(engine->settings, exchange, outcome);
    const int64_t now = clock_now();
    const int redirects = exchange->redirects;
    const bool is_finished = exchange_take(exchange, outcome, now, random_fraction(&engine->random_state));
    if (!is_finished)
        log_retry(engine->settings, exchange, now);
    if (is_finished || (exchange->stepwise && exchange->redirects == redirects))
        append_finished(engine, exchange);
    else
        insert_waiting(engine, exchange);
}

/* Takes the outcome of an attempt that could not be started. `attempt` may be NULL unless the status is DM_ERR_FILE. */
static void refuse(struct engine *engine, struct exchange *exchange, dm_status status, const struct attempt *attempt)
{
    struct outcome outcome =
        outcome_fatal(status, status == DM_ERR_SYSTEM ? "libcurl rejects an option of the client" : "out of memory");
    if (status == DM_ERR_FILE)
        transfer_describe_file(&attempt->transfer, outcome.detail, sizeof outcome.detail);
    take_outcome(engine, exchange, &outcome);
}

/* Called outside of libcurl, so that the callback may call the library. */
static void report_sent(struct attempt *attempt, int64_t sent)
{
    const struct request *request = attempt->exchange->request;
    attempt->reported = sent;
    if (request->progress != NULL)
        request->progress(sent, (int64_t)request->body.length, request->progress_data);
}

/* libcurl does not report which connection a request uses. If bytes have arrived on a connection that was idle, they
 * may be the reply to a request that uses it now: then libcurl is asked for the connections in use. */
static bool is_doubtful(struct engine *engine)
{
    fd_set reading;
    fd_set writing;
    fd_set failing;
    int highest = 0;

    if (!sockets_doubtful(&engine->sockets))
        return false;
    FD_ZERO(&reading);
    FD_ZERO(&writing);
    FD_ZERO(&failing);
    curl_multi_fdset(engine->multi, &reading, &writing, &failing, &highest);
    sockets_note_busy(&engine->sockets, &reading);
    sockets_note_busy(&engine->sockets, &writing);
    return sockets_doubtful(&engine->sockets);
}

static dm_status begin_attempt(struct engine *engine, struct attempt *attempt, struct exchange *exchange)
{
    const struct caution caution = {.fresh_connection = is_doubtful(engine), .ask_first = exchange->ask_first};
    attempt->exchange = exchange;
    const dm_status status = attempt_prepare(attempt, exchange->request, &exchange->location, caution);
    if (status != DM_OK)
        return status;
    return curl_multi_add_handle(engine->multi, attempt->easy) == CURLM_OK ? DM_OK : DM_ERR_NO_MEMORY;
}

static void start_attempt(struct engine *engine, struct exchange *exchange)
{
    dm_status status;
    struct attempt *attempt = take_idle(engine, &status);

    if (attempt == NULL) {
        refuse(engine, exchange, status, NULL);
        return;
    }
    status = begin_attempt(engine, attempt, exchange);
    if (status == DM_OK) {
        note_running(engine, attempt);
        report_sent(attempt, 0);
        return;
    }
    refuse(engine, exchange, status, attempt);
    put_idle(engine, attempt);
}

static void retire(struct engine *engine, struct attempt *attempt)
{
    curl_multi_remove_handle(engine->multi, attempt->easy);
    remove_running(engine, attempt);
    put_idle(engine, attempt);
}

static void collect_outcomes(struct engine *engine)
{
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(engine->multi, &left); message != NULL;
         message = curl_multi_info_read(engine->multi, &left)) {
        struct attempt *attempt = NULL;
        const CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &attempt);
        struct exchange *exchange = attempt->exchange;
        struct outcome outcome = attempt_outcome(attempt, code);
        sockets_note_idle(&engine->sockets, attempt_socket(attempt));
        retire(engine, attempt);
        take_outcome(engine, exchange, &outcome);
    }
}

static void report_progress(const struct engine *engine)
{
    for (struct attempt *attempt = engine->running; attempt != NULL; attempt = attempt->next)
        if (attempt->transfer.sent != attempt->reported)
            report_sent(attempt, attempt->transfer.sent);
}

/* ---- Deadlines and cancellation ---- */

static enum exchange_end find_end(const struct exchange *exchange, int64_t now)
{
    if (cancel_fired(exchange->cancel))
        return EXCHANGE_CANCELLED;
    return now >= exchange->deadline ? EXCHANGE_TIMED_OUT : EXCHANGE_OPEN;
}

static void abort_attempt(struct engine *engine, struct attempt *attempt, enum exchange_end end)
{
    struct exchange *exchange = attempt->exchange;
    const struct outcome outcome = attempt_outcome_aborted(attempt, exchange_end_status(end));
    retire(engine, attempt);
    log_attempt(engine->settings, exchange, &outcome);
    exchange_abort(exchange, end, &outcome);
    append_finished(engine, exchange);
}

static void stop_waiting(struct engine *engine, struct exchange **at, enum exchange_end end)
{
    struct exchange *exchange = pop(at);
    exchange_stop(exchange, end);
    append_finished(engine, exchange);
}

/* Ends the waiting exchanges that are cancelled or past their deadline. */
static void end_due_waiting(struct engine *engine, int64_t now)
{
    for (struct exchange **at = &engine->waiting; *at != NULL;) {
        const enum exchange_end end = find_end(*at, now);
        if (end == EXCHANGE_OPEN)
            at = &(*at)->next;
        else
            stop_waiting(engine, at, end);
    }
}

static void end_due_running(struct engine *engine, int64_t now)
{
    for (struct attempt *attempt = engine->running; attempt != NULL;) {
        struct attempt *next = attempt->next;
        const enum exchange_end end = find_end(attempt->exchange, now);
        if (end != EXCHANGE_OPEN)
            abort_attempt(engine, attempt, end);
        attempt = next;
    }
}

static void end_all_as(struct engine *engine, enum exchange_end end)
{
    while (engine->waiting != NULL)
        stop_waiting(engine, &engine->waiting, end);
    while (engine->running != NULL)
        abort_attempt(engine, engine->running, end);
}

void engine_cancel_all(struct engine *engine)
{
    struct sigpipe_guard guard;
    assert_owned(engine);
    sigpipe_block(&guard);
    end_all_as(engine, EXCHANGE_CANCELLED);
    sigpipe_restore(&guard);
}

/* ---- The loop ---- */

void engine_start(struct engine *engine, struct exchange *exchange)
{
    assert_owned(engine);
    engine->exchange_count++;
    exchange->started_at = exchange->ready_at = clock_now();
    if (reserve_watched(engine)) {
        insert_waiting(engine, exchange);
        return;
    }
    exchange_stop(exchange, EXCHANGE_STUCK);
    append_finished(engine, exchange);
}

static void start_due(struct engine *engine, int64_t now)
{
    while (engine->waiting != NULL && engine->waiting->ready_at <= now)
        start_attempt(engine, pop(&engine->waiting));
}

/* Lets libcurl do everything that it can do without waiting. Deadlines of running exchanges are checked after that, and
 * against the time before it, because the reply may have arrived while the process was stopped. */
static void turn(struct engine *engine)
{
    int running = 0;
    const int64_t begun_at = clock_now();
    end_due_waiting(engine, begun_at);
    start_due(engine, begun_at);
    if (curl_multi_perform(engine->multi, &running) != CURLM_OK)
        end_all_as(engine, EXCHANGE_STUCK);
    report_progress(engine);
    collect_outcomes(engine);
    end_due_running(engine, begun_at);
}

static int poll_timeout(const struct engine *engine, int64_t wake_at)
{
    enum { MAX_POLL_MS = 60 * 60 * 1000 };
    int64_t next = wake_at;
    for (const struct exchange *exchange = engine->waiting; exchange != NULL; exchange = exchange->next)
        next = clock_earlier(next, clock_earlier(exchange->ready_at, exchange->deadline));
    for (const struct attempt *attempt = engine->running; attempt != NULL; attempt = attempt->next)
        next = clock_earlier(next, clock_earlier(transfer_due_at(&attempt->transfer), attempt->exchange->deadline));
    return (int)clock_earlier(clock_until(clock_now(), next), MAX_POLL_MS);
}

static unsigned watch(struct engine *engine, unsigned count, int descriptor)
{
    engine->watched[count] = (struct curl_waitfd){.fd = descriptor, .events = CURL_WAIT_POLLIN};
    return count + 1;
}

static unsigned watch_token(struct engine *engine, unsigned count, const dm_cancel *cancel)
{
    return cancel != NULL ? watch(engine, count, cancel_descriptor(cancel)) : count;
}

static unsigned watch_all(struct engine *engine)
{
    unsigned count = engine->can_wake ? watch(engine, 0, engine->alarm.read_end) : 0;
    for (const struct exchange *exchange = engine->waiting; exchange != NULL; exchange = exchange->next)
        count = watch_token(engine, count, exchange->cancel);
    for (const struct attempt *attempt = engine->running; attempt != NULL; attempt = attempt->next)
        count = watch_token(engine, count, attempt->exchange->cancel);
    return count;
}

/* Sleeps until there is work for libcurl, a time is reached, a token is fired, or the engine is woken. */
static void wait_for_event(struct engine *engine, int64_t wake_at)
{
    const unsigned count = watch_all(engine);
    const int timeout_ms = poll_timeout(engine, wake_at);
    if (curl_multi_poll(engine->multi, engine->watched, count, timeout_ms, NULL) != CURLM_OK)
        end_all_as(engine, EXCHANGE_STUCK);
}

/* Only one engine_wake raises the alarm, and no other does before it is lowered. */
static bool take_wake(struct engine *engine)
{
    if (!atomic_load(&engine->woken))
        return false;
    notice_lower(&engine->alarm);
    atomic_store(&engine->woken, false);
    return true;
}

static struct exchange *drive(struct engine *engine, int64_t wake_at)
{
    while (engine->finished == NULL) {
        turn(engine);
        if (engine->finished != NULL)
            break;
        if (take_wake(engine) || clock_now() >= wake_at)
            return NULL;
        wait_for_event(engine, wake_at);
    }
    engine->exchange_count--;
    return pop(&engine->finished);
}

bool engine_allow_wake(struct engine *engine, struct failure *failure)
{
    if (!reserve_watched(engine))
        return failure_no_memory(failure);
    engine->can_wake = notice_open(&engine->alarm, "to wake a thread", failure);
    return engine->can_wake;
}

void engine_wake(struct engine *engine)
{
    if (!atomic_exchange(&engine->woken, true))
        notice_raise(&engine->alarm);
}

struct exchange *engine_next(struct engine *engine, int64_t wake_at)
{
    struct sigpipe_guard guard;
    assert_owned(engine);
    if (engine->is_in_own_thread)
        return drive(engine, wake_at);
    sigpipe_block(&guard);
    struct exchange *finished = drive(engine, wake_at);
    sigpipe_restore(&guard);
    return finished;
}
