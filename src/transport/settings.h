/* What a client's options, the environment and the defaults come to. Made by client/options.c; never changes; read by
 * all engines at the same time. */
#ifndef DM_SETTINGS_H
#define DM_SETTINGS_H

#include "message/request.h"
#include "transport/retry.h"

struct curl_slist;

struct settings {
    struct text origin;                      /* "https://api.deepomatic.com" */
    struct text base;                        /* the same with the path prefix and "/v0.7" */
    char *secret;                            /* the API key, to keep it out of messages */
    struct curl_slist *headers[MEDIA_COUNT]; /* all that a request with such a body bears */
    char boundary[33];                       /* between the parts of a multipart body */

    char *user_agent;
    char *proxy; /* NULL: as the environment says */
    char *no_proxy;
    char *ca_file;
    char *client_certificate;
    char *client_key;
    bool skip_verify;

    int64_t timeout_ms;
    int64_t wait_all_timeout_ms;
    int64_t connect_timeout_ms;
    int64_t stall_timeout_ms;
    int64_t poll_delay_ms;
    int64_t max_poll_delay_ms;
    size_t max_response_bytes;
    struct retry_policy retry;
    bool submit_once;

    dm_log_callback log;
    void *log_data;
};

#endif
