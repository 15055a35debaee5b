#include "transport/attempt_outcome.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/line.h"
#include "base/secret.h"
#include "base/url.h"
#include "transport/curl_versions.h"
#include "transport/retry_after.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long info_long(const struct attempt *attempt, CURLINFO info)
{
    long number = 0;
    curl_easy_getinfo(attempt->easy, info, &number);
    return number;
}

static int64_t info_number(const struct attempt *attempt, CURLINFO info)
{
    curl_off_t number = 0;
    curl_easy_getinfo(attempt->easy, info, &number);
    return (int64_t)number;
}

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
    outcome->http_status = (int)info_long(attempt, CURLINFO_RESPONSE_CODE);
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

/* The meaning of a libcurl code: the status to report if it is final, and whether a retry can help. */
struct meaning {
    dm_status status;
    bool transient;
};

static struct meaning meaning_of(CURLcode code)
{
    switch ((int)code) {
    case CURLE_OUT_OF_MEMORY:
        return (struct meaning){DM_ERR_NO_MEMORY, false};
    case CURLE_SSL_CONNECT_ERROR:
        return (struct meaning){DM_ERR_TLS, true};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CODE_SSL_CLIENTCERT:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CODE_BAD_ARGUMENT:
        return (struct meaning){DM_ERR_TLS, false};
    case CODE_TOO_LARGE:
        return (struct meaning){DM_ERR_TOO_LARGE, false};
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: not an HTTP server */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR: /* our callbacks never fail without a reason, so decompression failed */
        return (struct meaning){DM_ERR_BAD_RESPONSE, false};
    default:
        return (struct meaning){DM_ERR_NETWORK, true};
    }
}

/* A socket that cannot be opened on this machine is not the fault of the service. */
static bool has_no_socket(const struct attempt *attempt, struct meaning *means)
{
    const int error = attempt->transfer.socket_error;
    const bool is_table_full = error == EMFILE || error == ENFILE;
    const bool is_memory_full = error == ENOMEM || error == ENOBUFS;
    if (is_table_full || is_memory_full)
        *means = (struct meaning){is_table_full ? DM_ERR_SYSTEM : DM_ERR_NO_MEMORY, false};
    return is_table_full || is_memory_full;
}

/* With a TLS alert, the server says why it refuses the connection. TLS 1.3 servers check our certificate after libcurl
 * regards the handshake as complete, so libcurl reports their alert as a broken connection. With GnuTLS, the message
 * says only that there was an alert. If GnuTLS cannot read a client certificate, libcurl reports a failed handshake. */
static bool is_final_tls_failure(const struct attempt *attempt)
{
    static const char words[][sizeof "A TLS fatal alert has been received"] = {
        " alert handshake failure",
        " alert protocol version",
        " alert unknown ca",
        " alert access denied",
        " alert certificate",
        " alert bad certificate",
        " alert unsupported certificate",
        " failed: Handshake failed",
        " failed: Error in protocol version",
        " failed: CA is unknown",
        " failed: Access was denied",
        " failed: Certificate ",
        " failed: Unknown certificate",
        "A TLS fatal alert has been received",
        "error reading X.509",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(attempt->curl_error, words[i]) != NULL)
            return true;
    return false;
}

/* The proxy refuses the connection, for example because it requires a password. */
static bool refused_by_proxy(const struct attempt *attempt)
{
    const long answer = info_long(attempt, CURLINFO_HTTP_CONNECTCODE);
    return attempt->transfer.sends == 0 && answer >= 400 && answer < 500 && answer != 408 && answer != 429;
}

static const char broken_compression[] = "the reply's compression is broken";
static const char unfit_proxy[] = "Unsupported proxy";

static bool starts_with(const char *words, const char *start)
{
    return strncmp(words, start, strlen(start)) == 0;
}

/* libcurl's error message, unless it is unhelpful or quotes the environment's proxy, which may contain a password. */
static const char *reason_of(const struct attempt *attempt, CURLcode code)
{
    if (starts_with(attempt->curl_error, unfit_proxy))
        return "the proxy's address is invalid (http_proxy, https_proxy or all_proxy in the environment)";
    if (attempt->transfer.sends == 0 && info_long(attempt, CURLINFO_HTTP_CONNECTCODE) == 407)
        return "CONNECT tunnel failed, response 407: the proxy requires a user and a password in its address, or "
               "rejects those given";
    if (starts_with(attempt->curl_error, "Received HTTP/0.9"))
        return "the server's reply is not HTTP; check the API's address";
    if (code == CURLE_WRITE_ERROR)
        return broken_compression;
    return attempt->curl_error[0] != '\0' ? attempt->curl_error : curl_easy_strerror(code);
}

/* Asks for twice as much memory as libcurl needs for the longest line that it accepts. */
static bool has_memory_for_line(void)
{
    enum { PROBE_BYTES = 2 * 102400 };
    void *volatile probe = malloc(PROBE_BYTES); /* volatile: the compiler must not leave the allocation out */
    const bool has_memory = probe != NULL;
    free(probe);
    return has_memory;
}

/* libcurl shows us only complete lines of a reply's headers, and accepts up to 102400 bytes in one. Versions before 8.6
 * report a longer one as "out of memory", although there is memory. */
