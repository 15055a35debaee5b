#include "transport/transfer.h"

#include "base/clock.h"
#include "base/line.h"
#include "transport/curl_versions.h"
#include "transport/sockets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void begin_headers(struct transfer *transfer)
{
    transfer->headers_complete = false;
    reply_headers_clear(&transfer->headers);
}

bool transfer_begin(struct transfer *transfer, const struct body *body, bool asks_first)
{
    text_clear(&transfer->reply);
    inflater_end(&transfer->inflater);
    *transfer = (struct transfer){.reply = transfer->reply,
                                  .headers = transfer->headers,
                                  .stall_timeout_ms = transfer->stall_timeout_ms,
                                  .asks_first = asks_first,
                                  .begun_at = clock_now()};
    begin_headers(transfer);
    return body_rewind(&transfer->reader, body);
}

void transfer_end(struct transfer *transfer)
{
    text_free(&transfer->reply);
    inflater_end(&transfer->inflater);
    reply_headers_free(&transfer->headers);
}

/* ---- Progress. During connecting, only the connect timeout applies. ---- */

int transfer_note_look_up(void *resolver, void *reserved, void *data)
{
    struct transfer *transfer = data;
    (void)resolver;
    (void)reserved;
    transfer->connecting = true;
    return 0;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
curl_socket_t transfer_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = data;
    (void)purpose;
    transfer->connecting = true;
    const curl_socket_t opened = sockets_open(address);
    transfer->socket_error = opened == CURL_SOCKET_BAD ? errno : 0;
    return opened;
}

void transfer_note_send(struct transfer *transfer)
{
    transfer->sends++;
    transfer->connecting = false;
    transfer->silence_ms = 0;
    transfer->looked_at = clock_now();
}

#if HAS_PREREQ

/* libcurl calls this before it sends a request on a connection that is ready, that is after the TLS handshake and after
 * a proxy's own reply. It calls it again if it repeats the request, which it does not report in any other way. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static int note_send(void *data, char *remote, char *local, int remote_port, int local_port)
{
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    transfer_note_send(data);
    return CURL_PREREQFUNC_OK;
}

CURLcode transfer_watch_sends(struct transfer *transfer, CURL *easy)
{
    const CURLcode code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, note_send);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer) : code;
}

#else

/* Recognises the beginning of a request to the service, such as "POST /v0.7/...", and not of one to a proxy. libcurl
 * reports the length 0 if it could not send the first bytes at once. */
static bool is_request(const char *bytes, size_t length)
{
    static const char to_proxy[] = "CONNECT ";
    size_t method = 0;
    while (method < length && bytes[method] >= 'A' && bytes[method] <= 'Z')
        method++;
    if (length >= strlen(to_proxy) && memcmp(bytes, to_proxy, strlen(to_proxy)) == 0)
        return false;
    return length == 0 || (method > 0 && method < length && bytes[method] == ' ');
}

/* libcurl calls this when the first bytes of a request were sent, and again if it repeats the request. */
static int note_trace(CURL *easy, curl_infotype type, char *bytes, size_t length, void *data)
{
    (void)easy;
    if (type == CURLINFO_HEADER_OUT && is_request(bytes, length))
        transfer_note_send(data);
    return 0;
}

CURLcode transfer_watch_sends(struct transfer *transfer, CURL *easy)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, note_trace);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transfer);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L) : code;
}

#endif

static bool may_stall(const struct transfer *transfer)
{
    return transfer->sends > 0 && !transfer->connecting;
}

/* Silence is counted in steps, so that a stall takes at least four turns of libcurl. After the process or the machine
 * was suspended, libcurl can thus first read what has arrived in the meantime. */
static int64_t max_step(const struct transfer *transfer)
{
    return transfer->stall_timeout_ms / 4 + 1;
}

/* libcurl's own timers are not enough during connecting: some versions set none for the next address if the first one
 * does not answer. */
int64_t transfer_due_at(const struct transfer *transfer)
{
    enum { CONNECT_STEP_MS = 200 };
    const int64_t left_ms = transfer->stall_timeout_ms - transfer->silence_ms;
    if (!may_stall(transfer))
        return clock_after(CONNECT_STEP_MS);
    return transfer->looked_at + clock_earlier(max_step(transfer), left_ms);
}

static void look(struct transfer *transfer, int64_t moved)
{
    const int64_t now = clock_now();
    const int64_t step = clock_earlier(clock_until(transfer->looked_at, now), max_step(transfer));
    transfer->silence_ms = may_stall(transfer) && moved == transfer->moved ? transfer->silence_ms + step : 0;
    transfer->moved = moved;
    transfer->looked_at = now;
}

