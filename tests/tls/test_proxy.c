/* Forward proxies: plain http through one, https through its CONNECT, from the options and from the environment. */
#include <deepomatic.h>

#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "libcurl.h"
#include "loopback.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- A client that takes its options as they are: scene_start_at rules the environment's proxy out ---- */

static void start(struct scene *scene, const char *url, dm_client_options options)
{
    const struct line ca = server_file("ca.pem");

    scene_init(scene);
    options.api_key = SCENE_KEY;
    options.api_url = url;
    options.ca_file = ca.text;
    options.retry_delay_ms = 2;
    assert_status(dm_client_new(&options, &scene->client, &scene->error), DM_OK, &scene->error);
}

static struct line http_url(void)
{
    return server_address("http", "localhost", "witness_http", "");
}

static struct line proxy_url(void)
{
    return server_address("http", "127.0.0.1", "proxy", "");
}

/* Counts requests to the proxy: "GET http://localhost:PORT/v0.7..." or "CONNECT localhost:PORT". */
static size_t count_asked(size_t mark, const char *method, const char *target)
{
    char request[640];

    snprintf(request, sizeof request, "%s %s", method, target);
    return log_count_since("proxy", mark, request);
}

static void assert_proxy_knows_no_key(void)
{
    assert_int_equal(log_count_since("proxy", 0, SCENE_KEY), 0);
    assert_int_equal(log_count_since("locked_proxy", 0, SCENE_KEY), 0);
}

enum route { DIRECTLY, BY_PROXY };

/* Makes one call, and checks whether it went through the proxy. */
static void assert_route(const char *url, dm_client_options options, enum route expected)
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

/* ---- options.proxy ---- */

static void plain_http_goes_through_the_proxy(void **state)
{
    const size_t mark = log_mark("proxy");
    const size_t requests = request_log_count(server_file("sandbox.log").text);
    const struct line proxy = proxy_url();
    (void)state;

    assert_route(http_url().text, (dm_client_options){.proxy = proxy.text}, BY_PROXY);
    assert_int_equal(count_asked(mark, "GET", server_address("http", "localhost", "witness_http", "/v0.7").text), 1);
    struct request_log *log = request_log_read(server_file("sandbox.log").text, requests);
    assert_non_null(log);
    assert_int_equal(log->count, 1);
    assert_words(log_header(log->items[0], "via"), "tinyproxy");
    request_log_free(log);
}

static void https_goes_through_the_proxys_connect(void **state)
{
    static const char *const servers[] = {"good", "h2"};
    const struct line proxy = proxy_url();
    char target[64];
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        const size_t mark = log_mark("proxy");
        const size_t server_mark = log_mark(servers[i]);
        assert_route(server_url(servers[i]).text, (dm_client_options){.proxy = proxy.text}, BY_PROXY);
        snprintf(target, sizeof target, "localhost:%d", server_port(servers[i]));
        assert_int_equal(count_asked(mark, "CONNECT", target), 1);
        char *seen = log_since(servers[i], server_mark, 1);
        assert_words(seen, "HTTP/1.1 TLSv1.");
        assert_words(seen, "key=\"" SCENE_KEY "\"");
        free(seen);
    }
    assert_proxy_knows_no_key();
}

static void a_proxy_needs_no_scheme(void **state)
{
    char proxy[64];
    (void)state;

    snprintf(proxy, sizeof proxy, "127.0.0.1:%d", server_port("proxy"));
    assert_route(server_url("good").text, (dm_client_options){.proxy = proxy}, BY_PROXY);
    assert_route(http_url().text, (dm_client_options){.proxy = proxy}, BY_PROXY);
}

