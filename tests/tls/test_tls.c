/* Certificates, versions of TLS and of HTTP, client certificates, page links and redirects, with a real server. */
#include <deepomatic.h>

#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "loopback.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IN_TIME_MS = 30 * 1000 };

/* A client that trusts our authority, unless it is told to trust another. */
static void start_at(struct scene *scene, const char *url, dm_client_options options)
{
    const struct line ca = server_file("ca.pem");

    if (options.ca_file == NULL)
        options.ca_file = ca.text;
    scene_init(scene);
    scene_start_at(scene, url, &options);
}

static void start(struct scene *scene, const char *server, dm_client_options options)
{
    start_at(scene, server_url(server).text, options);
}

static void assert_no_words(const char *text, const char *words)
{
    if (strstr(text, words) != NULL)
        fail_msg("\"%s\" is in: %s", words, text);
}

/* One call, and what the server's log says of it. */
static void assert_served(const char *server, dm_client_options options, const char *words)
{
    const size_t mark = log_mark(server);
    struct scene scene;

    start(&scene, server, options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    char *seen = log_since(server, mark, 1);
    assert_words(seen, words);
    assert_words(seen, "GET /v0.7/accounts/me ");
    assert_words(seen, "key=\"" SCENE_KEY "\"");
    free(seen);
    scene_end(&scene);
}

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

/* A TLS failure that another attempt would not mend. */
static void assert_tls_failure(const struct scene *scene, const char *cause)
{
    assert_status(scene->error.status, DM_ERR_TLS, &scene->error);
    assert_int_equal(scene->error.http_status, 0);
    assert_false(scene->error.outcome_unknown);
    assert_cause(scene->error.message, cause);
    if (scene->error.attempts != 1)
        fail_msg("%d attempts: %s", scene->error.attempts, scene->error.message);
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
    assert_int_equal(scene.log_count[DM_LOG_WARNING], 0);
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

static void a_file_of_authorities_must_be_one(void **state)
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
        assert_int_equal(scene.log_count[DM_LOG_WARNING], 1);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        scene_end(&scene);
    }
}

static void without_verification_any_certificate_will_do(void **state)
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

static void tls_1_2_and_1_3_are_spoken(void **state)
{
    (void)state;
    assert_served("tls12", (dm_client_options){0}, "TLSv1.2");
    assert_served("tls13", (dm_client_options){0}, "TLSv1.3");
    assert_served("good", (dm_client_options){0}, "TLSv1.3");
}

/* The system, as run.sh sets it up, would allow it, as the control client shows. */
static void tls_1_1_is_not_spoken(void **state)
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

/* ---- No TLS, or half of it ---- */

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

/* "https://127.0.0.1:PORT" of a server that believes to speak http. */
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

static void a_broken_handshake_is_tried_again(void **state)
{
    (void)state;
    a_broken_handshake_is_tried_again_by(FAULT_THEN_CLOSE);
    a_broken_handshake_is_tried_again_by(FAULT_THEN_RESET);
}

static void a_handshake_that_stalls_ends_with_the_connect_time(void **state)
{
    const int listener = loopback_listen(16, 0); /* the kernel accepts; nobody answers */
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

/* nginx finishes the handshake, and says it with a page. */
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

/* Others refuse it with an alert. In TLS 1.3 it comes when the client takes the handshake for done. */
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

/* That server has only pages to give. */
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

/* Whoever asks for the pass phrase of a key asks at the terminal, or on the standard input, and waits for ever. */
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

static void a_locked_key_does_not_make_the_call_ask_for_a_pass_phrase(void **state)
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
        fail_msg("the call hangs: it asks for the pass phrase of the key");
    assert_true(WIFEXITED(status));
    assert_status((dm_status)WEXITSTATUS(status), DM_ERR_TLS, NULL);
}

/* ---- Servers that offer HTTP/2, which is not used ---- */

static dm_spec *create_spec(struct scene *scene, const char *name)
{
    const dm_label label = {.id = 1, .name = "red"};
    const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    dm_spec *spec = NULL;

    assert_status(scene_check(scene, dm_spec_create(scene->client, name, &output, 1, NULL, NULL, &spec, &scene->error)),
                  DM_OK, &scene->error);
    return spec;
}

