/* The data of a running attempt: libcurl's callbacks that send the request's body and receive the reply, and their
 * limits. */
#ifndef DM_TRANSFER_H
#define DM_TRANSFER_H

#include "base/inflater.h"
#include "message/body.h"
#include "transport/reply_headers.h"

#include <curl/curl.h>

enum { MAX_HEADER_BYTES = 256 * 1024 };

struct transfer {
    struct body_reader reader;
    struct text reply; /* limited in size */
    struct inflater inflater;
    size_t header_bytes;
    bool asks_first;       /* the request has "Expect: 100-continue" */
    int sends;             /* how often libcurl has started to send the request */
    bool rewound;          /* libcurl has gone back to the start of the body, to repeat the request */
    bool connecting;       /* a connection was started since the last send */
    bool headers_complete; /* the empty line after them was read */
    struct reply_headers headers;
    int socket_error; /* errno of a socket that could not be opened, or 0 */
    int64_t begun_at;
    int64_t stall_timeout_ms;
    int64_t looked_at;  /* time of libcurl's last turn */
    int64_t moved;      /* bytes of both bodies until then */
    int64_t sent;       /* bytes of the request's body until then */
    int64_t silence_ms; /* time since the last byte was sent or received */
    dm_status stopped;  /* why a callback has aborted the transfer, or DM_OK. DM_ERR_TIMEOUT: it stalled;
                         * DM_ERR_REJECTED: the server rejects "Expect: 100-continue" */
};

/* Prepares the transfer for a body. Returns false if a file has changed since it was opened. */
bool transfer_begin(struct transfer *transfer, const struct body *body, bool asks_first);

/* Frees the memory of the reply. */
void transfer_end(struct transfer *transfer);

/* Returns when libcurl needs its next turn, to detect a stall in time and to continue connecting. */
int64_t transfer_due_at(const struct transfer *transfer);

/* Describes what is wrong with the file that stopped the transfer. */
void transfer_describe_file(const struct transfer *transfer, char *line, size_t size);

/* Notes that libcurl starts to send a request. */
void transfer_note_send(struct transfer *transfer);

/* Makes libcurl report when it sends a request. */
CURLcode transfer_watch_sends(struct transfer *transfer, CURL *easy);

/* Callbacks for libcurl. `data` is the transfer. */
int transfer_note_look_up(void *resolver, void *reserved, void *data);
curl_socket_t transfer_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address);
size_t transfer_take_header(char *line, size_t size, size_t count, void *data);
size_t transfer_take_reply(char *bytes, size_t size, size_t count, void *data);
int transfer_watch(void *data, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent);
size_t transfer_give_body(char *buffer, size_t size, size_t count, void *data);
int transfer_seek_body(void *data, curl_off_t offset, int origin);

#endif
