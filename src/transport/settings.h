/* The client's options that the transport needs. client/options.c makes them. They never change afterwards, and all
 * engines read them at the same time. */
#ifndef DM_TRANSPORT_SETTINGS_H
#define DM_TRANSPORT_SETTINGS_H

#include "message/request.h"
#include "transport/retry.h"

struct curl_slist;

struct transport_settings {
    struct text origin;                         /* "https://api.deepomatic.com" */
    struct text base;                           /* the origin with the path prefix and "/v0.7" */
    char *secret;                               /* the API key, to remove it from messages */
    struct curl_slist *headers[MEDIA_COUNT][2]; /* by the kind of body, and whether "Expect: 100-continue" is sent */

    char *user_agent;
    char *proxy; /* NULL: from the environment */
    char *no_proxy;
    char *ca_file;
    char *client_certificate;
    char *client_key;
    bool skip_verify;

    int64_t connect_timeout_ms;
    int64_t stall_timeout_ms;
    size_t max_response_bytes;
    struct retry_policy retry;

    dm_log_callback log;
    void *log_data;
};

#endif