static void whole_calls_go_through_the_proxy(const char *url)
{
    const dm_input photo = dm_image_file(PHOTOS_DIR "/cat.jpg");
    const struct line proxy = proxy_url();
    dm_inference *inference = NULL;
    struct scene scene;

    start(&scene, url, (dm_client_options){.proxy = proxy.text});
    assert_status(
        dm_spec_infer(scene.client, dm_public_spec("sandbox-colors"), &photo, 1, NULL, NULL, &inference, &scene.error),
        DM_OK, &scene.error);
    assert_int_equal(inference->output_count, 1);
    dm_inference_free(inference);
    assert_status(scene_create(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void a_photo_is_recognised_through_the_proxy(void **state)
{
    (void)state;
    whole_calls_go_through_the_proxy(http_url().text);
    whole_calls_go_through_the_proxy(server_url("good").text);
    whole_calls_go_through_the_proxy(server_url("h2").text);
}

static void a_certificate_is_verified_behind_the_proxy_too(void **state)
{
    static const struct {
        const char *server;
        const char *cause;
    } cases[] = {{"expired", "certificate has expired"}, {"wrong_host", "'localhost'"}};
    const struct line proxy = proxy_url();
    struct scene scene;
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        const size_t mark = log_mark(cases[i].server);
        start(&scene, server_url(cases[i].server).text, (dm_client_options){.proxy = proxy.text});
        assert_status(scene_create(&scene, NULL), DM_ERR_TLS, &scene.error);
        assert_cause(scene.error.message, cases[i].cause);
        assert_int_equal(scene.error.attempts, 1);
        assert_unheard(cases[i].server, mark);
        scene_end(&scene);
    }
}

/* The proxy's answer to CONNECT came, and then the handshake failed: the request itself never left. */
static void a_refused_certificate_behind_the_proxy_leaves_no_doubt(void **state)
{
    const struct line proxy = proxy_url();
    struct scene scene;
    (void)state;

    start(&scene, server_url("expired").text, (dm_client_options){.proxy = proxy.text});
    assert_status(scene_create(&scene, NULL), DM_ERR_TLS, &scene.error);
    print_message("           %s\n", scene.error.message);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

/* ---- No proxy ---- */

static void no_proxy_names_the_hosts_to_reach_directly(void **state)
{
    const struct line proxy = proxy_url();
    const struct line good = server_url("good");
    (void)state;

    assert_route(good.text, (dm_client_options){.proxy = proxy.text, .no_proxy = "localhost"}, DIRECTLY);
    assert_route(good.text, (dm_client_options){.proxy = proxy.text, .no_proxy = "a.org, localhost,b.org"}, DIRECTLY);
    assert_route(good.text, (dm_client_options){.proxy = proxy.text, .no_proxy = "*"}, DIRECTLY);
    assert_route(http_url().text, (dm_client_options){.proxy = proxy.text, .no_proxy = "localhost"}, DIRECTLY);
    assert_route(good.text, (dm_client_options){.proxy = proxy.text, .no_proxy = "api.deepomatic.com"}, BY_PROXY);
    assert_route(good.text, (dm_client_options){.proxy = proxy.text, .no_proxy = ""}, BY_PROXY);
}

/* ---- The environment ---- */

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
static void an_unfit_proxy_of_the_environment_is_named_without_its_password(void **state)
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

/* Reserves a port on which nobody listens. Returns the socket that holds it. */
static int dead_port(char url[LOOPBACK_URL_SIZE])
{
    const struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int holder = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(holder >= 0);
    assert_int_equal(bind(holder, (const struct sockaddr *)&address, sizeof address), 0);
    loopback_url(holder, url);
    return holder;
}

static void an_option_beats_the_environment(void **state)
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

/* ---- A proxy behind TLS ---- */

/* The proxy sees the key of a request to http://. It is nginx, which accepts any address as its own. */
static void a_proxy_speaks_tls_1_2_at_least(void **state)
{
    const struct line old = server_url("tls11");
    const struct line fair = server_url("tls12");
    struct scene scene;
    (void)state;

    start(&scene, http_url().text, (dm_client_options){.proxy = old.text, .max_attempts = 1});
    assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
    scene_end(&scene);
    start(&scene, http_url().text, (dm_client_options){.proxy = fair.text, .max_attempts = 1});
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* A server in place of the proxy would see the key of a request to http://. */
static void a_proxys_certificate_is_verified(void **state)
{
    static const char *const names[] = {"expired", "wrong_host", "unknown_ca", "self_signed"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const size_t mark = log_mark(names[i]);
        const struct line proxy = server_url(names[i]);
        struct scene scene;

        start(&scene, http_url().text, (dm_client_options){.proxy = proxy.text});
        assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
        assert_int_equal(scene.error.attempts, 1);
        assert_unheard(names[i], mark);
        scene_end(&scene);
    }
}

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

/* The proxy answers CONNECT with a 5xx, so that the request itself never left. */
static void a_proxy_that_does_not_reach_the_service_leaves_no_doubt(void **state)
{
    char dead[LOOPBACK_URL_SIZE];
    const int holder = dead_port(dead);
    const struct line proxy = proxy_url();
    (void)state;

    assert_unreachable(https_of(dead).text, proxy.text, "CONNECT");
    close(holder);
}

/* On plain http the answer of a proxy looks like one of the service. */
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

/* tinyproxy answers a wrong password with 401, which a proxy should not use: with plain http, it looks like the
 * service's answer. */
static void a_locked_proxy_refuses_plain_http_once(void **state)
{
    (void)state;
    assert_locked_out(http_url().text, "", "HTTP 407", DM_ERR_REJECTED);
    assert_locked_out(http_url().text, "camera:close-sesame@", "HTTP 401", DM_ERR_CREDENTIALS);
}

static void a_locked_proxy_refuses_a_connect_once(void **state)
{
    (void)state;
    assert_locked_out(server_url("good").text, "", " 407", DM_ERR_NETWORK);
    assert_locked_out(server_url("good").text, "camera:close-sesame@", " 401", DM_ERR_NETWORK);
}

static void a_locked_proxy_leaves_no_doubt(void **state)
{
    const struct line proxy = locked_proxy_url("");
    struct scene scene;
    (void)state;

    start(&scene, server_url("good").text, (dm_client_options){.proxy = proxy.text});
    assert_status(scene_create(&scene, NULL), DM_ERR_NETWORK, &scene.error);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
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
        cmocka_unit_test(plain_http_goes_through_the_proxy),
        cmocka_unit_test(https_goes_through_the_proxys_connect),
        cmocka_unit_test(a_proxy_needs_no_scheme),
        cmocka_unit_test(a_photo_is_recognised_through_the_proxy),
        cmocka_unit_test(a_certificate_is_verified_behind_the_proxy_too),
        cmocka_unit_test(a_refused_certificate_behind_the_proxy_leaves_no_doubt),
        cmocka_unit_test(no_proxy_names_the_hosts_to_reach_directly),
        cmocka_unit_test(the_environments_proxies_are_used),
        cmocka_unit_test(an_unfit_proxy_of_the_environment_is_named_without_its_password),
        cmocka_unit_test(http_proxy_in_capitals_is_not_used),
        cmocka_unit_test(the_environments_no_proxy_is_used),
        cmocka_unit_test(a_proxy_speaks_tls_1_2_at_least),
        cmocka_unit_test(a_proxys_certificate_is_verified),
        cmocka_unit_test(an_option_beats_the_environment),
        cmocka_unit_test(a_proxy_that_is_down_is_named),
        cmocka_unit_test(a_proxy_whose_name_is_unknown_is_named),
        cmocka_unit_test(a_proxy_that_does_not_reach_the_service_leaves_no_doubt),
        cmocka_unit_test(a_proxy_that_does_not_reach_the_service_is_a_server_failure_on_plain_http),
        cmocka_unit_test(a_proxys_user_and_password_are_sent),
        cmocka_unit_test(a_locked_proxy_refuses_plain_http_once),
        cmocka_unit_test(a_locked_proxy_refuses_a_connect_once),
        cmocka_unit_test(a_locked_proxy_leaves_no_doubt),
    };
    api_forget_environment();
    return libcurl_has_proxies() ? cmocka_run_group_tests(tests, NULL, NULL) : run_without_proxies();
}
