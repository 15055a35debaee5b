/* A sandbox, a client and an error for a test of whole calls; and what the sandbox received, held against wire.md. */
#ifndef API_LIVE_H
#define API_LIVE_H

#include "api_test.h"

struct live {
    struct sandbox_process *sandbox;
    dm_client *client;
    dm_error error; /* at hand for the test's calls */
};

/* Starts a sandbox with these further arguments (NULL-terminated; NULL for none) and makes a client for it. */
struct live *live_start(const char *const *arguments);

/* Ends both. The sandbox must have been well until now. */
void live_stop(struct live *live);

/* A further client for the sandbox, with these options and the sandbox's address and key. */
dm_client *live_client(const struct live *live, dm_client_options options);

/* Fails the test unless the status of a call with live->error is DM_OK. */
void assert_ok(const struct live *live, dm_status status);

/* ---- What was sent ---- */

/* A request as wire.md wants it. */
struct expected {
    const char *method;
    const char *path;  /* as it came, such as "/v0.7/recognition/specs/1" */
    const char *query; /* "offset=0&limit=100", or "" */
    const char *body;  /* JSON, compared by value; NULL: there must be none */
    int status;        /* what the sandbox answered */
};

/* A mark: what is sent from here on is looked at later. */
size_t live_mark(const struct live *live);

/* Fails the test unless exactly these requests were received since the mark, in this order, and with right headers. */
void assert_sent(const struct live *live, size_t mark, const struct expected *expected, size_t count);

/* Fails the test if anything was received since the mark. */
void assert_nothing_sent(const struct live *live, size_t mark);

/* The requests since the mark, never NULL. End it with request_log_free. */
struct request_log *sent_since(const struct live *live, size_t mark);

/* How many of the query's arguments have this name. */
size_t log_count_arguments(const cJSON *request, const char *name);

#endif
