/* Certificates and versions of TLS, with real servers. */
#include <deepomatic.h>

#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "libcurl.h"
#include "loopback.h"
#include "scene.h"
#include "servers.h"
#include "test.h"
#include "tls_test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- The server's certificate ---- */

static const struct bad_server {
    const char *name;
    const char *cause;
} bad_servers[] = {
    {"wrong_host", "no alternative certificate subject name matches target host"},
    {"expired", "certificate has expired"},
    {"not_yet", "certificate is not yet valid"},
    {"unknown_ca", "unable to get local issuer certificate"},
    {"self_signed", "self-signed certificate"},
};

enum { BAD_SERVERS = COUNT(bad_servers) };

static void a_good_certificate_is_accepted(void **state)
{
    struct scene scene;
    (void)state;

    assert_served("good", (dm_client_options){0}, "HTTP/1.1 TLSv1.");
    start_at(&scene, server_address("https", "127.0.0.1", "good", "").text, (dm_client_options){0});
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void assert_refused(const char *server, dm_client_options options, const char *cause)
{
    const size_t mark = log_mark(server);
    const dm_input image = scene_image();
    struct scene scene;

    start(&scene, server, options);
    assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
    assert_tls_failure(&scene, cause);
    assert_words(scene.error.message, server_url(server).text);
    print_message("           %s\n", scene.error.message);
    assert_status(scene_create(&scene, NULL), DM_ERR_TLS, &scene.error);
    assert_tls_failure(&scene, cause);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_TLS, &scene.error);
    assert_tls_failure(&scene, cause);
    assert_int_equal(scene.log_count[DM_LOG_WARNING], libcurl_warnings());
    assert_cause(scene.log, cause);
    scene_end(&scene);
    assert_unheard(server, mark);
}

static void a_bad_certificate_is_refused_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < BAD_SERVERS; i++)
        assert_refused(bad_servers[i].name, (dm_client_options){0}, bad_servers[i].cause);
}

static void another_authority_is_accepted_when_it_is_named(void **state)
{
    const struct line other_ca = server_file("other_ca.pem");
    const struct line itself = server_file("self_signed.pem");
    (void)state;

    assert_served("unknown_ca", (dm_client_options){.ca_file = other_ca.text}, " 200 ");
    assert_served("self_signed", (dm_client_options){.ca_file = itself.text}, " 200 ");
    assert_refused("good", (dm_client_options){.ca_file = other_ca.text}, "unable to get local issuer certificate");
}

static void the_systems_authorities_are_the_default(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_start_at(&scene, server_url("good").text, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
    assert_tls_failure(&scene, "unable to get local issuer certificate");
    scene_end(&scene);
}

static void a_ca_file_without_certificates_is_refused(void **state)
{
    static const char *const names[] = {"garbage.pem", "empty.pem"};
    struct scene scene;
    (void)state;

    for (size_t i = 0; i < COUNT(names); i++) {
        const struct line file = server_file(names[i]);
        start(&scene, "good", (dm_client_options){.ca_file = file.text});
        assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
        assert_tls_failure(&scene, file.text);
        print_message("           %s\n", scene.error.message);
        scene_end(&scene);
    }
}

/* ---- No verification ---- */

static const char unverified[] = "TLS certificates are not verified";

static void assert_served_unverified(dm_client_options options)
{
    struct scene scene;

    for (size_t i = 0; i < BAD_SERVERS; i++) {
        start(&scene, bad_servers[i].name, options);
        assert_words(scene.log, unverified);
        assert_int_equal(scene.log_count[DM_LOG_WARNING], libcurl_warnings() + 1);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        scene_end(&scene);
    }
}

static void without_verification_any_certificate_is_accepted(void **state)
{
    (void)state;
    assert_served_unverified((dm_client_options){.insecure_skip_verify = true});
}

static void the_environment_switches_verification_off(void **state)
{
    (void)state;
    setenv("DEEPOMATIC_API_VERIFY_TLS", "0", 1);
    assert_served_unverified((dm_client_options){0});
    unsetenv("DEEPOMATIC_API_VERIFY_TLS");
}

static void the_environment_leaves_verification_on(void **state)
{
    struct scene scene;
    (void)state;

    setenv("DEEPOMATIC_API_VERIFY_TLS", "1", 1);
    start(&scene, "expired", (dm_client_options){0});
    assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
    assert_no_words(scene.log, unverified);
    scene_end(&scene);
    assert_served_unverified((dm_client_options){.insecure_skip_verify = true});
    unsetenv("DEEPOMATIC_API_VERIFY_TLS");
}

/* ---- Versions of TLS ---- */

static void tls_1_2_and_1_3_are_used(void **state)
{
    (void)state;
    assert_served("tls12", (dm_client_options){0}, "TLSv1.2");
    assert_served("tls13", (dm_client_options){0}, "TLSv1.3");
    assert_served("good", (dm_client_options){0}, "TLSv1.3");
}

/* run.sh sets a configuration of OpenSSL that allows it, and the control client proves that it does. */
static void tls_1_1_is_not_used(void **state)
{
    const dm_client_options options[] = {{.max_attempts = 1}, {.max_attempts = 1, .insecure_skip_verify = true}};
    const size_t mark = log_mark("tls11");
    struct scene scene;
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        start(&scene, "tls11", options[i]);
        assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
        assert_tls_failure(&scene, "protocol version");
        print_message("           %s\n", scene.error.message);
        scene_end(&scene);
    }
    assert_unheard("tls11", mark);
    char *control = log_since("tls11", mark, 1);
    assert_words(control, "TLSv1.1");
    free(control);
}

