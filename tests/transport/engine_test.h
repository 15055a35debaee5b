/* Shared by the tests of the engine: an engine with a server, and exchanges. */
#ifndef TRANSPORT_ENGINE_TEST_H
#define TRANSPORT_ENGINE_TEST_H

#include "transport/engine.h"

#include "assert_status.h"
#include "base/clock.h"
#include "client/options.h"
#include "fault_server.h"
#include "test.h"

#include <string.h>

enum { LONG_MS = 30 * 1000, TOO_LONG_MS = LONG_MS / 2, MOST = 8, MAX_LINE = 1024 };

#define OK_REPLY   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define BUSY_REPLY "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
#define TEN        "0123456789"
#define SLOW_REPLY                                                                                                     \
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Padding: " TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN  \
    "\r\n\r\n{}"
#define LATER_REPLY "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 25\r\n\r\n"

/* An engine with a server, and exchanges that all send the same request. */
struct stage {
    struct fault_server *server;
    struct client_settings settings;
    struct engine *engine;
    struct request request;
    struct exchange exchanges[MOST];
};

static inline void open_at(struct stage *stage, const char *url, const char *method)
{
    const dm_client_options options = {.api_key = "key",
                                       .api_url = url,
                                       .proxy = "",
                                       .retry_delay_ms = 1,
                                       .max_retry_delay_ms = 5,
                                       .connect_timeout_ms = LONG_MS,
                                       .stall_timeout_ms = LONG_MS};
    struct failure failure;
    failure_init(&failure, NULL);
    options_resolve(&options, &stage->settings, &failure);
    assert_status(failure.status, DM_OK, NULL);
    stage->engine = engine_new(&stage->settings.transport);
    assert_non_null(stage->engine);
    request_init(&stage->request, method);
    request_append_name(&stage->request, "x");
    assert_true(request_finish(&stage->request, &failure));
    for (int i = 0; i < MOST; i++)
        exchange_init(&stage->exchanges[i], &stage->request, &stage->settings.transport.retry, clock_after(2 * LONG_MS),
                      NULL);
}

static inline void open_stage(struct stage *stage, const struct fault_step *steps, size_t count, const char *method)
{
    memset(stage, 0, sizeof *stage);
    stage->server = fault_server_start(steps, count);
    assert_non_null(stage->server);
    open_at(stage, fault_server_url(stage->server), method);
}

static inline void close_stage(struct stage *stage)
{
    for (int i = 0; i < MOST; i++)
        exchange_free(&stage->exchanges[i]);
    engine_free(stage->engine);
    request_free(&stage->request);
    options_free(&stage->settings);
    if (stage->server != NULL)
        fault_server_stop(stage->server);
}

/* Makes an exchange time out. It must be the next one that engine_next returns. */
static inline void expire(struct stage *stage, int number)
{
    stage->exchanges[number].deadline = clock_now();
    assert_ptr_equal(engine_next(stage->engine, CLOCK_NEVER), &stage->exchanges[number]);
    assert_int_equal(stage->exchanges[number].end, EXCHANGE_TIMED_OUT);
}

#endif
