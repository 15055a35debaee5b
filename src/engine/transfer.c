#include "engine/transfer.h"

#include "base/clock.h"
#include "base/error.h"
#include "engine/codings.h"

#include <stdio.h>
#include <string.h>

static void begin_headers(struct transfer *of)
{
    of->headers_complete = false;
    of->compressions = 0;
}

bool transfer_begin(struct transfer *of, const struct body *to_send)
{
    text_clear(&of->reply);
    of->begun_at = clock_now();
    of->header_bytes = 0;
    of->sends = 0;
    of->connecting = false;
    of->never_whole = false;
    of->moved = 0;
    of->stopped = DM_OK;
    begin_headers(of);
    return body_rewind(&of->reader, to_send);
}

/* ---- Progress. While there is no connection, the time for connecting is the limit. ---- */

int transfer_note_look_up(void *resolver, void *reserved, void *data)
{
    struct transfer *of = data;
    (void)resolver;
    (void)reserved;
    of->connecting = true;
    return 0;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
curl_socket_t transfer_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *of = data;
    (void)purpose;
    of->connecting = true;
    return sockets_open(of->sockets, address);
}

/* libcurl calls this before a request leaves, on a connection that is ready: behind the TLS handshake, and behind a
 * proxy's own answer. It calls again if it repeats the request by itself, of which it says nothing else. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
int transfer_note_send(void *data, char *remote, char *local, int remote_port, int local_port)
{
    struct transfer *of = data;
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    of->sends++;
    of->connecting = false;
    of->silence_ms = 0;
    of->looked_at = clock_now();
    return CURL_PREREQFUNC_OK;
}

static bool may_stall(const struct transfer *of)
{
    return of->sends > 0 && !of->connecting;
}

/* Silence is counted in steps, so that four turns at least see it: a process that did not run for a while, or a machine
 * that slept, finds first what has come in the meantime. */
static int64_t longest_step(const struct transfer *of)
{
    return of->stall_timeout_ms / 4 + 1;
}

int64_t transfer_due_at(const struct transfer *of)
{
    const int64_t left_ms = of->stall_timeout_ms - of->silence_ms;
    return may_stall(of) ? of->looked_at + clock_earlier(longest_step(of), left_ms) : CLOCK_NEVER;
}

static void look(struct transfer *of, int64_t moved)
{
    const int64_t now = clock_now();
    const int64_t step = clock_earlier(clock_until(of->looked_at, now), longest_step(of));
    of->silence_ms = may_stall(of) && moved == of->moved ? of->silence_ms + step : 0;
    of->moved = moved;
    of->looked_at = now;
}

/* libcurl calls this in each of its turns. What arrives counts, too: it may decompress to nothing. */
int transfer_watch(void *data, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent)
{
    struct transfer *of = data;
    (void)to_receive;
    (void)to_send;

    look(of, (int64_t)received + (int64_t)sent);
    if (of->stopped == DM_OK && (uintmax_t)received > of->reply.limit)
        of->stopped = DM_ERR_TOO_LARGE;
    if (of->stopped == DM_OK && may_stall(of) && of->silence_ms >= of->stall_timeout_ms)
        of->stopped = DM_ERR_TIMEOUT;
    return of->stopped != DM_OK;
}

/* ---- The reply ---- */

/* Within compressed data, compressed data of nothing is a long time's work of which no byte ever comes out. */
static bool is_compressed_twice(struct transfer *of, const char *line, size_t length)
{
    of->compressions += codings_count_compressions(line, length);
    return of->compressions > 1;
}

size_t transfer_take_header(char *line, size_t size, size_t count, void *data)
{
    struct transfer *of = data;
    const size_t length = size * count;

    of->silence_ms = 0;
    of->header_bytes += length;
    if (of->header_bytes > MOST_HEADER_BYTES) {
        of->stopped = DM_ERR_TOO_LARGE;
        return CURL_WRITEFUNC_ERROR;
    }
    if (is_compressed_twice(of, line, length)) {
        of->stopped = DM_ERR_BAD_RESPONSE;
        return CURL_WRITEFUNC_ERROR;
    }
    if (length > 5 && memcmp(line, "HTTP/", 5) == 0)
        begin_headers(of); /* another reply, behind a 1xx */
    else if (line[0] == '\r' || line[0] == '\n')
        of->headers_complete = true;
    return length;
}

size_t transfer_take_reply(char *bytes, size_t size, size_t count, void *data)
{
    struct transfer *of = data;
    text_append(&of->reply, bytes, size * count);
    of->stopped = of->reply.status;
    return of->stopped == DM_OK ? size * count : CURL_WRITEFUNC_ERROR;
}

/* ---- The request's body ---- */

void transfer_describe_file(const struct transfer *of, char *to, size_t size)
{
    const struct body_reader *reader = &of->reader;
    if (reader->error != 0)
        snprintf(to, size, "an image file could not be read: %s: \"%s\"", error_system_text(reader->error),
                 body_reader_path(reader));
    else
        snprintf(to, size, "an image file changed while the call used it: \"%s\"", body_reader_path(reader));
}

size_t transfer_give_body(char *to, size_t size, size_t count, void *data)
{
    struct transfer *of = data;
    const ssize_t got = body_read(&of->reader, to, size * count);
    if (got >= 0)
        return (size_t)got;
    of->stopped = DM_ERR_FILE;
    of->never_whole = of->sends == 1;
    return CURL_READFUNC_ABORT;
}

/* libcurl goes back when it repeats a request itself, on a connection that turned out to be dead. */
int transfer_seek_body(void *data, curl_off_t offset, int origin)
{
    struct transfer *of = data;
    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK; /* uncovered: libcurl only ever goes back to the start */
    if (body_rewind(&of->reader, of->reader.body))
        return CURL_SEEKFUNC_OK;
    of->stopped = DM_ERR_FILE;
    return CURL_SEEKFUNC_FAIL;
}
