#include "transport/engine.h"

#include "base/clock.h"
#include "base/random.h"
#include "base/sigpipe.h"
#include "transport/attempt_outcome.h"
#include "transport/log.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct engine {
    CURLM *multi;
    const struct settings *settings;
    struct exchange *waiting;  /* for their time, the earliest first */
    struct exchange *finished; /* and not yet given back */
    struct attempt *running;
    struct attempt *idle; /* handles to use again */
    bool stuck;           /* libcurl could not go on */
    bool doubtful;        /* a connection that went wrong may still be there to be used again */
    struct sockets sockets;
    uint64_t random_state;
    pthread_t owner;
};

struct engine *engine_new(const struct settings *settings)
{
    struct engine *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->settings = settings;
    made->multi = curl_multi_init();
    if (made->multi == NULL) {
        free(made);
        return NULL;
    }
    if (!random_bytes(&made->random_state, sizeof made->random_state))
        made->random_state = (uint64_t)clock_now();
    engine_adopt(made);
    return made;
}

void engine_free(struct engine *engine)
{
    struct sigpipe_guard guard;
    if (engine == NULL)
        return;
    assert(engine->running == NULL && engine->waiting == NULL && engine->finished == NULL);
    sigpipe_block(&guard);
    while (engine->idle != NULL) {
        struct attempt *next = engine->idle->next;
        attempt_free(engine->idle);
        engine->idle = next;
    }
    curl_multi_cleanup(engine->multi);
    sigpipe_restore(&guard);
    free(engine);
}

void engine_adopt(struct engine *engine)
{
    engine->owner = pthread_self();
}

/* No sanitizer sees into libcurl, so a debug build watches over the one rule that it needs. */
static void assert_owned(const struct engine *engine)
{
    assert(pthread_equal(engine->owner, pthread_self()));
    (void)engine;
}

double engine_random(struct engine *engine)
{
    return random_fraction(&engine->random_state);
}

/* ---- Lists ---- */

static void insert_waiting(struct engine *engine, struct exchange *added)
{
    struct exchange **at = &engine->waiting;
    while (*at != NULL && (*at)->ready_at <= added->ready_at)
        at = &(*at)->next;
    added->next = *at;
    *at = added;
}

static void push_finished(struct engine *engine, struct exchange *added)
{
    added->next = engine->finished;
    engine->finished = added;
}

static struct exchange *pop(struct exchange **list)
{
    struct exchange *first = *list;
    if (first != NULL)
        *list = first->next;
    return first;
}

static void push_attempt(struct attempt **list, struct attempt *added)
{
    added->next = *list;
    *list = added;
}

static void remove_attempt(struct attempt **list, const struct attempt *removed)
{
    while (*list != removed) {
        assert(*list != NULL); /* it is in there */
        list = &(*list)->next;
    }
    *list = removed->next;
}

static struct attempt *take_idle(struct engine *engine, dm_status *status)
{
    struct attempt *taken = engine->idle;
    *status = DM_OK;
    if (taken == NULL)
        return attempt_new(engine->settings, &engine->sockets, status);
    engine->idle = taken->next;
    return taken;
}

/* ---- Attempts ---- */

static void take_outcome(struct engine *engine, struct exchange *exchange, struct outcome *taken)
{
    log_attempt(engine->settings, exchange, taken);
    const int64_t now = clock_now();
    if (exchange_take(exchange, taken, now, engine_random(engine))) {
        push_finished(engine, exchange);
    } else {
        insert_waiting(engine, exchange);
        log_repetition(engine->settings, exchange, now);
    }
}

/* The attempt, if there is one, is not made. */
static void refuse(struct engine *engine, struct exchange *refused, dm_status status, const struct attempt *attempt)
{
    struct outcome unmade =
        outcome_refused(status, status == DM_ERR_SYSTEM ? "libcurl refuses an option of the client" : "out of memory");
    if (status == DM_ERR_FILE)
        transfer_describe_file(&attempt->transfer, unmade.detail, sizeof unmade.detail);
    take_outcome(engine, refused, &unmade);
}

/* Closes all connections. */
static bool renew_connections(struct engine *engine)
{
    CURLM *fresh = curl_multi_init();
    if (fresh == NULL)
        return false;
    curl_multi_cleanup(engine->multi);
    engine->multi = fresh;
    engine->doubtful = false;
    return true;
}

/* A kept connection on which something has come unasked would answer the next request with it; and one of HTTP/2 on
 * which a request was left without an answer may be dead, but libcurl would use it for ever. */
static bool trust_connections(struct engine *engine)
{
    if (engine->running != NULL || (!engine->doubtful && !sockets_hold_bytes(&engine->sockets)))
        return true;
    return renew_connections(engine);
}

static dm_status begin_attempt(struct engine *engine, struct attempt *attempt, struct exchange *due)
{
    attempt->owner = due;
    if (!trust_connections(engine))
        return DM_ERR_NO_MEMORY;
    const dm_status status = attempt_prepare(attempt, due->request, &due->location);
    if (status != DM_OK)
        return status;
    return curl_multi_add_handle(engine->multi, attempt->easy) == CURLM_OK ? DM_OK : DM_ERR_NO_MEMORY;
}