/* libcurl calls this in each of its turns. Compressed bytes count as progress, because they may decompress to
 * nothing. */
int transfer_watch(void *data, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent)
{
    struct transfer *transfer = data;
    (void)to_receive;
    (void)to_send;

    look(transfer, (int64_t)received + (int64_t)sent);
    transfer->sent = (int64_t)sent;
    if (transfer->stopped == DM_OK && (uintmax_t)received > transfer->reply.limit)
        transfer->stopped = DM_ERR_TOO_LARGE;
    if (transfer->stopped == DM_OK && may_stall(transfer) && transfer->silence_ms >= transfer->stall_timeout_ms)
        transfer->stopped = DM_ERR_TIMEOUT;
    return transfer->stopped != DM_OK;
}

/* ---- The reply ---- */

/* libcurl would repeat the request with the same header, again and again. */
static bool is_question_refused(const struct transfer *transfer, const char *line, size_t length)
{
    return transfer->asks_first && length >= strlen("HTTP/1.1 417") &&
           memcmp(line, "HTTP/1.", strlen("HTTP/1.")) == 0 &&
           memcmp(line + strlen("HTTP/1.1"), " 417", strlen(" 417")) == 0;
}

/* Returns the reason to abort the transfer at this header, or DM_OK. Doubly compressed data can take very long to
 * decompress without producing a single byte. */
static dm_status judge_header(const struct transfer *transfer, const char *line, size_t length)
{
    if (transfer->header_bytes > MAX_HEADER_BYTES)
        return DM_ERR_TOO_LARGE;
    if (transfer->headers.compressions > 1)
        return DM_ERR_BAD_RESPONSE;
    return is_question_refused(transfer, line, length) ? DM_ERR_REJECTED : DM_OK;
}

/* Headers that are cut off between CR and LF are not complete. */
static bool is_empty_line(const char *line, size_t length)
{
    return (length == 1 && line[0] == '\n') || (length == 2 && line[0] == '\r' && line[1] == '\n');
}

size_t transfer_take_header(char *line, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;
    const size_t length = size * count;

    transfer->silence_ms = 0;
    transfer->header_bytes += length;
    if (length > 5 && memcmp(line, "HTTP/", 5) == 0)
        begin_headers(transfer); /* the reply after a 1xx */
    else if (is_empty_line(line, length))
        transfer->headers_complete = true;
    else if (!transfer->headers_complete)
        reply_headers_take(&transfer->headers, line, length);
    transfer->stopped = judge_header(transfer, line, length);
    return transfer->stopped == DM_OK ? length : CURL_WRITEFUNC_ERROR;
}

static dm_status append_reply(struct transfer *transfer, const char *bytes, size_t size)
{
    if (transfer->headers.is_deflated)
        return inflater_feed(&transfer->inflater, bytes, (unsigned)size, &transfer->reply);
    text_append(&transfer->reply, bytes, size);
    return transfer->reply.status;
}

/* libcurl passes at most CURL_MAX_WRITE_SIZE bytes at a time. We decompress them ourselves, because libcurl would
 * reject replies with an unknown coding ("utf-8"), with several gzip members, or with zeros at the end. */
size_t transfer_take_reply(char *bytes, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;
    transfer->stopped = append_reply(transfer, bytes, size * count);
    return transfer->stopped == DM_OK ? size * count : CURL_WRITEFUNC_ERROR;
}

/* ---- The request's body ---- */

void transfer_describe_file(const struct transfer *transfer, char *line, size_t size)
{
    const struct body_reader *reader = &transfer->reader;
    if (reader->error != 0)
        snprintf(line, size, "a file could not be read: %s: \"%s\"", line_system_error(reader->error),
                 body_reader_path(reader));
    else
        snprintf(line, size, "a file changed while the call used it: \"%s\"", body_reader_path(reader));
}

size_t transfer_give_body(char *buffer, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;
    const ssize_t given = body_read(&transfer->reader, buffer, size * count);
    if (given >= 0)
        return (size_t)given;
    transfer->stopped = DM_ERR_FILE;
    return CURL_READFUNC_ABORT;
}

/* libcurl seeks to the start when it repeats a request, because a reused connection was dead. */
int transfer_seek_body(void *data, curl_off_t offset, int origin)
{
    struct transfer *transfer = data;
    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK; /* uncovered: libcurl only ever goes back to the start */
    transfer->rewound = true;
    if (body_rewind(&transfer->reader, transfer->reader.body))
        return CURL_SEEKFUNC_OK;
    transfer->stopped = DM_ERR_FILE;
    return CURL_SEEKFUNC_FAIL;
}
