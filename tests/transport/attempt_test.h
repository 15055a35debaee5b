/* Shared by the tests of attempts: a fault server, and an attempt that talks to it. */
#ifndef TRANSPORT_ATTEMPT_TEST_H
#define TRANSPORT_ATTEMPT_TEST_H

#include "transport/attempt_outcome.h"

#include "assert_status.h"
#include "client/options.h"
#include "fault_server.h"
#include "test.h"

#include <string.h>

/* A server that performs its steps and repeats the last one, and an attempt that uses it. */
static const struct caution usual = {0};

struct stage {
    struct fault_server *server;
    struct client_settings settings;
    struct sockets sockets;
    struct attempt *attempt;
    struct request request;
};

static inline void open_at(struct stage *stage, const char *url, dm_client_options options)
{
    options.api_key = "the-key";
    options.api_url = url;
    options.proxy = "";
    struct failure failure;
    dm_status status;
    failure_init(&failure, NULL);
    options_resolve(&options, &stage->settings, &failure);
    assert_status(failure.status, DM_OK, NULL);
    stage->attempt = attempt_new(&stage->settings.transport, &stage->sockets, &status);
    assert_non_null(stage->attempt);
    assert_int_equal(status, DM_OK);
    request_init(&stage->request, "GET");
}

static inline void open_stage_of(struct stage *stage, const struct fault_step *steps, size_t count,
                                 dm_client_options options)
{
    memset(stage, 0, sizeof *stage);
    stage->server = fault_server_start(steps, count);
    assert_non_null(stage->server);
    open_at(stage, fault_server_url(stage->server), options);
}

static inline void open_stage_with(struct stage *stage, const char *reply, enum fault_ending ending,
                                   dm_client_options options)
{
    const struct fault_step step = {.reply = reply, .reply_length = strlen(reply), .ending = ending};
    open_stage_of(stage, &step, 1, options);
}

static inline void open_stage(struct stage *stage, const char *reply, enum fault_ending ending)
{
    open_stage_with(stage, reply, ending, (dm_client_options){0});
}

static inline void close_stage(struct stage *stage)
{
    request_free(&stage->request);
    attempt_free(stage->attempt);
    options_free(&stage->settings);
    if (stage->server != NULL)
        fault_server_stop(stage->server);
}

static inline void finish(struct request *request)
{
    struct failure failure;
    failure_init(&failure, NULL);
    assert_true(request_finish(request, &failure));
}

static inline void new_request(struct stage *stage, const char *method, enum request_media media, const char *json)
{
    request_free(&stage->request);
    request_init(&stage->request, method);
    request_append_name(&stage->request, "x");
    stage->request.media = media;
    text_append_string(&stage->request.body.text, json);
    finish(&stage->request);
}

static inline struct outcome attempt_at(struct stage *stage, const char *location)
{
    struct text text = {.data = (char *)location, .length = strlen(location)};
    assert_int_equal(attempt_prepare(stage->attempt, &stage->request, &text, usual), DM_OK);
    return attempt_outcome(stage->attempt, curl_easy_perform(stage->attempt->easy));
}

static inline struct outcome attempt(struct stage *stage)
{
    return attempt_at(stage, "");
}

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

#endif
