#include "engine/http.h"

#include "base/error.h"
#include "base/url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_HEADER_BYTES = 256 * 1024, MILLISECONDS = 1000 };

/* ---- Callbacks ---- */

/* libcurl calls this before a request leaves, on a connection that is ready: behind the TLS handshake, and behind a
 * proxy's own answer. It calls again if it repeats the request by itself, of which it says nothing else. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static int note_send(void *data, char *remote, char *local, int remote_port, int local_port)
{
    http_attempt *attempt = data;
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    attempt->sends++;
    return CURL_PREREQFUNC_OK;
}

/* The value of one of the headers that say how a reply is coded; NULL if the line is another one. */
static const char *find_codings(const char *line, size_t length)
{
    static const char *const names[] = {"Content-Encoding:", "Transfer-Encoding:"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t name_length = strlen(names[i]);
        if (length >= name_length && strncasecmp(line, names[i], name_length) == 0)
            return line + name_length;
    }
    return NULL;
}

/* How often "gzip, chunked" compresses: once. */
static int count_compressions(const char *codings, const char *end)
{
    static const char between[] = ", \t\r\n";
    int count = 0;
    for (const char *at = codings; at < end;) {
        const char *start = at;
        while (at < end && strchr(between, *at) == NULL)
            at++;
        const size_t length = (size_t)(at - start);
        count += length > 0 && (length != strlen("chunked") || strncasecmp(start, "chunked", length) != 0);
        at += at < end;
    }
    return count;
}

/* Within compressed data, compressed data of nothing is a long time's work of which no byte ever comes out. */
static bool is_compressed_twice(http_attempt *attempt, const char *line, size_t length)
{
    const char *codings = find_codings(line, length);
    if (codings != NULL)
        attempt->compressions += count_compressions(codings, line + length);
    return attempt->compressions > 1;
}

static void begin_headers(http_attempt *attempt)
{
    attempt->headers_complete = false;
    attempt->compressions = 0;
}

static size_t take_header(char *line, size_t size, size_t count, void *data)
{
    http_attempt *attempt = data;
    const size_t length = size * count;

    attempt->header_bytes += length;
    if (attempt->header_bytes > MOST_HEADER_BYTES) {
        attempt->stopped = DM_ERR_TOO_LARGE;
        return CURL_WRITEFUNC_ERROR;
    }
    if (is_compressed_twice(attempt, line, length)) {
        attempt->stopped = DM_ERR_BAD_RESPONSE;
        return CURL_WRITEFUNC_ERROR;
    }
    if (length > 5 && memcmp(line, "HTTP/", 5) == 0)
        begin_headers(attempt); /* another reply, behind a 1xx */
    else if (line[0] == '\r' || line[0] == '\n')
        attempt->headers_complete = true;
    return length;
}

static size_t take_reply(char *bytes, size_t size, size_t count, void *data)
{
    http_attempt *attempt = data;
    text_append(&attempt->reply, bytes, size * count);
    attempt->stopped = attempt->reply.status;
    return attempt->stopped == DM_OK ? size * count : CURL_WRITEFUNC_ERROR;
}

/* What arrives counts, too: it may decompress to nothing. */
static int watch_progress(void *data, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent)
{
    http_attempt *attempt = data;
    (void)to_receive;
    (void)to_send;
    (void)sent;
    if ((uintmax_t)received <= attempt->reply.limit)
        return 0;
    attempt->stopped = DM_ERR_TOO_LARGE;
    return 1;
}

static size_t give_body(char *to, size_t size, size_t count, void *data)
{
    http_attempt *attempt = data;
    const ssize_t got = body_read(&attempt->reader, to, size * count);
    if (got >= 0)
        return (size_t)got;
    attempt->stopped = DM_ERR_FILE;
    return CURL_READFUNC_ABORT;
}

/* libcurl goes back when it repeats a request itself, on a connection that turned out to be dead. */
static int seek_body(void *data, curl_off_t offset, int origin)
{
    http_attempt *attempt = data;
    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK; /* uncovered: libcurl only ever goes back to the start */
    if (body_rewind(&attempt->reader, attempt->reader.body))
        return CURL_SEEKFUNC_OK;
    attempt->stopped = DM_ERR_FILE;
    return CURL_SEEKFUNC_FAIL;
}

