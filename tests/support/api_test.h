/* The setup of an API test: the sandbox, a client for it, and access to the sandbox's request log. If one of these
 * functions fails, the test fails. */
#ifndef SUPPORT_API_TEST_H
#define SUPPORT_API_TEST_H

#include "assert_status.h"
#include "sandbox_process.h"

#include <deepomatic.h>

/* The key that the sandbox expects unless it is started with another. */
#define SANDBOX_KEY "sandbox"

struct api_test {
    struct sandbox_process *sandbox;
    dm_client *client;
    dm_error error; /* for the test's calls */
};

/* Arguments for the sandbox: it serves the photos of examples/photos, and finishes each task at once. */
extern const char *const sandbox_with_photos[];

/* Unsets the environment variables that the library or libcurl would read. */
void api_forget_environment(void);

/* Starts the sandbox with these further arguments (NULL-terminated; NULL for none) and makes a client for it. */
void api_test_start(struct api_test *test, const char *const *arguments);

/* Stops client and sandbox. Fails the test if the sandbox has crashed or reports an error. */
void api_test_stop(struct api_test *test);

/* ---- Fixtures for cmocka ---- */

/* The sandbox and client that all tests of a program share. */
extern struct api_test api;

/* Group fixtures: start `api` without further arguments, and stop it. */
int api_setup(void **state);
int api_teardown(void **state);

/* A test with a sandbox of its own, started with these arguments. The test's state is the struct api_test. */
#define API_TEST(test, arguments)                                                                                      \
    cmocka_unit_test_prestate_setup_teardown(test, own_api_setup, own_api_teardown, (void *)(arguments))

/* The state is an array of arguments or NULL at the start, and a struct api_test afterwards. */
int own_api_setup(void **state);
int own_api_teardown(void **state);

/* ---- Clients ---- */

/* A client that polls its tasks at short intervals. */
dm_client *api_client_new(const char *url, const char *key);

/* Another client for the test's sandbox, with these options and the sandbox's address and key. */
dm_client *api_client_with(const struct api_test *test, dm_client_options options);

/* Fails the test unless the status of a call that wrote test->error is DM_OK. */
#define assert_ok(test, status) assert_status((status), DM_OK, &(test)->error)

/* ---- The sandbox's request log ---- */

/* The requests after the mark whose path begins with this. Free it with request_log_free. */
struct request_log *api_requests_since(const struct api_test *test, size_t mark, const char *path);

/* The only request in the log with this method and path. */
const cJSON *log_only(const struct request_log *log, const char *method, const char *path);

/* Members of a logged request, or of one of its parts: NULL when a text is null. */
const char *log_text(const cJSON *item, const char *member);
int64_t log_number(const cJSON *item, const char *member);

/* A header's value by its lower-case name; NULL if the request does not have it. */
const char *log_header(const cJSON *request, const char *name);

/* The JSON body of the request. Free it with cJSON_Delete. */
cJSON *log_json(const cJSON *request);

/* Returns "URL/files/NAME", the address of a file of a sandbox started with --files. To be freed. */
char *api_file_url(const struct api_test *test, const char *name);

#endif
