/* Proxies in the environment: which variables are used, and that an option overrides them. */
#include <deepomatic.h>

#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "libcurl.h"
#include "proxy_test.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void the_environments_proxies_are_used(void **state)
{
    const struct line proxy = proxy_url();
    const struct line good = server_url("good");
    const struct line http = http_url();
    (void)state;

    setenv("http_proxy", proxy.text, 1);
    assert_route(http.text, (dm_client_options){0}, BY_PROXY);
    assert_route(good.text, (dm_client_options){0}, DIRECTLY);
    unsetenv("http_proxy");

    setenv("https_proxy", proxy.text, 1);
    assert_route(http.text, (dm_client_options){0}, DIRECTLY);
    assert_route(good.text, (dm_client_options){0}, BY_PROXY);
    unsetenv("https_proxy");

    setenv("HTTPS_PROXY", proxy.text, 1);
    assert_route(good.text, (dm_client_options){0}, BY_PROXY);
    unsetenv("HTTPS_PROXY");

    setenv("all_proxy", proxy.text, 1);
    assert_route(http.text, (dm_client_options){0}, BY_PROXY);
    assert_route(good.text, (dm_client_options){0}, BY_PROXY);
    unsetenv("all_proxy");
}

/* In a CGI program, HTTP_PROXY is the request's "Proxy:" header, so a client must ignore it. */
static void http_proxy_in_capitals_is_not_used(void **state)
{
    const struct line proxy = proxy_url();
    (void)state;

    setenv("HTTP_PROXY", proxy.text, 1);
    assert_route(http_url().text, (dm_client_options){0}, DIRECTLY);
    unsetenv("HTTP_PROXY");
}

static void the_environments_no_proxy_is_used(void **state)
{
    const struct line proxy = proxy_url();
    const struct line good = server_url("good");
    (void)state;

    setenv("https_proxy", proxy.text, 1);
    setenv("no_proxy", "localhost", 1);
    assert_route(good.text, (dm_client_options){0}, DIRECTLY);
    assert_route(good.text, (dm_client_options){.no_proxy = ""}, BY_PROXY);
    assert_route(good.text, (dm_client_options){.no_proxy = "example.org"}, BY_PROXY);
    unsetenv("no_proxy");
    assert_route(good.text, (dm_client_options){.no_proxy = "localhost"}, DIRECTLY);
    unsetenv("https_proxy");
}

/* libcurl's own message would contain the address with its password. */
static void an_invalid_proxy_of_the_environment_is_named_without_its_password(void **state)
{
    static const char *const proxies[] = {"foo://joe:s3cret@127.0.0.1:1", "http://joe:s3cret@a b:1"};
    (void)state;

    for (size_t i = 0; i < COUNT(proxies); i++) {
        struct scene scene;

        setenv("http_proxy", proxies[i], 1);
        start(&scene, http_url().text, (dm_client_options){.max_attempts = 3});
        assert_status(scene_get(&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_int_equal(scene.error.attempts, 1);
        assert_non_null(strstr(scene.error.message, "http_proxy"));
        assert_null(strstr(scene.error.message, "s3cret"));
        assert_null(strstr(scene.log, "s3cret"));
        scene_end(&scene);
    }
    unsetenv("http_proxy");
}

static void an_option_overrides_the_environment(void **state)
{
    char dead[LOOPBACK_URL_SIZE];
    const int holder = dead_port(dead);
    const struct line proxy = proxy_url();
    const struct line good = server_url("good");
    const struct line http = http_url();
    (void)state;

    setenv("https_proxy", dead, 1);
    setenv("http_proxy", dead, 1);
    setenv("all_proxy", dead, 1);
    assert_route(good.text, (dm_client_options){.proxy = ""}, DIRECTLY);
    assert_route(http.text, (dm_client_options){.proxy = ""}, DIRECTLY);
    assert_route(good.text, (dm_client_options){.proxy = proxy.text}, BY_PROXY);
    assert_route(http.text, (dm_client_options){.proxy = proxy.text}, BY_PROXY);
    api_forget_environment();
    close(holder);
}

/* ---- A libcurl without proxies: a proxy in the options is refused, which faults/test_other_libcurl.c tests ---- */

static void without_proxies_those_of_the_environment_are_ignored(void **state)
{
    char dead[LOOPBACK_URL_SIZE];
    const int holder = dead_port(dead);
    const struct line good = server_url("good");
    const struct line http = http_url();
    (void)state;

    setenv("https_proxy", dead, 1);
    setenv("http_proxy", dead, 1);
    setenv("all_proxy", dead, 1);
    assert_route(good.text, (dm_client_options){0}, DIRECTLY);
    assert_route(http.text, (dm_client_options){0}, DIRECTLY);
    api_forget_environment();
    close(holder);
}

static int run_without_proxies(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_proxies_those_of_the_environment_are_ignored),
    };
    print_message("skipped: all tests of proxies but one need a libcurl with proxies\n");
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environments_proxies_are_used),
        cmocka_unit_test(an_invalid_proxy_of_the_environment_is_named_without_its_password),
        cmocka_unit_test(http_proxy_in_capitals_is_not_used),
        cmocka_unit_test(the_environments_no_proxy_is_used),
        cmocka_unit_test(an_option_overrides_the_environment),
    };
    api_forget_environment();
    return libcurl_has_proxies() ? cmocka_run_group_tests(tests, NULL, NULL) : run_without_proxies();
}