static bool has_overlong_line(const struct attempt *attempt, CURLcode code)
{
    const struct transfer *transfer = &attempt->transfer;
    if (transfer->sends == 0 || transfer->headers_complete || attempt->curl_error[0] != '\0')
        return false;
    if (code == CURLE_OUT_OF_MEMORY)
        return info_number(attempt, CURLINFO_STARTTRANSFER_TIME_T) > 0 && has_memory_for_line();
    return (int)code == CODE_TOO_LARGE;
}

static struct meaning describe_overlong_line(struct attempt *attempt)
{
    snprintf(attempt->curl_error, sizeof attempt->curl_error,
             "a line of the reply's headers is longer than libcurl's limit of 102400 bytes");
    return (struct meaning){DM_ERR_TOO_LARGE, false};
}

static enum attempt_end end_of_failure(const struct outcome *outcome)
{
    return outcome->wholly_sent ? ATTEMPT_BROKEN : ATTEMPT_UNSENT;
}

static void describe_failure(struct attempt *attempt, CURLcode code, struct outcome *outcome)
{
    struct meaning means = meaning_of(code);
    if (code == CURLE_COULDNT_CONNECT && has_no_socket(attempt, &means))
        snprintf(attempt->curl_error, sizeof attempt->curl_error, "%s",
                 line_system_error(attempt->transfer.socket_error));
    else if (is_final_tls_failure(attempt))
        means = (struct meaning){DM_ERR_TLS, false};
    else if (has_overlong_line(attempt, code))
        means = describe_overlong_line(attempt);
    else if (refused_by_proxy(attempt) || starts_with(attempt->curl_error, unfit_proxy))
        means.transient = false;
    outcome->status = means.status;
    outcome->end = means.transient ? end_of_failure(outcome) : ATTEMPT_FATAL;
    snprintf(outcome->detail, sizeof outcome->detail, "%s", reason_of(attempt, code));
    secret_redact_line(outcome->detail, sizeof outcome->detail, attempt->settings->secret);
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
                 transfer->headers.compressions > 1 ? "the reply is compressed more than once" : broken_compression);
    else if (transfer->header_bytes > MAX_HEADER_BYTES)
        snprintf(outcome->detail, sizeof outcome->detail, "the reply's headers are larger than %d bytes",
                 MAX_HEADER_BYTES);
    else if (transfer->stopped == DM_ERR_TOO_LARGE)
        snprintf(outcome->detail, sizeof outcome->detail, "the reply is larger than the limit of %zu bytes",
                 transfer->reply.limit);
}

/* If fewer bytes than the body has were sent, the request is not complete. If libcurl repeated the request or was about
 * to, assume that the first one was complete. */
static bool was_wholly_sent(const struct transfer *transfer, int64_t bytes_sent)
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
    outcome.bytes_sent = info_number(attempt, CURLINFO_SIZE_UPLOAD_T);
    outcome.bytes_received = info_number(attempt, CURLINFO_SIZE_DOWNLOAD_T);
    outcome.wholly_sent = was_wholly_sent(transfer, outcome.bytes_sent);
    outcome.partly_sent = transfer->sends > 0 && !outcome.wholly_sent;
    return outcome;
}

/* libcurl accepts a reply that ends within its headers as complete. */
static bool has_headers(const struct attempt *attempt)
{
    return attempt->transfer.headers_complete && info_long(attempt, CURLINFO_RESPONSE_CODE) >= 200;
}

static bool is_unfinished_json(const struct text *reply)
{
    struct json_fault fault;
    if (strchr("{[", reply->data[strspn(reply->data, " \t\r\n")]) == NULL)
        return false;
    return !json_check(reply->data, reply->length, JSON_DEPTH_OF_REPLY, &fault) && fault.offset == reply->length;
}

/* Only a DELETE may succeed with an empty reply; other requests only with a status that means "no content". */
static bool wants_content(const struct attempt *attempt)
{
    const long http_status = info_long(attempt, CURLINFO_RESPONSE_CODE);
    return attempt->expects_content && http_status >= 200 && http_status < 300 && http_status != 204 &&
           http_status != 205;
}

/* If a reply ends only with its connection, truncation can be detected only by the content: it is empty, or it is
 * incomplete JSON or incomplete compressed data. */
static bool is_cut_content(const struct attempt *attempt)
{
    const struct text *reply = &attempt->transfer.reply;
    if (attempt->transfer.inflater.in_member)
        return true;
    if (attempt->transfer.headers.is_framed)
        return false;
    return reply->length > 0 ? is_unfinished_json(reply) : wants_content(attempt);
}

/* A server may reply and then stop reading the request. The reply counts. */
static bool has_whole_answer(const struct attempt *attempt, const struct outcome *outcome)
{
    const int64_t announced = info_number(attempt, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T);
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

static void describe_cut(struct attempt *attempt, struct outcome *outcome, const char *where)
{
    snprintf(attempt->curl_error, sizeof attempt->curl_error, "the reply was cut short%s", where);
    describe_failure(attempt, CURLE_GOT_NOTHING, outcome);
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
    else if (!has_headers(attempt))
        describe_cut(attempt, &outcome, " within its headers");
    else
        describe_cut(attempt, &outcome, "");
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