/* ---- Set-up. The first option that libcurl refuses sticks. ---- */

typedef struct setter {
    CURL *easy;
    CURLcode code;
} setter;

static void set_long(setter *to, CURLoption option, long value)
{
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, option, value);
}

static void set_text(setter *to, CURLoption option, const char *value)
{
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, option, value);
}

static void set_text_if_given(setter *to, CURLoption option, const char *value)
{
    if (value != NULL)
        set_text(to, option, value);
}

static void set_data(setter *to, CURLoption option, void *value)
{
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, option, value);
}

static dm_status status_of_option(CURLcode code)
{
    if (code == CURLE_OUT_OF_MEMORY)
        return DM_ERR_NO_MEMORY;
    return code == CURLE_OK ? DM_OK : DM_ERR_SYSTEM;
}

static void set_callbacks(setter *to, http_attempt *attempt)
{
    set_data(to, CURLOPT_HEADERDATA, attempt);
    set_data(to, CURLOPT_WRITEDATA, attempt);
    set_data(to, CURLOPT_READDATA, attempt);
    set_data(to, CURLOPT_SEEKDATA, attempt);
    set_data(to, CURLOPT_PREREQDATA, attempt);
    set_data(to, CURLOPT_XFERINFODATA, attempt);
    set_data(to, CURLOPT_OPENSOCKETDATA, attempt->sockets);
    set_data(to, CURLOPT_CLOSESOCKETDATA, attempt->sockets);
    set_data(to, CURLOPT_PRIVATE, attempt);
    set_data(to, CURLOPT_ERRORBUFFER, attempt->words);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_PREREQFUNCTION, note_send);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_HEADERFUNCTION, take_header);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_WRITEFUNCTION, take_reply);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_READFUNCTION, give_body);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_SEEKFUNCTION, seek_body);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_XFERINFOFUNCTION, watch_progress);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_OPENSOCKETFUNCTION, sockets_open);
    if (to->code == CURLE_OK)
        to->code = curl_easy_setopt(to->easy, CURLOPT_CLOSESOCKETFUNCTION, sockets_close);
    set_long(to, CURLOPT_NOPROGRESS, 0);
}

static long whole_seconds(int64_t milliseconds)
{
    return (long)(milliseconds / MILLISECONDS + (milliseconds % MILLISECONDS != 0));
}

