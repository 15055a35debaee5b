/* Shared by the tests of invalid arguments. */
#ifndef API_BAD_INPUT_TEST_H
#define API_BAD_INPUT_TEST_H

#include "assert_status.h"
#include "refusal.h"
#include "temp_files.h"
#include "test.h"

#include <stdlib.h>

static char *folder;
static char *good_path;

static inline int start(void **state)
{
    (void)state;
    api_test_start(&api, NULL);
    folder = temp_folder_new();
    good_path = temp_path(folder, "good.jpg");
    return write_file(good_path, "an image", 8) ? 0 : -1;
}

static inline int stop(void **state)
{
    (void)state;
    free(good_path);
    api_test_stop(&api);
    return temp_folder_remove(folder) ? 0 : -1;
}

struct bad_input {
    const char *what;
    dm_input input;
    dm_status status;
    const char *words[2];
};

static inline void check_submit(const struct bad_input *bad, const dm_input *inputs, size_t count)
{
    dm_task_id id = {"not empty"};
    dm_error error;
    const dm_status status =
        dm_spec_submit(api.client, dm_public_spec("sandbox-colors"), inputs, count, NULL, NULL, &id, &error);

    refusal_check(bad->what, status, bad->status, &error, bad->words[0], bad->words[1]);
    assert_string_equal(id.text, "");
}

static inline void check_infer(const struct bad_input *bad, const dm_input *inputs, size_t count)
{
    dm_inference *inference = (dm_inference *)(void *)&api;
    dm_error error;
    const dm_status status =
        dm_spec_infer(api.client, dm_private_spec(1), inputs, count, NULL, NULL, &inference, &error);

    refusal_check(bad->what, status, bad->status, &error, bad->words[0], bad->words[1]);
    assert_null(inference);
    assert_status(dm_spec_infer(api.client, dm_private_spec(1), inputs, count, NULL, NULL, &inference, NULL),
                  bad->status, NULL);
}

#endif