static void delete_spec(struct scene *scene, dm_spec *spec)
{
    assert_status(scene_check(scene, dm_spec_delete(scene->client, spec->id, NULL, &scene->error)), DM_OK,
                  &scene->error);
    dm_spec_free(spec);
}

static void infer_photo(struct scene *scene)
{
    const dm_input photo = dm_image_file(PHOTOS_DIR "/cat.jpg");
    dm_inference *inference = NULL;

    assert_status(scene_check(scene, dm_spec_infer(scene->client, dm_public_spec("sandbox-colors"), &photo, 1, NULL,
                                                   NULL, &inference, &scene->error)),
                  DM_OK, &scene->error);
    assert_int_equal(inference->output_count, 1);
    assert_true(inference->outputs[0].labels.predicted_count > 0);
    dm_inference_free(inference);
}

/* A bit of everything: GET, POST of JSON and of a photo, PATCH, DELETE. */
static void use_the_api(struct scene *scene)
{
    const dm_spec_changes changes = {.name = "another"};
    dm_spec *changed = NULL;
    dm_spec *spec = create_spec(scene, "one");

    assert_status(scene_check(scene, dm_spec_update(scene->client, spec->id, &changes, NULL, &changed, &scene->error)),
                  DM_OK, &scene->error);
    assert_string_equal(changed->name, "another");
    dm_spec_free(changed);
    infer_photo(scene);
    assert_status(scene_get(scene, NULL), DM_OK, &scene->error);
    delete_spec(scene, spec);
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

static void assert_all_http1(const char *server, size_t mark, size_t least)
{
    char *seen = log_since(server, mark, least);
    const char *at = seen;

    for (size_t i = 0; i < count_lines(seen); i++) {
        if (strncmp(at, "HTTP/1.1 TLSv1.", strlen("HTTP/1.1 TLSv1.")) != 0)
            fail_msg("not by HTTP/1.1: %s", at);
        at = strchr(at, '\n') + 1;
    }
    free(seen);
}

static void a_server_that_offers_http2_is_asked_by_http1(void **state)
{
    const size_t mark = log_mark("h2");
    struct scene scene;
    (void)state;

    start(&scene, "h2", (dm_client_options){0});
    use_the_api(&scene);
    scene_end(&scene);
    assert_all_http1("h2", mark, 6);
    char *seen = log_since("h2", mark, 6);
    assert_words(seen, "\"PATCH /v0.7/recognition/specs/");
    assert_words(seen, "encoding=\"gzip\"");
    free(seen);
}

static void everything_works_over_http1(void **state)
{
    struct scene scene;
    (void)state;

    start(&scene, "good", (dm_client_options){0});
    use_the_api(&scene);
    scene_end(&scene);
}

/* The server closes each connection after three requests; nothing is lost, and no create doubled. */
static void a_server_may_close_after_each_third_request(void **state)
{
    const size_t mark = log_mark("few_requests");
    struct scene scene;
    (void)state;

    start(&scene, "few_requests", (dm_client_options){.max_attempts = 1});
    for (int i = 0; i < 10; i++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    for (int i = 0; i < 3; i++)
        use_the_api(&scene);
    scene_end(&scene);
    assert_all_http1("few_requests", mark, 10 + 3 * 6);
    assert_int_equal(log_count_since("few_requests", mark, "\"POST /v0.7/recognition/specs "), 3);
}

enum { THREADS = 8, CALLS = 20, ALL_CALLS = THREADS * CALLS };

static void *call_often(void *data)
{
    dm_client *client = data;
    size_t good = 0;

    for (int i = 0; i < CALLS; i++) {
        dm_account *account = NULL;
        good += dm_account_retrieve(client, NULL, &account, NULL) == DM_OK;
        dm_account_free(account);
    }
    return good == CALLS ? NULL : data;
}

static void many_threads_use_one_client(void **state)
{
    const size_t mark = log_mark("few_requests");
    const struct line ca = server_file("ca.pem");
    const struct line url = server_url("few_requests");
    const dm_client_options options = {.api_key = SCENE_KEY, .api_url = url.text, .proxy = "", .ca_file = ca.text};
    pthread_t threads[THREADS];
    dm_client *client = NULL;
    (void)state;

    assert_status(dm_client_new(&options, &client, NULL), DM_OK, NULL);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, client), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    dm_client_free(client);
    assert_all_http1("few_requests", mark, ALL_CALLS);
}

/* ---- A gateway with a mind of its own ---- */

static void a_gateway_without_a_service_is_a_server_failure(void **state)
{
    struct scene scene;
    (void)state;

    start(&scene, "bad_gateway", (dm_client_options){.max_attempts = 3});
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_int_equal(scene.error.http_status, 502);
    assert_int_equal(scene.error.attempts, 3);
    assert_words(scene.error.message, "502");
    scene_end(&scene);
}

/* It answers, and hangs up, while the upload is on its way. */
static void an_upload_that_is_too_large_is_rejected(void **state)
{
    static const char *const servers[] = {"limits", "limits_http1"};
    const size_t size = (size_t)32 * 1024 * 1024;
    char *bytes = calloc(1, size);
    const dm_input image = dm_image_bytes(bytes, size);
    struct scene scene;
    (void)state;

    assert_non_null(bytes);
    for (size_t i = 0; i < 2; i++) {
        start(&scene, servers[i], (dm_client_options){0});
        assert_status(scene_infer(&scene, &image, NULL), DM_ERR_REJECTED, &scene.error);
        assert_int_equal(scene.error.http_status, 413);
        assert_int_equal(scene.error.attempts, 1);
        assert_words(scene.error.message, "413");
        scene_end(&scene);
    }
    free(bytes);
}

/* ---- Page links: behind a terminator they say http:// ---- */

enum { SPECS = 5 }; /* in pages of two */

static void create_specs(struct scene *scene, dm_spec *specs[SPECS])
{
    for (size_t i = 0; i < SPECS; i++)
        specs[i] = create_spec(scene, "one of many");
}

static void delete_specs(struct scene *scene, dm_spec *specs[SPECS])
{
    for (size_t i = 0; i < SPECS; i++)
        delete_spec(scene, specs[i]);
}

/* Both ways to go through pages; gives how many specifications there are. */
static size_t count_specs_by_iterator(struct scene *scene)
{
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    size_t count = 0;

    assert_status(dm_spec_iter_new(scene->client, DM_VISIBILITY_PRIVATE, NULL, &iter, &scene->error), DM_OK,
                  &scene->error);
    while (dm_spec_iter_next(iter, NULL, &spec, &scene->error) == DM_OK)
        count++;
    assert_status(scene->error.status, DM_OK, &scene->error);
    dm_spec_iter_free(iter);
    return count;
}

static size_t count_specs_by_page(struct scene *scene, const char *link_begin)
{
    dm_spec_page *page = NULL;
    size_t count = 0;

    dm_status status = dm_spec_list(scene->client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene->error);
    assert_status(scene_check(scene, status), DM_OK, &scene->error);
    assert_words(page->next, link_begin);
    while (status == DM_OK) {
        dm_spec_page *next = NULL;
        count += page->result_count;
        status = dm_spec_page_next(scene->client, page, NULL, &next, &scene->error);
        dm_spec_page_free(page);
        page = next;
    }
    assert_status(scene_check(scene, status), DM_DONE, &scene->error);
    return count;
}

static void assert_pages_are_followed(const char *server, const char *link_begin)
{
    const size_t mark = log_mark(server);
    dm_spec *specs[SPECS];
    struct scene scene;

    start(&scene, server, (dm_client_options){0});
    create_specs(&scene, specs);
    assert_int_equal(count_specs_by_page(&scene, link_begin), SPECS);
    assert_int_equal(count_specs_by_iterator(&scene), SPECS);
    delete_specs(&scene, specs);
    scene_end(&scene);
    char *seen = log_since(server, mark, 2 * SPECS + 2 * 3);
    assert_words(seen, "offset=4");
    assert_no_words(seen, "- - "); /* all of it by TLS */
    free(seen);
}

static void page_links_are_followed_on_the_clients_own_origin(void **state)
{
    char with_port[64];
    (void)state;

    snprintf(with_port, sizeof with_port, "http://localhost:%d/v0.7/recognition/specs", server_port("h2"));
    assert_pages_are_followed("h2", with_port);
    snprintf(with_port, sizeof with_port, "http://localhost:%d/v0.7/recognition/specs", server_port("good"));
    assert_pages_are_followed("good", with_port);
    assert_pages_are_followed("bare_host", "http://localhost/v0.7/recognition/specs");
}

/* A terminator that is set up carelessly: the links lead behind it. Of a link only the query counts. */
static void page_links_to_the_back_end_lead_to_the_terminator(void **state)
{
    const dm_page_options one_by_one = {.limit = 1};
    dm_spec_page *page = NULL;
    dm_spec_page *next = NULL;
    dm_spec *specs[SPECS];
    struct scene scene;
    (void)state;

    start(&scene, "back_end_host", (dm_client_options){0});
    create_specs(&scene, specs);
    const size_t mark = request_log_count(server_file("sandbox.log").text);
    assert_status(dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, &one_by_one, NULL, &page, &scene.error), DM_OK,
                  &scene.error);
    const dm_status status = dm_spec_page_next(scene.client, page, NULL, &next, &scene.error);
    assert_status(scene_check(&scene, status), DM_OK, &scene.error);
    assert_int_equal(next->result_count, 1);
    assert_int_equal(request_log_count(server_file("sandbox.log").text), mark + 2);
    dm_spec_page_free(next);
    dm_spec_page_free(page);
    delete_specs(&scene, specs);
    scene_end(&scene);
}

