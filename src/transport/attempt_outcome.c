#include "transport/attempt_outcome.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/url.h"
#include "transport/attempt_failure.h"
#include "transport/retry_after.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_retry_after(const struct reply_headers *headers)
{
    const char *date = headers->date[0] != '\0' ? headers->date : NULL;
    return retry_after_ms(headers->retry_after, date, (int64_t)time(NULL));
}

/* Other replies may have a Location too: in a 201 it is the address of the new resource. */
static bool is_redirect(int http_status)
{
    return http_status >= 300 && http_status < 400 && http_status != 304;
}

static void describe_redirect(const struct attempt *attempt, struct outcome *outcome)
{
    const struct text *location = &attempt->transfer.headers.location;
    if (!is_redirect(outcome->http_status))
        return;
    outcome->redirect.status = location->status;
    if (location->length > 0)
        outcome->redirect_is_ours = url_resolve_redirect(attempt->url.data, location->data, &outcome->redirect);
}

static void describe_reply(struct attempt *attempt, struct outcome *outcome)
{
    outcome->end = ATTEMPT_ANSWERED;
    outcome->status = DM_OK;
    outcome->http_status = (int)attempt_info_long(attempt, CURLINFO_RESPONSE_CODE);
    outcome->retry_after_ms = read_retry_after(&attempt->transfer.headers);
    outcome->body = attempt->transfer.reply;
    text_init(&attempt->transfer.reply, attempt->settings->max_response_bytes);
    describe_redirect(attempt, outcome);
    if (outcome->redirect.status == DM_OK)
        return;
    outcome->end = ATTEMPT_FATAL;
    outcome->status = outcome->redirect.status == DM_ERR_NO_MEMORY ? DM_ERR_NO_MEMORY : DM_ERR_BAD_RESPONSE;
    snprintf(outcome->detail, sizeof outcome->detail, "the reply redirects to an address of more than %zu bytes",
             outcome->redirect.limit);
    text_free(&outcome->redirect);
}

static enum attempt_end end_of_failure(const struct outcome *outcome)
{
    return outcome->completely_sent ? ATTEMPT_BROKEN : ATTEMPT_UNSENT;
}

static void describe_failure(struct attempt *attempt, CURLcode code, struct outcome *outcome)
{
    const bool is_transient = attempt_failure_describe(attempt, code, outcome);
    outcome->end = is_transient ? end_of_failure(outcome) : ATTEMPT_FATAL;
}

/* Describes why one of our callbacks stopped the transfer. */
static void describe_stop(const struct attempt *attempt, struct outcome *outcome)
{
    const struct transfer *transfer = &attempt->transfer;

    const bool again = transfer->stopped == DM_ERR_TIMEOUT || transfer->stopped == DM_ERR_REJECTED;
    outcome->end = again ? end_of_failure(outcome) : ATTEMPT_FATAL;
    outcome->status = transfer->stopped;
    if (transfer->stopped == DM_ERR_REJECTED)
        snprintf(outcome->detail, sizeof outcome->detail,
                 "the server answers the header \"Expect: 100-continue\" with HTTP 417");
    else if (transfer->stopped == DM_ERR_TIMEOUT)
        snprintf(outcome->detail, sizeof outcome->detail, "stalled: no data was sent or received for %" PRId64 " ms",
                 transfer->stall_timeout_ms);
    else if (transfer->stopped == DM_ERR_FILE)
        transfer_describe_file(transfer, outcome->detail, sizeof outcome->detail);
    else if (transfer->stopped == DM_ERR_BAD_RESPONSE)
        snprintf(outcome->detail, sizeof outcome->detail, "%s",
                 transfer->headers.compressions > 1 ? "the reply is compressed more than once" : BROKEN_COMPRESSION);
    else if (transfer->header_bytes > MAX_HEADER_BYTES)
        snprintf(outcome->detail, sizeof outcome->detail, "the reply's headers are larger than %d bytes",
                 MAX_HEADER_BYTES);
    else if (transfer->stopped == DM_ERR_TOO_LARGE)
        snprintf(outcome->detail, sizeof outcome->detail, "the reply is larger than the limit of %zu bytes",
                 transfer->reply.limit);
}

/* If fewer bytes than the body has were sent, the request is not complete. If libcurl repeated the request or was about
 * to, assume that the first one was complete. */
static bool was_completely_sent(const struct transfer *transfer, int64_t bytes_sent)
{
    const bool repeated = transfer->sends > 1 || transfer->rewound;
    return repeated || (transfer->sends == 1 && (size_t)bytes_sent >= transfer->reader.body->length);
}

