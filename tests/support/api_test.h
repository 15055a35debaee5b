/*
 * What an API test begins with: the sandbox, a client for it, and the questions that are asked of the sandbox's log.
 * Whatever goes wrong in here ends the test.
 */
#ifndef SUPPORT_API_TEST_H
#define SUPPORT_API_TEST_H

#include "sandbox_process.h"

#include <deepomatic.h>

/* The key that the sandbox wants unless it is told otherwise. */
#define SANDBOX_KEY "sandbox"

struct api_test {
    struct sandbox_process *sandbox;
    dm_client *client;
};

/* Forgets the environment variables that the library or libcurl would read. */
void api_forget_environment(void);

/* Starts the sandbox with these further arguments (NULL-terminated; NULL for none) and makes a client for it. */
void api_test_start(struct api_test *test, const char *const *arguments);

/* Ends both; the sandbox must have been well until now. */
void api_test_stop(struct api_test *test);

/* A client that asks for its tasks without much of a pause. */
dm_client *api_client_new(const char *url, const char *key);

/* The requests after the mark whose path begins like this. End it with request_log_free. */
struct request_log *api_requests_since(const struct api_test *test, size_t mark, const char *path);

/* The only request in the log with this method and path. */
const cJSON *log_only(const struct request_log *log, const char *method, const char *path);

/* Members of a logged request, or of one of its parts: NULL when a text is null. */
const char *log_text(const cJSON *item, const char *member);
int64_t log_number(const cJSON *item, const char *member);

/* A header's value by its lower-case name; NULL when there was none. */
const char *log_header(const cJSON *request, const char *name);

/* The JSON that was sent; end it with cJSON_Delete. */
cJSON *log_json(const cJSON *request);

/* "URL/files/NAME", what a sandbox started with --files serves. To be freed. */
char *api_file_url(const struct api_test *test, const char *name);

#endif