static void start_attempt(struct engine *engine, struct exchange *due)
{
    dm_status status;
    struct attempt *attempt = take_idle(engine, &status);

    if (attempt == NULL) {
        refuse(engine, due, status, NULL);
        return;
    }
    status = begin_attempt(engine, attempt, due);
    push_attempt(status == DM_OK ? &engine->running : &engine->idle, attempt);
    if (status != DM_OK)
        refuse(engine, due, status, attempt);
}

static void start_due(struct engine *engine, int64_t now)
{
    while (engine->waiting != NULL && engine->waiting->ready_at <= now)
        start_attempt(engine, pop(&engine->waiting));
}

/* libcurl counts its own repetitions for the life of a handle, and gives up at the sixth: such a handle goes. */
static void retire(struct engine *engine, struct attempt *attempt)
{
    curl_multi_remove_handle(engine->multi, attempt->easy);
    remove_attempt(&engine->running, attempt);
    text_free(&attempt->transfer.reply); /* of one that failed: an idle handle keeps no memory of it */
    if (attempt->transfer.sends > 1)
        attempt_free(attempt);
    else
        push_attempt(&engine->idle, attempt);
}

static void collect_outcomes(struct engine *engine)
{
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(engine->multi, &left); message != NULL;
         message = curl_multi_info_read(engine->multi, &left)) {
        struct attempt *attempt = NULL;
        const CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &attempt);
        struct exchange *owner = attempt->owner;
        struct outcome result = attempt_outcome(attempt, code);
        engine->doubtful |= code != CURLE_OK || !sockets_rest(&engine->sockets, attempt_socket(attempt));
        retire(engine, attempt);
        take_outcome(engine, owner, &result);
    }
}

static void break_off(struct engine *engine, struct attempt *attempt, dm_status why)
{
    struct exchange *owner = attempt->owner;
    const struct outcome broken = attempt_outcome_broken_off(attempt, why);
    engine->doubtful = true;
    retire(engine, attempt);
    log_attempt(engine->settings, owner, &broken);
    exchange_break_off(owner, &broken);
    exchange_give_up(owner, why);
}

/* ---- The loop ---- */

void engine_start(struct engine *engine, struct exchange *added)
{
    assert_owned(engine);
    added->ready_at = clock_now();
    insert_waiting(engine, added);
}

static int poll_timeout(const struct engine *engine, int64_t now, int64_t wake_at)
{
    enum { MAX_POLL_MS = 60 * 60 * 1000 };
    int64_t next = engine->waiting != NULL ? clock_earlier(wake_at, engine->waiting->ready_at) : wake_at;
    for (const struct attempt *attempt = engine->running; attempt != NULL; attempt = attempt->next)
        next = clock_earlier(next, transfer_due_at(&attempt->transfer));
    return (int)clock_earlier(clock_until(now, next), MAX_POLL_MS);
}

/* Lets libcurl do what can be done at once. */
static void turn(struct engine *engine, int64_t now)
{
    int running = 0;
    start_due(engine, now);
    engine->stuck = curl_multi_perform(engine->multi, &running) != CURLM_OK;
    collect_outcomes(engine);
}

/* Sleeps until libcurl, the clock or the cancel has something for us. */
static void wait_for_event(struct engine *engine, int64_t wake_at, const dm_cancel *cancel)
{
    struct curl_waitfd switch_fd = {.fd = -1, .events = CURL_WAIT_POLLIN};
    if (cancel != NULL)
        switch_fd.fd = cancel_descriptor(cancel);
    engine->stuck = curl_multi_poll(engine->multi, cancel != NULL ? &switch_fd : NULL, cancel != NULL ? 1 : 0,
                                    poll_timeout(engine, clock_now(), wake_at), NULL) != CURLM_OK;
}

static struct exchange *drive(struct engine *engine, int64_t wake_at, const dm_cancel *cancel)
{
    engine->stuck = false;
    for (;;) {
        const int64_t now = clock_now();
        if (engine->finished != NULL)
            return pop(&engine->finished);
        if (engine->stuck || cancel_fired(cancel) || now >= wake_at)
            return NULL;
        turn(engine, now);
        if (engine->finished == NULL && !engine->stuck)
            wait_for_event(engine, wake_at, cancel);
    }
}

struct exchange *engine_next(struct engine *engine, int64_t wake_at, const dm_cancel *cancel)
{
    struct sigpipe_guard guard;
    assert_owned(engine);
    sigpipe_block(&guard);
    struct exchange *finished = drive(engine, wake_at, cancel);
    sigpipe_restore(&guard);
    return finished;
}

bool engine_is_stuck(const struct engine *engine)
{
    return engine->stuck;
}

void engine_give_up(struct engine *engine, dm_status status)
{
    struct sigpipe_guard guard;
    assert_owned(engine);
    sigpipe_block(&guard);
    while (engine->running != NULL)
        break_off(engine, engine->running, status);
    while (engine->waiting != NULL)
        exchange_give_up(pop(&engine->waiting), status);
    while (engine->finished != NULL)
        exchange_give_up(pop(&engine->finished), status);
    sigpipe_restore(&guard);
}
