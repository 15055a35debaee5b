/*
 * Replies in every framing, cut after every byte: the connection is then closed, reset or silent. Each call must end
 * before its deadline, with the right result or with a clear error. A cut reply never succeeds, unless the end of the
 * connection is the end of its body.
 */
#include <deepomatic.h>

#include "answers.h"
#include "array.h"
#include "clock_ms.h"
#include "fault_server.h"
#include "framed_reply.h"
#include "libcurl.h"
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
    ARRIVAL_MS = 120 * 1000, /* for a request that was sent; no time is enough for one that was not */
    WORKERS = 4,
    WAITING_WORKERS = 128, /* where calls mostly wait; fewer under a sanitizer or valgrind */
    SLOW_WORKERS = 16,
    RETRIES = 3 /* attempts of a call whose attempts all fail */
};

/* ---- What is cut ---- */

#define SPEC                                                                                                           \
    "{\"id\":42,\"name\":\"hot-dog VS not hot-dog classifier\",\"description\":\"\",\"task_id\":123,"                  \
    "\"update_date\":\"2018-02-16T16:37:25.148189Z\",\"metadata\":{\"author\":\"me\",\"n\":[1.10]},"                   \
    "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":[{\"id\":0,\"name\":\"hot-dog\"},"       \
    "{\"id\":1,\"name\":\"not hot-dog\"}]}}],\"current_version_id\":null}"
#define SPEC_WORDS "42 hot-dog VS not hot-dog classifier {\"author\":\"me\",\"n\":[1.10]} 2 labels, not hot-dog"
#define PAGE                                                                                                           \
    "{\"count\":5,\"next\":\"http://localhost/v0.7/recognition/specs?offset=2\",\"previous\":null,\"results\":["       \
    "{\"id\":42,\"name\":\"caf\xc3\xa9\",\"metadata\":{}},{\"id\":43,\"name\":\"second\",\"current_version_id\":1}]}"
#define PAGE_WORDS "2 of 5: caf\xc3\xa9, second, http://localhost/v0.7/recognition/specs?offset=2"
#define SUCCESS                                                                                                        \
    "{\"id\":\"123\",\"status\":\"success\",\"error\":null,\"data\":{\"outputs\":[{\"labels\":{\"predicted\":["        \
    "{\"label_id\":9,\"label_name\":\"sunglasses\",\"score\":0.990304172,\"threshold\":0.347,\"roi\":{"                \
    "\"region_id\":1,\"bbox\":{\"xmin\":0.312604159,\"ymin\":0.366485775,\"ymax\":0.5318923,\"xmax\":0.666821837}}}]," \
    "\"discarded\":[{\"label_id\":3,\"label_name\":\"scarf\",\"score\":0.25,\"threshold\":0.5}]}}]}}"
#define SUCCESS_WORDS "123 success: sunglasses 0.990304 0.312604; scarf 0.25 0;"
#define PENDING       "{\"id\":\"123\",\"status\":\"pending\",\"error\":null,\"data\":null}"

/* A similar task, compressed: with one more prediction, and with dates. */
static const unsigned char deflated_success[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x75, 0x90, 0xdd, 0x6a, 0xc3, 0x30, 0x0c, 0x85, 0xdf,
    0x45, 0xd7, 0x6e, 0xf1, 0x5f, 0x1c, 0x27, 0xcf, 0xb1, 0xab, 0x8d, 0x52, 0x9c, 0xc4, 0x6b, 0xc3, 0xd2, 0x38, 0x58,
    0x36, 0x74, 0x84, 0xbc, 0xfb, 0xec, 0x2c, 0x85, 0xac, 0x65, 0x60, 0x30, 0xfa, 0x38, 0x3a, 0x3a, 0xd2, 0x0c, 0x7d,
    0x07, 0x35, 0x30, 0x2e, 0x80, 0x00, 0x06, 0x13, 0x22, 0xa6, 0x12, 0x63, 0xdb, 0x5a, 0xc4, 0x84, 0xac, 0xf7, 0xce,
    0x43, 0x3d, 0xc6, 0x61, 0x20, 0xd0, 0x99, 0x60, 0xcf, 0xad, 0xb7, 0xe9, 0xcb, 0x4d, 0x9c, 0x32, 0x7d, 0xa0, 0xe2,
    0x40, 0xab, 0x37, 0xa6, 0x6b, 0x41, 0x6b, 0x29, 0x8e, 0x92, 0x4a, 0xc5, 0xe8, 0x3b, 0x6c, 0xe2, 0x38, 0x75, 0xff,
    0x8a, 0xe5, 0x91, 0x49, 0xcd, 0x74, 0x95, 0xc5, 0x18, 0x9b, 0x60, 0xf0, 0x0b, 0x77, 0x93, 0x0c, 0xd4, 0x33, 0xb8,
    0x18, 0xa6, 0x18, 0x12, 0xfe, 0x98, 0x61, 0x30, 0x8d, 0x1d, 0x30, 0xd3, 0xc9, 0xdb, 0xae, 0x6f, 0x57, 0xdf, 0x07,
    0x3f, 0xe7, 0x35, 0x2a, 0xb2, 0x15, 0xa3, 0xb9, 0xd9, 0x75, 0x8d, 0xf1, 0x32, 0x18, 0x44, 0x9b, 0x37, 0xc1, 0xd6,
    0xf9, 0x04, 0xe9, 0xb1, 0xaa, 0xa8, 0xa0, 0x92, 0x95, 0x9c, 0x40, 0xb8, 0x7a, 0x8b, 0x57, 0x37, 0x74, 0x99, 0x0b,
    0x59, 0x12, 0xf0, 0xae, 0xcf, 0x13, 0xbc, 0xbd, 0xf4, 0x6e, 0x5c, 0x4d, 0x19, 0x81, 0xa6, 0x71, 0xf7, 0x4c, 0xef,
    0xb7, 0x7e, 0x5c, 0x95, 0x8c, 0xab, 0xe4, 0x50, 0xa4, 0x79, 0xdf, 0x0f, 0xa4, 0x94, 0xd4, 0x45, 0x59, 0x16, 0x19,
    0x99, 0x7b, 0x46, 0x85, 0x48, 0xcb, 0x71, 0x41, 0x52, 0xdb, 0x2f, 0x50, 0x4a, 0x69, 0xce, 0xb4, 0x28, 0x97, 0x65,
    0x21, 0xfb, 0xdc, 0xfc, 0x29, 0xf7, 0xd5, 0x84, 0x7d, 0xe0, 0x6c, 0xfa, 0x27, 0x69, 0xb1, 0xe5, 0xcc, 0xb7, 0x5a,
    0x4e, 0xe9, 0x5a, 0x3d, 0xb6, 0xc6, 0x77, 0x2f, 0xf7, 0x10, 0xcf, 0xf7, 0x48, 0xaa, 0xcf, 0xbd, 0x33, 0x7f, 0x71,
    0x5e, 0x4e, 0x4b, 0x7e, 0x3f, 0xf1, 0xe4, 0xca, 0x62, 0x17, 0x02, 0x00, 0x00};

struct subject {
    const char *name;
    ask_function *ask;
    const char *http_status;
    const char *headers;
    const void *body;
    size_t body_length;
    const char *words;     /* the result of the call if the whole reply arrives, as text */
    dm_status status;      /* and its status */
    bool once;             /* the request must not be repeated */
    bool forgiving;        /* a cut reply makes the call send another request, even without retries */
    const char *then_body; /* the body of the reply to that request, and to the one after a whole reply */
};

#define BODY(text) text, sizeof(text) - 1

enum { SPEC_SUBJECT, PENDING_SUBJECT, SUBMIT_SUBJECT };

static const struct subject subjects[] = {
    [SPEC_SUBJECT] = {"a specification", ask_spec, "200 OK", "Content-Type: application/json\r\n", BODY(SPEC),
                      SPEC_WORDS, .status = DM_OK},
    [PENDING_SUBJECT] = {"a pending task", ask_task, "200 OK", "", BODY(PENDING), "123 pending:", .status = DM_OK},
    [SUBMIT_SUBJECT] = {"a submission", ask_submit, "201 Created", "", BODY("{\"task_id\":\"123\"}"), "123",
                        .status = DM_OK},
    {"a page", ask_spec_page, "200 OK", "Server: x\r\n", BODY(PAGE), PAGE_WORDS, .status = DM_OK},
    {"a finished task", ask_task, "200 OK", "", BODY(SUCCESS), SUCCESS_WORDS, .status = DM_OK},
    {"a deflated task", ask_task, "200 OK", "Content-Encoding: gzip\r\n", deflated_success, sizeof deflated_success,
     "123 success: sunglasses 0.990304 0.312604; hat 0.75 0; scarf 0.25 0;", .status = DM_OK},
    {"a task that is waited for", ask_wait, "200 OK", "", BODY(PENDING), SUCCESS_WORDS, .forgiving = true,
     .then_body = SUCCESS},
    {"a creation", ask_create, "201 Created", "", BODY(SPEC), SPEC_WORDS, .once = true},
    {"a redirect", ask_spec, "302 Found", "Location: /v0.7/recognition/specs/4321\r\n", BODY("moved"), SPEC_WORDS,
     .then_body = SPEC},
    {"not found", ask_spec, "404 Not Found", "", BODY("{\"detail\":\"Not found.\"}"), "Not found.",
     .status = DM_ERR_NOT_FOUND},
    {"a field map", ask_submit, "400 Bad Request", "", BODY("{\"inputs\":[\"This field is required.\"]}"),
     "inputs: This field is required.", .status = DM_ERR_REJECTED},
    {"a gateway's page", ask_task, "502 Bad Gateway", "Content-Type: text/html\r\n",
     BODY("<html><head><title>502 Bad Gateway</title></head></html>\n"), "502 Bad Gateway", .status = DM_ERR_SERVER},
};
enum { SUBJECTS = COUNT(subjects) };

static const char interim[] =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n";

/* ---- How often it is asked ---- */

enum repeating {
    RETRIES_OFF,    /* one attempt, which is cut */
    RETRIES_MEND,   /* the second attempt finds the whole reply */
    RETRIES_IN_VAIN /* all attempts are cut */
};

#define WHOLE SIZE_MAX

/* Some cuts of one reply, which are tried one after the other with the same server and client. */
struct campaign {
    const struct subject *subject;
    struct framing framing;
    enum fault_ending ending;
    enum repeating repeating;
    size_t first; /* the first cut, or WHOLE for no cut; then every stride-th one */
    size_t stride;

    size_t answers; /* calls with the expected status */
    size_t errors;
    char failure[1024]; /* "" if all went well */
};

static int attempts_allowed(const struct campaign *campaign)
{
    return campaign->repeating == RETRIES_OFF ? 1 : campaign->repeating == RETRIES_MEND ? 2 : RETRIES;
}

/* A whole reply is the last one played, unless all that is played ends with one, or may come too late for its step. */
static size_t last_cut(const struct campaign *campaign, size_t length)
{
    const bool cuts_only =
        campaign->first != WHOLE && (campaign->repeating != RETRIES_OFF || campaign->ending == FAULT_THEN_STALL);
    return cuts_only ? length - 1 : length;
}

static size_t first_cut(const struct campaign *campaign, size_t length)
{
    return campaign->first == WHOLE ? length : campaign->first % (last_cut(campaign, length) + 1);
}

static size_t next_cut(const struct campaign *campaign, size_t cut, size_t length)
{
    const size_t last = last_cut(campaign, length);
    const size_t next = cut + campaign->stride;
    return cut < last && next > last ? last : next;
}

/* ---- The script ---- */

struct script {
    struct framed_reply reply;
    struct framed_reply then; /* empty if no request follows a whole reply */
    struct fault_step *steps;
    size_t count;
    size_t capacity;
};

static bool add_step(struct script *script, const struct framed_reply *reply, size_t length, enum fault_ending ending)
{
    if (script->count == script->capacity) {
        script->capacity = script->capacity * 2 + 64;
        struct fault_step *steps = realloc(script->steps, script->capacity * sizeof *steps);
        if (steps == NULL)
            return false;
        script->steps = steps;
    }
    script->steps[script->count++] =
        (struct fault_step){.reply = reply->bytes, .reply_length = length, .ending = ending};
    return true;
}

/* How many attempts get the cut reply: a create and a call that times out are not repeated. */
static int times_cut(const struct campaign *campaign)
{
    return campaign->repeating == RETRIES_IN_VAIN && !campaign->subject->once && campaign->ending != FAULT_THEN_STALL
               ? RETRIES
               : 1;
}

static bool is_mended(const struct campaign *campaign)
{
    if (campaign->subject->forgiving)
        return campaign->ending != FAULT_THEN_STALL;
    return campaign->repeating == RETRIES_MEND && !campaign->subject->once;
}

/* Some versions of libcurl accept a chunked body without its last line feed. */
static bool is_complete(const struct campaign *campaign, size_t length, size_t cut)
{
    const bool all_but_line_feed = campaign->framing.kind == FRAMING_CHUNKED && campaign->ending == FAULT_THEN_CLOSE &&
                                   !libcurl_wants_last_line_feed();
    return campaign->framing.kind != FRAMING_CLOSE && cut >= length - all_but_line_feed;
}

/* What one call meets. Behind a reply that something follows the connection stays open: the call would race against
 * its end. */
static bool add_play(struct script *script, const struct campaign *campaign, size_t cut)
{
    const struct framed_reply *reply = &script->reply;
    const struct framed_reply *then = &script->then;
    const bool complete = is_complete(campaign, reply->length, cut);
    const bool followed = then->bytes != NULL && (complete || is_mended(campaign));
    bool ok = true;

    for (int i = 0; i < (complete ? 1 : times_cut(campaign)); i++)
        ok = ok &&
             add_step(script, reply, cut, cut == reply->length && followed ? FAULT_THEN_KEEP_OPEN : campaign->ending);
    if (is_mended(campaign) && !campaign->subject->forgiving && !complete)
        ok = ok && add_step(script, reply, reply->length, FAULT_THEN_KEEP_OPEN);
    if (followed)
        ok = ok && add_step(script, then, then->length, FAULT_THEN_KEEP_OPEN);
    return ok;
}

static bool write_script(struct script *script, const struct campaign *campaign)
{
    static const struct framing plain = {.kind = FRAMING_LENGTH};
    const struct subject *subject = campaign->subject;

    *script = (struct script){.count = 0};
    script->reply = framed_reply_new(&campaign->framing, subject->http_status, subject->headers, subject->body,
                                     subject->body_length);
    if (subject->then_body != NULL)
        script->then = framed_reply_new(&plain, "200 OK", "", subject->then_body, strlen(subject->then_body));
    bool ok = script->reply.bytes != NULL && (subject->then_body == NULL || script->then.bytes != NULL);
    for (size_t cut = first_cut(campaign, script->reply.length); ok && cut <= last_cut(campaign, script->reply.length);
         cut = next_cut(campaign, cut, script->reply.length))
        ok = add_play(script, campaign, cut);
    return ok;
}

static void free_script(struct script *script)
{
    framed_reply_free(&script->reply);
    framed_reply_free(&script->then);
    free(script->steps);
}

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

/* The connection broke each time, or it fell silent; and that is what the call says. When time runs out on a busy
 * machine, the request may not even have left. */
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

/* If the end of the connection is the end of the body, only incomplete JSON shows that the body was cut. */
static bool may_be_taken_for_whole(const struct campaign *campaign, const struct script *played, size_t cut)
{
    return campaign->framing.kind == FRAMING_CLOSE && campaign->ending == FAULT_THEN_CLOSE &&
           cut >= played->reply.head_length;
}

static bool is_answer_of_a_part(const struct campaign *campaign, const struct answer *given)
{
    if (is_right_answer(campaign, given) || is_right_error(campaign, given))
        return true;
    return is_clear(&given->error, given->status) &&
           (given->status == DM_ERR_BAD_RESPONSE ||
            (given->status == campaign->subject->status && given->status != DM_OK));
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

/* In the C library's place: libcurl sends a request in the thread of the call, the fault server a reply in its own. */
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

/* On a busy machine, a short time may end before the request is sent; then the call is made again, with more time. If
 * it was sent, the server gets it, however late its threads run. */
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

/* ---- Campaigns, worked off by several threads ---- */

struct plan {
    struct campaign *campaigns;
    size_t count;
    size_t capacity;
    size_t next;
    pthread_mutex_t mutex;
    size_t thinning; /* every so many-th cut is tried; 1 except under a sanitizer or valgrind */
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

/* What is compressed already is not compressed again; and where the connection's end may end a reply, nobody knows
 * which one is followed by another. */
static bool go_together(const struct subject *subject, const struct framing *framing)
{
    if (subject->then_body != NULL && framing->kind == FRAMING_CLOSE)
        return false;
    return !framing->gzip || subject->body != deflated_success;
}

/* All cuts of a reply. If they stall, several campaigns share them, so that they wait at the same time. */
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

static void a_reply_that_is_closed_behind_any_byte(void **state)
{
    struct plan plan;
    (void)state;
    start_plan(&plan);
    add_for_all(&plan, FAULT_THEN_CLOSE);
    carry_out(&plan, "closed, no retry", WORKERS);
}

static void a_reply_that_is_reset_behind_any_byte(void **state)
{
    struct plan plan;
    (void)state;
    start_plan(&plan);
    add_for_all(&plan, FAULT_THEN_RESET);
    carry_out(&plan, "reset, no retry", WORKERS);
}

static void a_reply_that_stalls_behind_any_byte(void **state)
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

/* Only where it is certain what the call does next: a gateway's page is asked for again even when it is whole, and
 * where the connection's end may end a reply, a cut one may be an answer. */
static bool go_with_retries(const struct subject *subject, const struct framing *framing)
{
    return go_together(subject, framing) && framing->kind != FRAMING_CLOSE && subject->status != DM_ERR_SERVER;
}

static void a_cut_reply_that_a_retry_mends(void **state)
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

static void a_cut_reply_that_no_retry_mends(void **state)
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
static void chunks_of_every_size(void **state)
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
        cmocka_unit_test(a_reply_that_is_closed_behind_any_byte),
        cmocka_unit_test(a_reply_that_is_reset_behind_any_byte),
        cmocka_unit_test(a_reply_that_stalls_behind_any_byte),
        cmocka_unit_test(a_cut_reply_that_a_retry_mends),
        cmocka_unit_test(a_cut_reply_that_no_retry_mends),
        cmocka_unit_test(chunks_of_every_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
