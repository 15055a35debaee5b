/* Shared by the tests of stored values: specifications that are created, retrieved and listed. */
#ifndef API_ROUND_TRIP_TEST_H
#define API_ROUND_TRIP_TEST_H

#include "api_test.h"
#include "test.h"

#include <string.h>

static const int64_t most_exact = 9007199254740991; /* 2^53 - 1 */

static const dm_label red = {0, "red"};
static const dm_output plain_output = {{.labels = &red, .label_count = 1}};

static const char *const sandbox_arguments[] = {"--task-delay-ms", "0", NULL};

static inline int start(void **state)
{
    *state = (void *)sandbox_arguments;
    return own_api_setup(state);
}

static inline dm_spec *create(struct api_test *test, const char *name, const dm_output *output, const char *description,
                              const char *metadata)
{
    const dm_spec_create_options options = {description, metadata};
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, name, output, 1, &options, NULL, &spec, &test->error));
    return spec;
}

static inline dm_spec *retrieve(struct api_test *test, dm_spec_id id)
{
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_retrieve(test->client, id, NULL, &spec, &test->error));
    return spec;
}

/* The latest specification as it is listed. *spec is valid until the returned page is freed. */
static inline dm_spec_page *find_in_list(struct api_test *test, dm_spec_id id, const dm_spec **spec)
{
    const dm_page_options part = {.offset = id.private_id - 1};
    dm_spec_page *page = NULL;

    assert_ok(test, dm_spec_list(test->client, DM_VISIBILITY_PRIVATE, &part, NULL, &page, &test->error));
    assert_int_equal(page->result_count, 1);
    *spec = &page->results[0];
    assert_int_equal((*spec)->id.private_id, id.private_id);
    return page;
}

/* For texts that are too long for an assertion's message. */
static inline void assert_long_text(const char *actual, const char *expected)
{
    assert_int_equal(strlen(actual), strlen(expected));
    assert_true(strcmp(actual, expected) == 0);
}

#endif
