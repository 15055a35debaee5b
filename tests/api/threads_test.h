/* Shared by the tests of threads: a client whose log lines are counted. */
#ifndef API_THREADS_TEST_H
#define API_THREADS_TEST_H

#include "api_test.h"
#include "assert_status.h"
#include "test.h"

#include <stdatomic.h>
#include <string.h>

enum { WORKERS = 16 };

static const char spec_name[] = "sandbox-regions";

struct logged_client {
    struct api_test test;
    dm_client *client;
    atomic_size_t log_lines; /* one for each attempt */
};

static inline void count_line(dm_log_level level, const char *line, void *data)
{
    struct logged_client *logged = data;

    if (level == DM_LOG_INFO && strstr(line, "attempt") != NULL)
        atomic_fetch_add(&logged->log_lines, 1);
}

static inline void start_logged_client(struct logged_client *logged, const char *task_delay_ms)
{
    const char *const arguments[] = {"--task-delay-ms", task_delay_ms, NULL};
    dm_error error;

    api_test_start(&logged->test, arguments);
    const dm_client_options options = {
        .api_url = sandbox_url(logged->test.sandbox),
        .api_key = SANDBOX_KEY,
        .timeout_ms = 120000,
        .poll_delay_ms = 1,
        .max_poll_delay_ms = 5,
        .log = count_line,
        .log_data = logged,
    };
    assert_status(dm_client_new(&options, &logged->client, &error), DM_OK, &error);
}

static inline void end_logged_client(struct logged_client *logged)
{
    dm_client_free(logged->client);
    api_test_stop(&logged->test);
}

#endif
