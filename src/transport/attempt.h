/* One attempt to carry out a request, on one libcurl handle: its set-up and its life. */
#ifndef DM_HTTP_H
#define DM_HTTP_H

#include "transport/settings.h"
#include "transport/transfer.h"

#include <curl/curl.h>

struct attempt {
    CURL *easy;
    const struct settings *settings;
    struct text url;
    struct transfer transfer;
    char curl_error[CURL_ERROR_SIZE]; /* libcurl's, on what went wrong */

    void *owner;          /* for whoever runs it */
    struct attempt *next; /* likewise */
};

/* Its connections, whose sockets are in `opened`, may outlive it. NULL on failure; the status is then DM_ERR_NO_MEMORY,
 * or DM_ERR_SYSTEM if libcurl refuses an option. */
struct attempt *attempt_new(const struct settings *settings, struct sockets *opened, dm_status *status);
void attempt_free(struct attempt *attempt);

/* Makes the handle ready for a request, at another path than its own if `location` is not empty. DM_OK,
 * DM_ERR_NO_MEMORY, DM_ERR_FILE (a file is not what it was) or DM_ERR_SYSTEM. */
dm_status attempt_prepare(struct attempt *attempt, const struct request *to_send, const struct text *location);

/* The socket of its connection, if that may be used again; otherwise CURL_SOCKET_BAD. */
curl_socket_t attempt_socket(const struct attempt *attempt);

#endif
