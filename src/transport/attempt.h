/* One attempt to send a request, on one libcurl handle: its setup and its lifetime. */
#ifndef DM_ATTEMPT_H
#define DM_ATTEMPT_H

#include "transport/settings.h"
#include "transport/sockets.h"
#include "transport/transfer.h"

#include <curl/curl.h>

struct attempt {
    CURL *easy;
    CURLcode code; /* the first error of setting the handle's options, or CURLE_OK */
    const struct transport_settings *settings;
    struct text url;
    bool expects_content; /* a successful reply must have a body */
    struct transfer transfer;
    char curl_error[CURL_ERROR_SIZE]; /* libcurl's error message */

    struct exchange *exchange; /* for the engine: the exchange of this attempt */
    struct attempt *next;      /* for the engine: list link */
    int64_t reported;          /* for the engine: bytes of the body that were reported as sent */
};

/* Makes an attempt. Its connections, whose sockets are in `sockets`, may outlive it. Returns NULL on failure; *status
 * is then DM_ERR_NO_MEMORY, or DM_ERR_SYSTEM if libcurl rejects an option. */
struct attempt *attempt_new(const struct transport_settings *settings, struct sockets *sockets, dm_status *status);
void attempt_free(struct attempt *attempt);

/* Precautions of an attempt, after an earlier attempt failed. */
struct caution {
    bool fresh_connection; /* does not reuse a connection */
    bool ask_first;        /* sends "Expect: 100-continue" before the body */
};

/* Prepares the handle for a request. If `location` is not empty, it replaces the request's own path. Returns DM_OK,
 * DM_ERR_NO_MEMORY, DM_ERR_FILE (a file has changed) or DM_ERR_SYSTEM. */
dm_status attempt_prepare(struct attempt *attempt, const struct request *request, const struct text *location,
                          struct caution caution);

/* Returns the socket of the attempt's connection if the connection may be reused, otherwise CURL_SOCKET_BAD. */
curl_socket_t attempt_socket(const struct attempt *attempt);

/* Return what libcurl reports about the transfer. */
long attempt_info_long(const struct attempt *attempt, CURLINFO info);
int64_t attempt_info_number(const struct attempt *attempt, CURLINFO info);

#endif
