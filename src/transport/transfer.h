/* What flows while an attempt runs: libcurl's callbacks for the body on its way out and the reply on its way in, and
 * the limits of both. */
#ifndef DM_TRANSFER_H
#define DM_TRANSFER_H

#include "base/inflater.h"
#include "message/body.h"
#include "transport/reply_headers.h"

#include <curl/curl.h>

enum { MAX_HEADER_BYTES = 256 * 1024 };

struct transfer {
    struct body_reader reader;
    struct text reply; /* with its limit */
    struct inflater inflater;
    size_t header_bytes;
    int compressions;      /* of the reply, as its headers say so far */
    bool is_deflated;      /* one of them is ours to undo */
    bool asks_first;       /* the request has "Expect: 100-continue" */
    int sends;             /* how often libcurl has begun to send the request */
    bool rewound;          /* libcurl has gone back in the body, to send the request again */
    bool connecting;       /* a connection has been begun since the last send */
    bool headers_complete; /* the empty line has been seen */
    bool framed;           /* the reply's headers say where its body ends; otherwise the connection's end does */
    struct reply_headers headers;
    int socket_error; /* why no socket could be opened for a connection: an errno, or 0 */
    int64_t begun_at;
    int64_t stall_timeout_ms;
    int64_t looked_at;  /* when libcurl had its last turn */
    int64_t moved;      /* bytes of both bodies until then */
    int64_t silence_ms; /* since the last byte of anything went or came */
    dm_status stopped;  /* why one of the callbacks has stopped it; otherwise DM_OK. DM_ERR_TIMEOUT: it stalled;
                         * DM_ERR_REJECTED: the server does not accept that it is asked first */
};

/* Makes it ready for a body. False if a file is not as it was when it was opened. */
bool transfer_begin(struct transfer *transfer, const struct body *body, bool asks_first);

/* Frees what is left of a reply. */
void transfer_end(struct transfer *transfer);

/* When libcurl must get its next turn: so that a stall is seen in time, and that connecting goes on. */
int64_t transfer_due_at(const struct transfer *transfer);

/* Says what is wrong with the file that stopped it. */
void transfer_describe_file(const struct transfer *transfer, char *line, size_t size);

/* A request leaves, on a connection that is ready. */
void transfer_note_send(struct transfer *transfer);

/* Has libcurl say when a request leaves. */
CURLcode transfer_watch_sends(struct transfer *transfer, CURL *easy);

/* For libcurl, whose data is the transfer. */
int transfer_note_look_up(void *resolver, void *reserved, void *data);
curl_socket_t transfer_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address);
size_t transfer_take_header(char *line, size_t size, size_t count, void *data);
size_t transfer_take_reply(char *bytes, size_t size, size_t count, void *data);
int transfer_watch(void *data, curl_off_t to_receive, curl_off_t received, curl_off_t to_send, curl_off_t sent);
size_t transfer_give_body(char *buffer, size_t size, size_t count, void *data);
int transfer_seek_body(void *data, curl_off_t offset, int origin);

#endif