/* ---- No TLS, or an incomplete handshake ---- */

static void a_server_without_tls_is_a_tls_failure(void **state)
{
    struct scene scene;
    (void)state;

    start(&scene, "witness_http", (dm_client_options){.max_attempts = 1});
    assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
    assert_tls_failure(&scene, "wrong version number");
    scene_end(&scene);
}

static void a_server_with_tls_refuses_plain_http(void **state)
{
    struct scene scene;
    (void)state;

    start_at(&scene, server_address("http", "localhost", "good", "").text, (dm_client_options){0});
    assert_status(scene_get(&scene, NULL), DM_ERR_REJECTED, &scene.error);
    assert_int_equal(scene.error.http_status, 400);
    assert_words(scene.error.server_message, "The plain HTTP request was sent to HTTPS port");
    scene_end(&scene);
}

/* "https://127.0.0.1:PORT" of a plain HTTP server. */
static struct line https_of(const char *http_url)
{
    struct line made;
    snprintf(made.text, sizeof made.text, "https%s", http_url + strlen("http"));
    return made;
}

static void a_broken_handshake_is_tried_again_by(enum fault_ending ending)
{
    const int attempts = 3;
    struct scene breaking;
    struct scene scene;

    scene_init(&breaking);
    scene_break(&breaking, ending)->reading = FAULT_READ_NOTHING;
    breaking.server = fault_server_start(breaking.steps, breaking.step_count);
    assert_non_null(breaking.server);
    start_at(&scene, https_of(fault_server_url(breaking.server)).text, (dm_client_options){.max_attempts = attempts});
    const dm_status status = scene_create(&scene, NULL);
    print_message("           %s: %s\n", dm_status_name(status), scene.error.message);
    assert_int_equal(scene.error.attempts, attempts);
    assert_false(scene.error.outcome_unknown);
    assert_words(scene.error.message, "after 3 attempts");
    assert_true(status == DM_ERR_TLS || status == DM_ERR_NETWORK);
    assert_int_equal(fault_server_connection_count(breaking.server), attempts);
    scene_end(&scene);
    scene_end(&breaking);
}

static void a_broken_handshake_is_retried(void **state)
{
    (void)state;
    a_broken_handshake_is_tried_again_by(FAULT_THEN_CLOSE);
    a_broken_handshake_is_tried_again_by(FAULT_THEN_RESET);
}

static void a_handshake_that_stalls_ends_with_the_connect_time(void **state)
{
    const int listener = loopback_listen(16, 0); /* the kernel accepts connections, but nothing answers */
    char url[LOOPBACK_URL_SIZE];
    struct scene scene;
    (void)state;

    assert_true(listener >= 0);
    loopback_url(listener, url);
    start_at(&scene, https_of(url).text, (dm_client_options){.connect_timeout_ms = 300, .max_attempts = 2});
    const long long begun = now_ms();
    assert_status(scene_create(&scene, NULL), DM_ERR_NETWORK, &scene.error);
    assert_true(now_ms() - begun < IN_TIME_MS);
    assert_int_equal(scene.error.attempts, 2);
    assert_false(scene.error.outcome_unknown);
    if (strstr(scene.error.message, "timed out") == NULL)
        assert_words(scene.error.message, "timeout");
    print_message("           %s\n", scene.error.message);
    scene_end(&scene);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_certificate_is_accepted),
        cmocka_unit_test(a_bad_certificate_is_refused_at_once),
        cmocka_unit_test(another_authority_is_accepted_when_it_is_named),
        cmocka_unit_test(the_systems_authorities_are_the_default),
        cmocka_unit_test(a_ca_file_without_certificates_is_refused),
        cmocka_unit_test(without_verification_any_certificate_is_accepted),
        cmocka_unit_test(the_environment_switches_verification_off),
        cmocka_unit_test(the_environment_leaves_verification_on),
        cmocka_unit_test(tls_1_2_and_1_3_are_used),
        cmocka_unit_test(tls_1_1_is_not_used),
        cmocka_unit_test(a_server_without_tls_is_a_tls_failure),
        cmocka_unit_test(a_server_with_tls_refuses_plain_http),
        cmocka_unit_test(a_broken_handshake_is_retried),
        cmocka_unit_test(a_handshake_that_stalls_ends_with_the_connect_time),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