/* ---- Redirects ---- */

static void start_redirected(struct scene *scene, const char *where)
{
    start_at(scene, server_address("https", "localhost", "redirects", where).text, (dm_client_options){0});
}

static void a_redirect_to_the_same_origin_is_followed(void **state)
{
    static const char *const ways[] = {"/same", "/relative", "/twice", "/kept"};
    struct scene scene;
    (void)state;

    for (size_t i = 0; i < COUNT(ways); i++) {
        start_redirected(&scene, ways[i]);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        scene_end(&scene);
    }
}

/* As the witness of the other ones, another name for the same server hears only the first request. */
static void assert_no_witness(const size_t marks[3])
{
    assert_unheard("witness_https", marks[0]);
    assert_int_equal(log_count_since("witness_http", marks[1], "\n"), 0);
    assert_int_equal(control_get(server_address("http", "localhost", "witness_http", "/marker").text), CURLE_OK);
    char *seen = log_since("witness_http", marks[1], 1);
    assert_no_words(seen, SCENE_KEY);
    assert_int_equal(count_lines(seen), 1);
    free(seen);
    assert_int_equal(log_count_since("redirects", marks[2], "GET /v0.7/"), 0);
}

static void a_redirect_to_another_origin_is_refused(void **state)
{
    static const struct {
        const char *way;
        const char *scheme;
        const char *host;
        const char *server;
    } cases[] = {
        {"/other_port", "https", "localhost", "witness_https"},
        {"/other_host", "https", "127.0.0.1", "redirects"},
        {"/other_host_and_port", "https", "127.0.0.1", "witness_https"},
        {"/other_scheme", "http", "localhost", "witness_http"},
        {"/other_scheme_same_port", "http", "localhost", "redirects"},
    };
    const size_t marks[] = {log_mark("witness_https"), log_mark("witness_http"), log_settle("redirects")};
    struct scene scene;
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        start_redirected(&scene, cases[i].way);
        assert_status(scene_get(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
        assert_words(scene.error.message,
                     server_address(cases[i].scheme, cases[i].host, cases[i].server, "/v0.7").text);
        assert_int_equal(scene.error.attempts, 1);
        scene_end(&scene);
    }
    print_message("           %s\n", scene.error.message);
    assert_no_witness(marks);
}

static void a_redirect_is_not_followed_without_verification_either(void **state)
{
    const size_t mark = log_mark("witness_https");
    const struct line url = server_address("https", "localhost", "redirects", "/other_port");
    struct scene scene;
    (void)state;

    start_at(&scene, url.text, (dm_client_options){.insecure_skip_verify = true});
    assert_status(scene_get(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    scene_end(&scene);
    assert_unheard("witness_https", mark);
}

static void redirects_that_do_not_end_are_refused(void **state)
{
    const size_t mark = log_mark("redirects");
    struct scene scene;
    (void)state;

    start_redirected(&scene, "/round");
    assert_status(scene_get(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    assert_words(scene.error.message, "redirected more than 5 times");
    scene_end(&scene);
    char *seen = log_since("redirects", mark, 6);
    assert_int_equal(count_lines(seen), 6);
    free(seen);
}

static void only_a_get_is_redirected(void **state)
{
    const size_t mark = request_log_count(server_file("sandbox.log").text);
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    start_redirected(&scene, "/kept");
    assert_status(scene_create(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    assert_status(scene_update(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    assert_status(scene_delete(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_REDIRECT, &scene.error);
    scene_end(&scene);
    assert_int_equal(request_log_count(server_file("sandbox.log").text), mark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_certificate_is_accepted),
        cmocka_unit_test(a_bad_certificate_is_refused_at_once),
        cmocka_unit_test(another_authority_is_accepted_when_it_is_named),
        cmocka_unit_test(the_systems_authorities_are_the_default),
        cmocka_unit_test(a_file_of_authorities_must_be_one),
        cmocka_unit_test(without_verification_any_certificate_will_do),
        cmocka_unit_test(the_environment_switches_verification_off),
        cmocka_unit_test(the_environment_leaves_verification_on),
        cmocka_unit_test(tls_1_2_and_1_3_are_spoken),
        cmocka_unit_test(tls_1_1_is_not_spoken),
        cmocka_unit_test(a_server_without_tls_is_a_tls_failure),
        cmocka_unit_test(a_server_with_tls_refuses_plain_http),
        cmocka_unit_test(a_broken_handshake_is_tried_again),
        cmocka_unit_test(a_handshake_that_stalls_ends_with_the_connect_time),
        cmocka_unit_test(a_client_certificate_is_shown),
        cmocka_unit_test(a_missing_client_certificate_is_rejected_by_a_page),
        cmocka_unit_test(a_missing_client_certificate_is_final_with_tls_1_2),
        cmocka_unit_test(a_missing_client_certificate_is_final_with_tls_1_3),
        cmocka_unit_test(an_unknown_client_certificate_is_final_with_tls_1_2),
        cmocka_unit_test(an_unknown_client_certificate_is_final_with_tls_1_3),
        cmocka_unit_test(a_known_client_certificate_is_not_refused_by_an_alert),
        cmocka_unit_test(a_client_certificate_must_be_readable),
        cmocka_unit_test(a_locked_key_does_not_make_the_call_ask_for_a_pass_phrase),
        cmocka_unit_test(a_server_that_offers_http2_is_asked_by_http1),
        cmocka_unit_test(everything_works_over_http1),
        cmocka_unit_test(a_server_may_close_after_each_third_request),
        cmocka_unit_test(many_threads_use_one_client),
        cmocka_unit_test(a_gateway_without_a_service_is_a_server_failure),
        cmocka_unit_test(an_upload_that_is_too_large_is_rejected),
        cmocka_unit_test(page_links_are_followed_on_the_clients_own_origin),
        cmocka_unit_test(page_links_to_the_back_end_lead_to_the_terminator),
        cmocka_unit_test(a_redirect_to_the_same_origin_is_followed),
        cmocka_unit_test(a_redirect_to_another_origin_is_refused),
        cmocka_unit_test(a_redirect_is_not_followed_without_verification_either),
        cmocka_unit_test(redirects_that_do_not_end_are_refused),
        cmocka_unit_test(only_a_get_is_redirected),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