static struct outcome measure(const struct attempt *attempt)
{
    const struct transfer *transfer = &attempt->transfer;
    struct outcome outcome;
    outcome_init(&outcome);
    outcome.resends = transfer->sends > 1 ? transfer->sends - 1 : 0;
    outcome.milliseconds = clock_until(transfer->begun_at, clock_now());
    outcome.bytes_sent = attempt_info_number(attempt, CURLINFO_SIZE_UPLOAD_T);
    outcome.bytes_received = attempt_info_number(attempt, CURLINFO_SIZE_DOWNLOAD_T);
    outcome.completely_sent = was_completely_sent(transfer, outcome.bytes_sent);
    outcome.partly_sent = transfer->sends > 0 && !outcome.completely_sent;
    return outcome;
}

/* libcurl accepts a reply that ends within its headers as complete. */
static bool has_headers(const struct attempt *attempt)
{
    return attempt->transfer.headers_complete && attempt_info_long(attempt, CURLINFO_RESPONSE_CODE) >= 200;
}

/* Only a DELETE may succeed with an empty reply; other requests only with a status that means "no content". */
static bool wants_content(const struct attempt *attempt)
{
    const long http_status = attempt_info_long(attempt, CURLINFO_RESPONSE_CODE);
    return attempt->expects_content && http_status >= 200 && http_status < 300 && http_status != 204 &&
           http_status != 205;
}

/* White space, or a part of a byte order mark, counts as an empty reply. A scalar or a text could be complete. */
static bool is_cut_text(const struct attempt *attempt)
{
    const struct text *reply = &attempt->transfer.reply;
    struct json json;
    json_begin_received(&json, reply->length > 0 ? reply->data : "", reply->length);
    const enum json_kind kind = json_kind(&json);
    if (json.position == json.end)
        return wants_content(attempt);
    json_skip(&json);
    return (kind == JSON_OBJECT || kind == JSON_ARRAY) && json_ends_early(&json);
}

/* If a reply ends only with its connection, truncation can be detected only by the content: it is empty, or it is
 * incomplete JSON or incomplete compressed data. */
static bool is_cut_content(const struct attempt *attempt)
{
    if (attempt->transfer.inflater.in_member)
        return true;
    return !attempt->transfer.headers.is_framed && is_cut_text(attempt);
}

/* A server may reply and then stop reading the request. The reply counts. */
static bool has_whole_answer(const struct attempt *attempt, const struct outcome *outcome)
{
    const int64_t announced = attempt_info_number(attempt, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
    const bool given_up = attempt->transfer.stopped == DM_OK || attempt->transfer.stopped == DM_ERR_TIMEOUT;
    return given_up && has_headers(attempt) && announced >= 0 && outcome->bytes_received == announced;
}

static bool is_answered(const struct attempt *attempt, CURLcode code, const struct outcome *outcome)
{
    const struct transfer *transfer = &attempt->transfer;
    if (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_ABORTED_BY_CALLBACK)
        return has_whole_answer(attempt, outcome);
    if (code != CURLE_OK)
        return false;
    return transfer->stopped == DM_OK && has_headers(attempt) && !is_cut_content(attempt);
}

static void describe_cut(const struct attempt *attempt, struct outcome *outcome)
{
    outcome->end = end_of_failure(outcome);
    outcome->status = DM_ERR_NETWORK;
    snprintf(outcome->detail, sizeof outcome->detail, "the reply was cut short%s",
             has_headers(attempt) ? "" : " within its headers");
}

struct outcome attempt_outcome(struct attempt *attempt, CURLcode code)
{
    struct outcome outcome = measure(attempt);

    if (is_answered(attempt, code, &outcome))
        describe_reply(attempt, &outcome);
    else if (attempt->transfer.stopped != DM_OK)
        describe_stop(attempt, &outcome);
    else if (code != CURLE_OK)
        describe_failure(attempt, code, &outcome);
    else
        describe_cut(attempt, &outcome);
    return outcome;
}

struct outcome attempt_outcome_aborted(const struct attempt *attempt, dm_status reason)
{
    struct outcome outcome = measure(attempt);
    outcome.end = end_of_failure(&outcome);
    outcome.status = reason;
    snprintf(outcome.detail, sizeof outcome.detail, "aborted: %s",
             reason == DM_ERR_CANCELLED ? "cancelled"
             : reason == DM_ERR_TIMEOUT ? "timed out"
                                        : "libcurl cannot continue");
    return outcome;
}