static void set_transport(setter *to, const settings *with)
{
    const bool secure = strncmp(with->base.data, "https:", strlen("https:")) == 0;

    set_text(to, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
    set_long(to, CURLOPT_NOSIGNAL, 1);
    set_long(to, CURLOPT_QUICK_EXIT, 1); /* a slow name look-up must not hold up the end of a call */
    set_long(to, CURLOPT_TCP_KEEPALIVE, 1);
    set_long(to, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
    set_long(to, CURLOPT_CONNECTTIMEOUT_MS, (long)with->connect_timeout_ms);
    set_long(to, CURLOPT_LOW_SPEED_LIMIT, 1);
    set_long(to, CURLOPT_LOW_SPEED_TIME, whole_seconds(with->stall_timeout_ms));
    set_text(to, CURLOPT_USERAGENT, with->user_agent);
    set_text(to, CURLOPT_ACCEPT_ENCODING, "");
    set_text_if_given(to, CURLOPT_PROXY, with->proxy);
    set_text_if_given(to, CURLOPT_NOPROXY, with->no_proxy);
}

static void set_tls(setter *to, const settings *with)
{
    set_long(to, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    set_long(to, CURLOPT_SSL_VERIFYPEER, with->skip_verify ? 0 : 1);
    set_long(to, CURLOPT_SSL_VERIFYHOST, with->skip_verify ? 0 : 2);
    set_long(to, CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (with->ca_file != NULL) {
        set_text(to, CURLOPT_CAINFO, with->ca_file);
        set_text(to, CURLOPT_CAPATH, NULL); /* or libcurl trusts the system's folder besides */
        set_text(to, CURLOPT_PROXY_CAINFO, with->ca_file);
        set_text(to, CURLOPT_PROXY_CAPATH, NULL);
    }
    set_text_if_given(to, CURLOPT_SSLCERT, with->client_certificate);
    set_text_if_given(to, CURLOPT_SSLKEY, with->client_key);
    set_text(to, CURLOPT_KEYPASSWD, ""); /* or OpenSSL asks at the terminal for a locked key's, and waits for ever */
}

http_attempt *http_attempt_new(const settings *with, sockets *opened, dm_status *status)
{
    *status = DM_ERR_NO_MEMORY;
    http_attempt *attempt = calloc(1, sizeof *attempt);
    if (attempt == NULL)
        return NULL;
    attempt->settings = with;
    attempt->sockets = opened;
    text_init(&attempt->url, TEXT_NO_LIMIT);
    text_init(&attempt->reply, with->max_response_bytes);

    setter to = {.easy = curl_easy_init(), .code = CURLE_OK};
    attempt->easy = to.easy;
    if (to.easy == NULL)
        goto fail;
    set_callbacks(&to, attempt);
    set_transport(&to, with);
    set_tls(&to, with);
    *status = status_of_option(to.code);
    if (*status == DM_OK)
        return attempt;

fail:
    http_attempt_free(attempt);
    return NULL;
}

void http_attempt_free(http_attempt *attempt)
{
    if (attempt == NULL)
        return;
    curl_easy_cleanup(attempt->easy);
    text_free(&attempt->url);
    text_free(&attempt->reply);
    free(attempt);
}

static void write_url(http_attempt *attempt, const request *to_send, const text *location)
{
    text_clear(&attempt->url);
    if (location->length > 0) {
        text_append_string(&attempt->url, location->data);
        return;
    }
    const text *base = to_send->from_origin ? &attempt->settings->origin : &attempt->settings->base;
    text_append_string(&attempt->url, base->data);
    text_append_string(&attempt->url, to_send->target.data);
}

/* All that differs from request to request is set for each one, so that nothing is left from the one before. */
static CURLcode set_request(http_attempt *attempt, const request *to_send)
{
    setter to = {.easy = attempt->easy, .code = CURLE_OK};
    const bool has_body = to_send->media != MEDIA_NONE;
    const bool custom = strcmp(to_send->method, has_body ? "POST" : "GET") != 0;

    set_long(&to, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1);
    set_text(&to, CURLOPT_CUSTOMREQUEST, custom ? to_send->method : NULL);
    set_text(&to, CURLOPT_URL, attempt->url.data);
    set_data(&to, CURLOPT_HTTPHEADER, attempt->settings->headers[to_send->media]);
    /* On a reused connection that turns out to be dead libcurl would send a second time by itself. */
    set_long(&to, CURLOPT_FRESH_CONNECT, to_send->once ? 1 : 0);
    if (to.code == CURLE_OK)
        to.code = curl_easy_setopt(to.easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                   has_body ? (curl_off_t)to_send->body.length : (curl_off_t)-1);
    return to.code;
}

dm_status http_attempt_prepare(http_attempt *attempt, const request *to_send, const text *location)
{
    text_clear(&attempt->reply);
    attempt->header_bytes = 0;
    attempt->sends = 0;
    attempt->stopped = DM_OK;
    attempt->sockets->error = 0;
    begin_headers(attempt);
    attempt->words[0] = '\0';

    write_url(attempt, to_send, location);
    if (attempt->url.status != DM_OK)
        return DM_ERR_NO_MEMORY;
    if (!body_rewind(&attempt->reader, &to_send->body))
        return DM_ERR_FILE;
    return status_of_option(set_request(attempt, to_send));
}

/* ---- The outcome ---- */

static long info_long(const http_attempt *attempt, CURLINFO info)
{
    long number = 0;
    curl_easy_getinfo(attempt->easy, info, &number);
    return number;
}

static int64_t info_number(const http_attempt *attempt, CURLINFO info)
{
    curl_off_t number = 0;
    curl_easy_getinfo(attempt->easy, info, &number);
    return (int64_t)number;
}

/* Seconds in milliseconds, at least 0, at most what can be held. */
static int64_t milliseconds(int64_t seconds)
{
    if (seconds > INT64_MAX / MILLISECONDS)
        return INT64_MAX;
    return seconds > 0 ? seconds * MILLISECONDS : 0;
}

static bool has_header(const http_attempt *attempt, const char *name)
{
    struct curl_header *found = NULL;
    return curl_easy_header(attempt->easy, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK;
}

static void describe_redirect(const http_attempt *attempt, outcome *to)
{
    char *location = NULL;
    curl_easy_getinfo(attempt->easy, CURLINFO_REDIRECT_URL, &location);
    if (location == NULL || to->http_status == 304)
        return;
    text_append_string(&to->redirect, location);
    const url_link link = url_compare_origins(attempt->settings->origin.data, location);
    to->redirect_is_ours = link == URL_LINK_OURS;
    if (link == URL_LINK_NO_MEMORY) {
        text_free(&to->redirect);
        to->redirect.status = DM_ERR_NO_MEMORY;
    }
}

static void describe_reply(http_attempt *attempt, outcome *to)
{
    const int64_t retry_after_s = info_number(attempt, CURLINFO_RETRY_AFTER);

    to->end = ATTEMPT_ANSWERED;
    to->status = DM_OK;
    to->http_status = (int)info_long(attempt, CURLINFO_RESPONSE_CODE);
    if (retry_after_s > 0 || has_header(attempt, "Retry-After"))
        to->retry_after_ms = milliseconds(retry_after_s);
    to->body = attempt->reply;
    text_init(&attempt->reply, attempt->settings->max_response_bytes);
    describe_redirect(attempt, to);
    if (to->redirect.status == DM_OK)
        return;
    to->end = ATTEMPT_REFUSED;
    to->status = to->redirect.status == DM_ERR_NO_MEMORY ? DM_ERR_NO_MEMORY : DM_ERR_BAD_RESPONSE;
    snprintf(to->detail, sizeof to->detail, "the reply redirects to an address of more than %zu bytes",
             to->redirect.limit);
}

/* What libcurl's code means to us: the status if it stays the last word, and whether another try can help. */
typedef struct meaning {
    dm_status status;
    bool passing;
} meaning;

static meaning meaning_of(CURLcode code, bool sent)
{
    switch (code) {
    case CURLE_OUT_OF_MEMORY:
        return (meaning){DM_ERR_NO_MEMORY, false};
    case CURLE_OPERATION_TIMEDOUT:
        return (meaning){sent ? DM_ERR_TIMEOUT : DM_ERR_NETWORK, true};
    case CURLE_SSL_CONNECT_ERROR:
        return (meaning){DM_ERR_TLS, true};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
        return (meaning){DM_ERR_TLS, false};
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9, which is to say no HTTP */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
        return (meaning){DM_ERR_BAD_RESPONSE, false};
    default:
        return (meaning){DM_ERR_NETWORK, true};
    }
}

/* What keeps a socket from being opened here says nothing of the service. */
static bool has_no_socket(const http_attempt *attempt, meaning *means)
{
    const int error = attempt->sockets->error;
    const bool is_table_full = error == EMFILE || error == ENFILE;
    const bool is_memory_full = error == ENOMEM || error == ENOBUFS;
    if (is_table_full || is_memory_full)
        *means = (meaning){is_table_full ? DM_ERR_SYSTEM : DM_ERR_NO_MEMORY, false};
    return is_table_full || is_memory_full;
}

/* By an alert the other side of a TLS connection says why it will not have us. With TLS 1.3 it refuses our certificate
 * when libcurl takes the handshake for done, and the alert for a broken connection. */
static bool refused_by_alert(const http_attempt *attempt)
{
    static const char *const alerts[] = {
        " alert handshake failure",      " alert protocol version", " alert unknown ca",
        " alert access denied",          " alert certificate",      " alert bad certificate",
        " alert unsupported certificate"};
    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
        if (strstr(attempt->words, alerts[i]) != NULL)
            return true;
    return false;
}

/* A proxy that will not let us through, for want of a password, say. */
static bool refused_by_proxy(const http_attempt *attempt)
{
    const long answer = info_long(attempt, CURLINFO_HTTP_CONNECTCODE);
    return attempt->sends == 0 && answer >= 400 && answer < 500 && answer != 408 && answer != 429;
}

static const char unfit_proxy[] = "Unsupported proxy";

static bool starts_with(const char *words, const char *start)
{
    return strncmp(words, start, strlen(start)) == 0;
}

/* libcurl's own words, but where they do not help, or quote the environment's proxy, which may hold a password. */
static const char *words_of(const http_attempt *attempt, CURLcode code)
{
    if (starts_with(attempt->words, unfit_proxy))
        return "the proxy's address is not right (http_proxy, https_proxy or all_proxy in the environment)";
    if (starts_with(attempt->words, "Operation too slow"))
        return "stalled: less than a byte a second for stall_timeout_ms";
    if (starts_with(attempt->words, "Received HTTP/0.9"))
        return "what answers does not speak HTTP; is the API's address right?";
    return attempt->words[0] != '\0' ? attempt->words : curl_easy_strerror(code);
}

static void describe_failure(http_attempt *attempt, CURLcode code, outcome *to)
{
    meaning means = meaning_of(code, to->sent);
    if (code == CURLE_COULDNT_CONNECT && has_no_socket(attempt, &means))
        snprintf(attempt->words, sizeof attempt->words, "%s", error_system_text(attempt->sockets->error));
    else if (refused_by_alert(attempt))
        means = (meaning){DM_ERR_TLS, false};
    else if (refused_by_proxy(attempt) || starts_with(attempt->words, unfit_proxy))
        means.passing = false;
    to->status = means.status;
    to->end = !means.passing ? ATTEMPT_REFUSED : to->sent ? ATTEMPT_BROKEN : ATTEMPT_UNSENT;
    snprintf(to->detail, sizeof to->detail, "%s", words_of(attempt, code));
}

static void describe_stop(const http_attempt *attempt, outcome *to)
{
    to->end = ATTEMPT_REFUSED;
    to->status = attempt->stopped;
    if (attempt->stopped == DM_ERR_FILE)
        snprintf(to->detail, sizeof to->detail, "an image file could not be read, or changed while it was being sent");
    else if (attempt->stopped == DM_ERR_BAD_RESPONSE)
        snprintf(to->detail, sizeof to->detail, "the reply is compressed more than once");
    else if (attempt->header_bytes > MOST_HEADER_BYTES)
        snprintf(to->detail, sizeof to->detail, "the reply's headers are larger than %d bytes", MOST_HEADER_BYTES);
    else if (attempt->stopped == DM_ERR_TOO_LARGE)
        snprintf(to->detail, sizeof to->detail, "the reply is larger than max_response_bytes (%zu)",
                 attempt->settings->max_response_bytes);
}

static outcome measure(const http_attempt *attempt)
{
    outcome result;
    outcome_init(&result);
    result.sent = attempt->sends > 0;
    result.resends = attempt->sends > 1 ? attempt->sends - 1 : 0;
    result.milliseconds = info_number(attempt, CURLINFO_TOTAL_TIME_T) / MILLISECONDS;
    result.bytes_sent = info_number(attempt, CURLINFO_SIZE_UPLOAD_T);
    result.bytes_received = info_number(attempt, CURLINFO_SIZE_DOWNLOAD_T);
    return result;
}

outcome http_attempt_outcome(http_attempt *attempt, CURLcode code)
{
    outcome result = measure(attempt);

    if (attempt->stopped != DM_OK) {
        describe_stop(attempt, &result);
    } else if (code != CURLE_OK) {
        describe_failure(attempt, code, &result);
    } else if (!attempt->headers_complete || info_long(attempt, CURLINFO_RESPONSE_CODE) < 200) {
        /* libcurl takes a reply that ends within its headers for a whole one. */
        snprintf(attempt->words, sizeof attempt->words, "the reply was cut short within its headers");
        describe_failure(attempt, CURLE_GOT_NOTHING, &result);
    } else {
        describe_reply(attempt, &result);
    }
    return result;
}

curl_socket_t http_attempt_socket(const http_attempt *attempt)
{
    curl_socket_t found = CURL_SOCKET_BAD;
    const CURLcode code = curl_easy_getinfo(attempt->easy, CURLINFO_ACTIVESOCKET, &found);
    return code == CURLE_OK ? found : CURL_SOCKET_BAD;
}

outcome http_attempt_broken_off(const http_attempt *attempt, dm_status why)
{
    outcome result = measure(attempt);
    result.end = result.sent ? ATTEMPT_BROKEN : ATTEMPT_UNSENT;
    result.status = why;
    snprintf(result.detail, sizeof result.detail, "broken off: %s",
             why == DM_ERR_CANCELLED ? "cancelled"
             : why == DM_ERR_TIMEOUT ? "the call's time is up"
                                     : "libcurl cannot go on");
    return result;
}
