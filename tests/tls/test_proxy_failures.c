/* Proxies that are down, do not reach the service, or require a password. */
#include <deepomatic.h>

#include "api_test.h"
#include "assert_status.h"
#include "libcurl.h"
#include "proxy_test.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Proxies that fail ---- */

static void assert_unreachable(const char *url, const char *proxy, const char *culprit)
{
    struct scene scene;

    start(&scene, url, (dm_client_options){.proxy = proxy, .max_attempts = 3});
    assert_status(scene_create(&scene, NULL), DM_ERR_NETWORK, &scene.error);
    print_message("           %s\n", scene.error.message);
    assert_words(scene.error.message, culprit);
    assert_int_equal(scene.error.attempts, 3); /* because the service certainly did not receive it */
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

static void a_proxy_that_is_down_is_named(void **state)
{
    char dead[LOOPBACK_URL_SIZE];
    const int holder = dead_port(dead);
    const char *culprit = libcurl_is_since(0x080d00) ? "over proxy 127.0.0.1" : strrchr(dead, ':') + 1;
    (void)state;

    assert_unreachable(server_url("good").text, dead, culprit);
    assert_unreachable(http_url().text, dead, culprit);
    close(holder);
}

static void a_proxy_whose_name_is_unknown_is_named(void **state)
{
    (void)state;
    assert_unreachable(server_url("good").text, "http://proxy.invalid:3128", "proxy.invalid");
}

static struct line https_of(const char *http)
{
    struct line made;
    snprintf(made.text, sizeof made.text, "https%s", http + strlen("http"));
    return made;
}

/* The proxy answers CONNECT with a 5xx, so the request itself was not sent. */
static void a_proxy_that_does_not_reach_the_service_has_a_known_outcome(void **state)
{
    char dead[LOOPBACK_URL_SIZE];
    const int holder = dead_port(dead);
    const struct line proxy = proxy_url();
    (void)state;

    assert_unreachable(https_of(dead).text, proxy.text, "CONNECT");
    close(holder);
}

/* With plain http, an answer of the proxy cannot be distinguished from one of the service. */
static void a_proxy_that_does_not_reach_the_service_is_a_server_failure_on_plain_http(void **state)
{
    char dead[LOOPBACK_URL_SIZE];
    const int holder = dead_port(dead);
    const struct line proxy = proxy_url();
    struct scene scene;
    (void)state;

    start(&scene, dead, (dm_client_options){.proxy = proxy.text, .max_attempts = 2});
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_int_equal(scene.error.attempts, 2);
    print_message("           %s\n", scene.error.message);
    scene_end(&scene);
    close(holder);
}

/* ---- A proxy that requires a password ---- */

static struct line locked_proxy_url(const char *user)
{
    struct line made;
    snprintf(made.text, sizeof made.text, "http://%s127.0.0.1:%d", user, server_port("locked_proxy"));
    return made;
}

static void a_proxys_user_and_password_are_sent(void **state)
{
    const struct line proxy = locked_proxy_url("camera:open-sesame@");
    const struct line urls[] = {server_url("good"), http_url()};
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        const size_t mark = log_mark("locked_proxy");
        assert_route(urls[i].text, (dm_client_options){.proxy = proxy.text},
                     DIRECTLY); /* not by the proxy without a password */
        assert_int_equal(log_count_since("locked_proxy", mark, "Request (file descriptor"), 1);
    }
    assert_proxy_knows_no_key();
}

static void keep_lines(dm_log_level level, const char *text, void *data)
{
    char *all = data;
    (void)level;
    const size_t length = strlen(all);
    assert_true(length + strlen(text) < SCENE_MAX_LOG);
    snprintf(all + length, SCENE_MAX_LOG - length, "%s", text);
}

static void assert_locked_out(const char *url, const char *user, const char *words, dm_status expected)
{
    const struct line proxy = locked_proxy_url(user);
    char *log = calloc(1, SCENE_MAX_LOG);
    struct scene scene;

    assert_non_null(log);
    start(&scene, url, (dm_client_options){.proxy = proxy.text, .log = keep_lines, .log_data = log});
    const dm_status status = scene_get(&scene, NULL);
    print_message("           %s: %s\n", dm_status_name(status), scene.error.message);
    assert_words(scene.error.message, words);
    assert_words(log, words);
    assert_null(strstr(scene.error.message, "close-sesame"));
    assert_null(strstr(log, "close-sesame"));
    assert_int_equal(status, expected);
    assert_int_equal(scene.error.attempts, 1);
    scene_end(&scene);
    free(log);
}

/* tinyproxy answers a wrong password with 401, which a proxy should not use. With plain http, it looks like an
 * answer of the service. */
static void a_proxy_that_requires_a_password_refuses_plain_http_once(void **state)
{
    (void)state;
    assert_locked_out(http_url().text, "", "HTTP 407", DM_ERR_REJECTED);
    assert_locked_out(http_url().text, "camera:close-sesame@", "HTTP 401", DM_ERR_CREDENTIALS);
}

static void a_proxy_that_requires_a_password_refuses_a_connect_once(void **state)
{
    (void)state;
    assert_locked_out(server_url("good").text, "", "HTTP 407: the proxy requires a user", DM_ERR_NETWORK);
    assert_locked_out(server_url("good").text, "camera:close-sesame@", " 401", DM_ERR_NETWORK);
}

static void a_proxy_that_requires_a_password_gives_a_known_outcome(void **state)
{
    const struct line proxy = locked_proxy_url("");
    struct scene scene;
    (void)state;

    start(&scene, server_url("good").text, (dm_client_options){.proxy = proxy.text});
    assert_status(scene_create(&scene, NULL), DM_ERR_NETWORK, &scene.error);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_that_is_down_is_named),
        cmocka_unit_test(a_proxy_whose_name_is_unknown_is_named),
        cmocka_unit_test(a_proxy_that_does_not_reach_the_service_has_a_known_outcome),
        cmocka_unit_test(a_proxy_that_does_not_reach_the_service_is_a_server_failure_on_plain_http),
        cmocka_unit_test(a_proxys_user_and_password_are_sent),
        cmocka_unit_test(a_proxy_that_requires_a_password_refuses_plain_http_once),
        cmocka_unit_test(a_proxy_that_requires_a_password_refuses_a_connect_once),
        cmocka_unit_test(a_proxy_that_requires_a_password_gives_a_known_outcome),
    };
    api_forget_environment();
    if (!libcurl_has_proxies()) {
        print_message("skipped: all tests of proxies that fail need a libcurl with proxies\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
