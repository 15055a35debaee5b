/* Forward proxies: plain http through one, https through its CONNECT, and a proxy that uses TLS. */
#include <deepomatic.h>

#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "libcurl.h"
#include "proxy_test.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

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

static void a_certificate_is_also_verified_through_a_proxy(void **state)
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

/* The proxy answered CONNECT, and then the handshake failed: the request itself was not sent. */
static void a_refused_certificate_behind_the_proxy_has_a_known_outcome(void **state)
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

/* ---- A proxy that uses TLS ---- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_http_goes_through_the_proxy),
        cmocka_unit_test(https_goes_through_the_proxys_connect),
        cmocka_unit_test(a_proxy_needs_no_scheme),
        cmocka_unit_test(a_photo_is_recognised_through_the_proxy),
        cmocka_unit_test(a_certificate_is_also_verified_through_a_proxy),
        cmocka_unit_test(a_refused_certificate_behind_the_proxy_has_a_known_outcome),
        cmocka_unit_test(no_proxy_names_the_hosts_to_reach_directly),
        cmocka_unit_test(a_proxy_speaks_tls_1_2_at_least),
        cmocka_unit_test(a_proxys_certificate_is_verified),
    };
    api_forget_environment();
    if (!libcurl_has_proxies()) {
        print_message("skipped: all tests of proxies need a libcurl with proxies\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
