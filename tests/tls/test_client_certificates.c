/* Client certificates, and their keys. */
#include <deepomatic.h>

#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "servers.h"
#include "test.h"
#include "tls_test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Client certificates ---- */

static void a_client_certificate_is_shown(void **state)
{
    const struct line certificate = server_file("client.pem");
    const struct line key = server_file("client.key");
    const struct line both = server_file("client_and_key.pem");
    (void)state;

    assert_served("client_certificate",
                  (dm_client_options){.client_certificate = certificate.text, .client_key = key.text},
                  "client=\"CN=client\"");
    assert_served("client_certificate", (dm_client_options){.client_certificate = both.text}, "client=\"CN=client\"");
    assert_served("good", (dm_client_options){.client_certificate = both.text}, "client=\"-\"");
}

/* nginx completes the handshake, and rejects the request with a page. */
static void a_missing_client_certificate_is_rejected_by_a_page(void **state)
{
    const struct line certificate = server_file("unknown_client.pem");
    const struct line key = server_file("unknown_client.key");
    struct scene scene;
    (void)state;

    start(&scene, "client_certificate", (dm_client_options){0});
    assert_status(scene_get(&scene, NULL), DM_ERR_REJECTED, &scene.error);
    assert_int_equal(scene.error.attempts, 1);
    assert_words(scene.error.server_message, "No required SSL certificate was sent");
    scene_end(&scene);

    start(&scene, "client_certificate",
          (dm_client_options){.client_certificate = certificate.text, .client_key = key.text});
    assert_status(scene_get(&scene, NULL), DM_ERR_REJECTED, &scene.error);
    assert_int_equal(scene.error.attempts, 1);
    assert_words(scene.error.server_message, "The SSL certificate error");
    scene_end(&scene);
}

/* Other servers send an alert. In TLS 1.3 it arrives after the client has completed the handshake. */
static void assert_alert(const char *server, dm_client_options options, const char *cause)
{
    struct scene scene;

    start(&scene, server, options);
    const dm_status status = scene_get(&scene, NULL);
    print_message("           %s: %s\n", dm_status_name(status), scene.error.message);
    assert_tls_failure(&scene, cause);
    scene_end(&scene);
}

static void an_alert_for_a_missing_client_certificate_is_final(const char *server, const char *cause)
{
    assert_alert(server, (dm_client_options){0}, cause);
}

static void a_missing_client_certificate_is_final_with_tls_1_2(void **state)
{
    (void)state;
    an_alert_for_a_missing_client_certificate_is_final("alert_tls1_2", "handshake failure");
}

static void a_missing_client_certificate_is_final_with_tls_1_3(void **state)
{
    (void)state;
    an_alert_for_a_missing_client_certificate_is_final("alert_tls1_3", "certificate required");
}

static void an_unknown_client_certificate_is_final(const char *server)
{
    const struct line certificate = server_file("unknown_client.pem");
    const struct line key = server_file("unknown_client.key");

    assert_alert(server, (dm_client_options){.client_certificate = certificate.text, .client_key = key.text},
                 "unknown ca");
}

static void an_unknown_client_certificate_is_final_with_tls_1_2(void **state)
{
    (void)state;
    an_unknown_client_certificate_is_final("alert_tls1_2");
}

static void an_unknown_client_certificate_is_final_with_tls_1_3(void **state)
{
    (void)state;
    an_unknown_client_certificate_is_final("alert_tls1_3");
}

/* This server is not the API: it returns a web page. */
static void a_known_client_certificate_is_not_refused_by_an_alert(void **state)
{
    static const char *const servers[] = {"alert_tls1_2", "alert_tls1_3"};
    const struct line both = server_file("client_and_key.pem");
    struct scene scene;
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        start(&scene, servers[i], (dm_client_options){.client_certificate = both.text});
        assert_status(scene_get(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
        assert_int_equal(scene.error.http_status, 200);
        scene_end(&scene);
    }
}

static void a_client_certificate_must_be_readable(void **state)
{
    static const struct {
        const char *certificate;
        const char *key;
        const char *cause;
    } cases[] = {
        {"garbage.pem", "client.key", "could not load PEM client certificate"},
        {"client.pem", "garbage.pem", "unable to set private key file"},
        {"client.pem", NULL, "unable to set private key file"},
        {"client.pem", "good.key", "key"},
    };
    struct scene scene;
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct line certificate = server_file(cases[i].certificate);
        const struct line key = cases[i].key != NULL ? server_file(cases[i].key) : (struct line){""};
        start(&scene, "client_certificate",
              (dm_client_options){.client_certificate = certificate.text,
                                  .client_key = cases[i].key != NULL ? key.text : NULL});
        assert_status(scene_get(&scene, NULL), DM_ERR_TLS, &scene.error);
        print_message("           %s\n", scene.error.message);
        assert_tls_failure(&scene, cases[i].cause);
        scene_end(&scene);
    }
}

/* By default, a TLS library asks for the pass phrase of a key on the terminal or standard input, and waits for ever. */
static _Noreturn void use_a_locked_key(int input)
{
    const struct line certificate = server_file("client.pem");
    const struct line key = server_file("locked.key");
    const struct line ca = server_file("ca.pem");
    const struct line url = server_url("client_certificate");
    const dm_client_options options = {.api_key = SCENE_KEY,
                                       .api_url = url.text,
                                       .proxy = "",
                                       .ca_file = ca.text,
                                       .client_certificate = certificate.text,
                                       .client_key = key.text};
    dm_client *client = NULL;
    dm_account *account = NULL;

    setsid();
    dup2(input, STDIN_FILENO);
    const bool made = dm_client_new(&options, &client, NULL) == DM_OK;
    const dm_status status = made ? dm_account_retrieve(client, NULL, &account, NULL) : DM_OK;
    dm_client_free(client);
    _exit((int)status);
}

static bool await_child(pid_t child, int *status)
{
    for (int waited_ms = 0; waited_ms < IN_TIME_MS; waited_ms += 20) {
        if (waitpid(child, status, WNOHANG) == child)
            return true;
        sleep_ms(20);
    }
    return false;
}

static void a_call_with_an_encrypted_key_does_not_ask_for_a_pass_phrase(void **state)
{
    int silent[2];
    int status = 0;
    (void)state;

    assert_int_equal(pipe2(silent, O_CLOEXEC), 0);
    const pid_t child = fork();
    if (child == 0)
        use_a_locked_key(silent[0]);
    assert_true(child > 0);
    const bool ended = await_child(child, &status);
    if (!ended) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    close(silent[0]);
    close(silent[1]);
    if (!ended)
        fail_msg("the call hangs, probably because it asks for the key's pass phrase");
    assert_true(WIFEXITED(status));
    assert_status((dm_status)WEXITSTATUS(status), DM_ERR_TLS, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_certificate_is_shown),
        cmocka_unit_test(a_missing_client_certificate_is_rejected_by_a_page),
        cmocka_unit_test(a_missing_client_certificate_is_final_with_tls_1_2),
        cmocka_unit_test(a_missing_client_certificate_is_final_with_tls_1_3),
        cmocka_unit_test(an_unknown_client_certificate_is_final_with_tls_1_2),
        cmocka_unit_test(an_unknown_client_certificate_is_final_with_tls_1_3),
        cmocka_unit_test(a_known_client_certificate_is_not_refused_by_an_alert),
        cmocka_unit_test(a_client_certificate_must_be_readable),
        cmocka_unit_test(a_call_with_an_encrypted_key_does_not_ask_for_a_pass_phrase),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
