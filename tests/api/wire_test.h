/* Shared by the tests of requests on the wire: submissions, and their requests in the sandbox's log. */
#ifndef API_WIRE_TEST_H
#define API_WIRE_TEST_H

#include "api_test.h"
#include "assert_status.h"
#include "sha256.h"
#include "temp_files.h"
#include "test.h"

#include <stdlib.h>

static char *photo_path;
static char *photo;
static size_t photo_size;
static char photo_digest[SHA256_HEX_SIZE];
static char *photo_url;

static inline int start(void **state)
{
    (void)state;
    api_test_start(&api, sandbox_with_photos);
    photo_path = temp_path(PHOTOS_DIR, "coffee.jpg");
    photo = read_whole_file(photo_path, &photo_size);
    assert_non_null(photo);
    assert_true(sha256_of_memory(photo, photo_size, photo_digest));
    photo_url = api_file_url(&api, "coffee.jpg");
    return 0;
}

static inline int stop(void **state)
{
    (void)state;
    free(photo_path);
    free(photo);
    free(photo_url);
    api_test_stop(&api);
    return 0;
}

/* Submits with a client, and returns the log with its only request. */
static inline struct request_log *submit_with(dm_client *client, dm_spec_id spec, const dm_input *inputs, size_t count,
                                              const dm_infer_options *options)
{
    const size_t mark = sandbox_mark(api.sandbox);
    dm_task_id id;
    dm_error error;

    assert_status(dm_spec_submit(client, spec, inputs, count, options, NULL, &id, &error), DM_OK, &error);
    struct request_log *log = api_requests_since(&api, mark, "/v0.7/");
    assert_int_equal(log->count, 1);
    return log;
}

#endif
