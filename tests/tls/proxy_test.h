/* Shared by the tests of proxies: clients that use the environment's proxies (scene_start_at sets options.proxy,
 * unlike these), and whether a call went through the proxy. */
#ifndef TLS_PROXY_TEST_H
#define TLS_PROXY_TEST_H

#include <deepomatic.h>

#include "assert_status.h"
#include "loopback.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

static inline void start(struct scene *scene, const char *url, dm_client_options options)
{
    const struct line ca = server_file("ca.pem");

    scene_init(scene);
    options.api_key = SCENE_KEY;
    options.api_url = url;
    options.ca_file = ca.text;
    options.retry_delay_ms = 2;
    assert_status(dm_client_new(&options, &scene->client, &scene->error), DM_OK, &scene->error);
}

static inline struct line http_url(void)
{
    return server_address("http", "localhost", "witness_http", "");
}

static inline struct line proxy_url(void)
{
    return server_address("http", "127.0.0.1", "proxy", "");
}

/* Counts requests to the proxy: "GET http://localhost:PORT/v0.7..." or "CONNECT localhost:PORT". */
static inline size_t count_asked(size_t mark, const char *method, const char *target)
{
    char request[640];

    snprintf(request, sizeof request, "%s %s", method, target);
    return log_count_since("proxy", mark, request);
}

static inline void assert_proxy_knows_no_key(void)
{
    assert_int_equal(log_count_since("proxy", 0, SCENE_KEY), 0);
    assert_int_equal(log_count_since("locked_proxy", 0, SCENE_KEY), 0);
}

enum route { DIRECTLY, BY_PROXY };

/* Makes one call, and checks whether it went through the proxy. */
static inline void assert_route(const char *url, dm_client_options options, enum route expected)
{
    const size_t mark = log_mark("proxy");
    struct scene scene;

    start(&scene, url, options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
    const size_t asked = log_count_since("proxy", mark, "Request (file descriptor");
    if (expected == DIRECTLY)
        assert_int_equal(asked, 0);
    else
        assert_int_equal(asked, 1);
}

/* Reserves a port on which no server listens. Returns the socket that is bound to it. */
static inline int dead_port(char url[LOOPBACK_URL_SIZE])
{
    const struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int holder = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(holder >= 0);
    assert_int_equal(bind(holder, (const struct sockaddr *)&address, sizeof address), 0);
    loopback_url(holder, url);
    return holder;
}

#endif
