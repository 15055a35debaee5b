/* One attempt to carry out a request, on one libcurl handle: its set-up and its life. */
#ifndef DM_ATTEMPT_H
#define DM_ATTEMPT_H

#include "transport/settings.h"
#include "transport/sockets.h"
#include "transport/transfer.h"

#include <curl/curl.h>

struct attempt {
    CURL *easy;
    const struct transport_settings *settings;
    struct text url;
    bool expects_content; /* a success has a body */
    struct transfer transfer;
    char curl_error[CURL_ERROR_SIZE]; /* libcurl's words on what went wrong */

    struct exchange *exchange; /* for the engine: what it is an attempt of */
    struct attempt *next;      /* likewise */
};

/* Its connections, whose sockets are in `sockets`, may outlive it. NULL on failure; the status is then DM_ERR_NO_MEMORY,
 * or DM_ERR_SYSTEM if libcurl refuses an option. */
struct attempt *attempt_new(const struct transport_settings *settings, struct sockets *sockets, dm_status *status);
void attempt_free(struct attempt *attempt);

/* What an attempt does otherwise than usual, after what went wrong before. */
struct caution {
    bool fresh_connection; /* it uses no kept connection */
    bool ask_first;        /* it sends the headers, and the body when the server asks for it, or says nothing */
};

/* Makes the handle ready for a request, at another path than its own if `location` is not empty. DM_OK,
 * DM_ERR_NO_MEMORY, DM_ERR_FILE (a file is not what it was) or DM_ERR_SYSTEM. */
dm_status attempt_prepare(struct attempt *attempt, const struct request *request, const struct text *location,
                          struct caution caution);

/* The socket of its connection, if that may be used again; otherwise CURL_SOCKET_BAD. */
curl_socket_t attempt_socket(const struct attempt *attempt);

#endif
