/* One attempt to carry out a request, on one libcurl handle: its set-up and its life. */
#ifndef DM_HTTP_H
#define DM_HTTP_H

#include "engine/settings.h"
#include "engine/transfer.h"

#include <curl/curl.h>

struct http_attempt {
    CURL *easy;
    const struct settings *settings;
    struct text url;
    struct transfer transfer;
    char words[CURL_ERROR_SIZE]; /* libcurl's, on what went wrong */

    void *owner;               /* for whoever runs it */
    struct http_attempt *next; /* likewise */
};

/* Its connections, whose sockets are in `opened`, may outlive it. NULL on failure; the status is then DM_ERR_NO_MEMORY,
 * or DM_ERR_SYSTEM if libcurl refuses an option. */
struct http_attempt *http_attempt_new(const struct settings *settings, struct sockets *opened, dm_status *status);
void http_attempt_free(struct http_attempt *attempt);

/* Makes the handle ready for a request, at another path than its own if `location` is not empty. DM_OK,
 * DM_ERR_NO_MEMORY, DM_ERR_FILE (a file is not what it was) or DM_ERR_SYSTEM. */
dm_status http_attempt_prepare(struct http_attempt *attempt, const struct request *to_send,
                               const struct text *location);

/* The socket of its connection, if that may be used again; otherwise CURL_SOCKET_BAD. */
curl_socket_t http_attempt_socket(const struct http_attempt *attempt);

#endif
