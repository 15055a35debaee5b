/* The requests that a sandbox has received, compared with those that the library should send. */
#ifndef SUPPORT_SENT_REQUESTS_H
#define SUPPORT_SENT_REQUESTS_H

#include "api_test.h"

/* An expected request. */
struct expected_request {
    const char *method;
    const char *path;  /* as received, such as "/v0.7/recognition/specs/1" */
    const char *query; /* "offset=0&limit=100", or "" */
    const char *body;  /* JSON, compared by value; NULL: there must be none */
    int status;        /* the sandbox's answer */
};

/* The number of requests so far: a mark for the functions below. */
size_t sent_mark(const struct api_test *test);

/* Fails the test unless exactly these requests have been received since the mark, in this order, with
 * correct headers. */
void assert_sent(const struct api_test *test, size_t mark, const struct expected_request *expected, size_t count);

/* Fails the test if a request has been received since the mark. */
void assert_nothing_sent(const struct api_test *test, size_t mark);

/* The requests since the mark, never NULL. Free it with request_log_free. */
struct request_log *sent_since(const struct api_test *test, size_t mark);

/* How many of the query's arguments have this name. */
size_t log_count_arguments(const cJSON *request, const char *name);

#endif
