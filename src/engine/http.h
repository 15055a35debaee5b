/* One attempt to carry out a request, on one libcurl handle: set-up, streaming both ways, limits, and the outcome. */
#ifndef DM_HTTP_H
#define DM_HTTP_H

#include "engine/outcome.h"
#include "engine/settings.h"
#include "engine/sockets.h"

#include <curl/curl.h>

typedef struct http_attempt {
    CURL *easy;
    const settings *settings;
    sockets *sockets;
    body_reader reader;
    text url;
    text reply;
    size_t header_bytes;
    int compressions;      /* of the reply, as its headers say so far */
    int sends;             /* how often libcurl has begun to send the request */
    bool headers_complete; /* the empty line has been seen */
    dm_status stopped;     /* why one of our callbacks has stopped the transfer; otherwise DM_OK */
    char words[CURL_ERROR_SIZE];

    void *owner;               /* for whoever runs it */
    struct http_attempt *next; /* likewise */
} http_attempt;

/* Its connections, whose sockets are in `opened`, may outlive it. NULL on failure; the status is then DM_ERR_NO_MEMORY,
 * or DM_ERR_SYSTEM if libcurl refuses an option. */
http_attempt *http_attempt_new(const settings *with, sockets *opened, dm_status *status);
void http_attempt_free(http_attempt *attempt);

/* Makes the handle ready for a request, at another address than its own if `location` is not empty. DM_OK,
 * DM_ERR_NO_MEMORY, DM_ERR_FILE (a file is not what it was) or DM_ERR_SYSTEM. */
dm_status http_attempt_prepare(http_attempt *attempt, const request *to_send, const text *location);

/* What came of it, once libcurl is done with the handle. */
outcome http_attempt_outcome(http_attempt *attempt, CURLcode code);

/* The socket of its connection, if that may be used again; otherwise CURL_SOCKET_BAD. */
curl_socket_t http_attempt_socket(const http_attempt *attempt);

/* What came of it, if it is broken off where it stands, for this reason: a cancel, a time-out. */
outcome http_attempt_broken_off(const http_attempt *attempt, dm_status why);

#endif
