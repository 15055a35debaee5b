/* Simulates other versions and builds of libcurl than the installed one, with the linker's --wrap. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef curl_easy_setopt
#undef curl_multi_setopt

enum { EASY_QUICK_EXIT = 322, MULTI_QUICK_EXIT = 21 }; /* libcurl's option numbers never change */

/* The simulated libcurl. */
struct other_libcurl {
    const char *version; /* NULL: the real one */
    unsigned version_number;
    const char *tls;
    int missing_features; /* of CURL_VERSION_... */
    bool knows_proxies;
    bool knows_folders; /* of certificates */
    bool knows_quick_exit;
    int result; /* of every transfer; 0: the real one */
    const char *words;
};

static struct other_libcurl other;

/* The options that the library has set. */
static int easy_quick_exits;
static int multi_quick_exits;
static int passwords;
static long fresh_connections;
static char *error_words;

static bool is_of_proxies(CURLoption option)
{
    return option == CURLOPT_PROXY || option == CURLOPT_NOPROXY || option == CURLOPT_SUPPRESS_CONNECT_HEADERS ||
           option == CURLOPT_PROXY_SSLVERSION || option == CURLOPT_PROXY_CAINFO || option == CURLOPT_PROXY_CAPATH;
}

static bool is_of_tls(CURLoption option)
{
    return option == CURLOPT_SSLVERSION || option == CURLOPT_SSL_VERIFYPEER || option == CURLOPT_SSL_VERIFYHOST ||
           option == CURLOPT_CAINFO || option == CURLOPT_CAPATH || option == CURLOPT_SSLCERT ||
           option == CURLOPT_SSLKEY || option == CURLOPT_KEYPASSWD;
}

static bool is_unknown(CURLoption option)
{
    return (is_of_proxies(option) && !other.knows_proxies) ||
           (is_of_tls(option) && (other.missing_features & CURL_VERSION_SSL) != 0) ||
           (option == CURLOPT_CAPATH && !other.knows_folders) ||
           ((int)option == EASY_QUICK_EXIT && !other.knows_quick_exit);
}

static void note(CURLoption option)
{
    easy_quick_exits += (int)option == EASY_QUICK_EXIT;
    passwords += option == CURLOPT_KEYPASSWD;
}

/* The linker defines these names. NOLINTBEGIN(bugprone-reserved-identifier) */
CURLcode __real_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLMcode __real_curl_multi_setopt(CURLM *multi, CURLMoption option, ...);
CURLMcode __wrap_curl_multi_setopt(CURLM *multi, CURLMoption option, ...);
CURLMsg *__real_curl_multi_info_read(CURLM *multi, int *left);
CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left);
curl_version_info_data *__real_curl_version_info(CURLversion age);
curl_version_info_data *__wrap_curl_version_info(CURLversion age);

/* The number of an option implies its type. */
static CURLcode pass_option(CURL *easy, CURLoption option, va_list value)
{
    if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
        return __real_curl_easy_setopt(easy, option, va_arg(value, curl_off_t));
    if (option < CURLOPTTYPE_OBJECTPOINT) {
        const long number = va_arg(value, long);
        fresh_connections += option == CURLOPT_FRESH_CONNECT ? number : 0;
        return __real_curl_easy_setopt(easy, option, number);
    }
    void *pointer = va_arg(value, void *);
    if (option == CURLOPT_ERRORBUFFER)
        error_words = pointer;
    return __real_curl_easy_setopt(easy, option, pointer);
}

CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    va_list value;

    note(option);
    if (is_unknown(option))
        return CURLE_UNKNOWN_OPTION;
    va_start(value, option);
    const CURLcode code = pass_option(easy, option, value);
    va_end(value);
    return code;
}

CURLMcode __wrap_curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
    va_list value;

    multi_quick_exits += (int)option == MULTI_QUICK_EXIT;
    if ((int)option == MULTI_QUICK_EXIT)
        return other.knows_quick_exit ? CURLM_OK : CURLM_UNKNOWN_OPTION;
    va_start(value, option);
    const CURLMcode code = __real_curl_multi_setopt(multi, option, va_arg(value, long));
    va_end(value);
    return code;
}

CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left)
{
    CURLMsg *message = __real_curl_multi_info_read(multi, left);
    if (message != NULL && other.result != 0) {
        message->data.result = (CURLcode)other.result;
        snprintf(error_words, CURL_ERROR_SIZE, "%s", other.words);
    }
    return message;
}

curl_version_info_data *__wrap_curl_version_info(CURLversion age)
{
    static curl_version_info_data told;
    told = *__real_curl_version_info(age);
    if (other.version != NULL) {
        told.version = other.version;
        told.version_num = other.version_number;
    }
    if (other.tls != NULL)
        told.ssl_version = *other.tls != '\0' ? other.tls : NULL;
    told.features = (told.features | CURL_VERSION_ASYNCHDNS) & ~other.missing_features;
    return &told;
}

/* NOLINTEND(bugprone-reserved-identifier) */

static int set_up(void **state)
{
    (void)state;
    other = (struct other_libcurl){.knows_proxies = true, .knows_folders = true, .knows_quick_exit = true};
    easy_quick_exits = multi_quick_exits = passwords = 0;
    fresh_connections = 0;
    return 0;
}

static void begin(struct scene *scene, const dm_client_options *options)
{
    scene_init(scene);
    scene_reply(scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(scene, options);
}

/* ---- The version ---- */

static void an_older_libcurl_than_the_headers_is_named(void **state)
{
    const dm_client_options options = {.api_key = SCENE_KEY};
    dm_client *client = NULL;
    dm_error error;
    (void)state;

    other.version = "7.75.0";
    other.version_number = 0x074b00;
    assert_status(dm_client_new(&options, &client, &error), DM_ERR_SYSTEM, &error);
    assert_null(client);
    assert_non_null(strstr(error.message, "libcurl 7.75.0 is loaded"));
    assert_non_null(strstr(error.message, "built for " LIBCURL_VERSION));
}

static void a_newer_libcurl_and_an_older_patch_release_are_accepted(void **state)
{
    static const unsigned numbers[] = {LIBCURL_VERSION_NUM + 0x0100, LIBCURL_VERSION_NUM & 0xffff00, 0x090000};
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        struct scene scene;
        other.version = "another";
        other.version_number = numbers[i];
        begin(&scene, NULL);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        scene_end(&scene);
    }
}

/* ---- What is not built in ---- */

static void a_libcurl_without_proxies_works_when_no_proxy_is_set(void **state)
{
    const dm_client_options options[] = {{0},
                                         {.proxy = ""},
                                         {.no_proxy = "*"},
                                         {.ca_file = "/dev/null"}}; /* which the test's http:// address does not need */
    (void)state;
    other.knows_proxies = false;
    for (size_t i = 0; i < COUNT(options); i++) {
        struct scene scene;
        begin(&scene, &options[i]);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        scene_end(&scene);
    }
}

static void a_proxy_that_libcurl_cannot_use_is_refused_at_once(void **state)
{
    const dm_client_options options = {.api_key = SCENE_KEY, .proxy = "http://joe:s3cret@127.0.0.1:1"};
    dm_client *client = NULL;
    dm_error error;
    (void)state;
    libcurl_needs_tls();

    other.knows_proxies = false;
    assert_status(dm_client_new(&options, &client, &error), DM_ERR_SYSTEM, &error);
    assert_null(client);
    assert_string_equal(error.message, "options.proxy: libcurl is built without proxy support");
}

static void quick_exit_is_set_and_may_be_unknown_to_libcurl(void **state)
{
    (void)state;
    for (int known = 0; known < 2; known++) {
        struct scene scene;
        set_up(NULL);
        other.knows_quick_exit = known == 1;
        begin(&scene, NULL);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(easy_quick_exits, 1);
        assert_int_equal(multi_quick_exits, 1);
        scene_end(&scene);
    }
}

/* It cannot be avoided; each client logs one warning. */
static void blocking_name_look_ups_cause_a_warning(void **state)
{
    static const int missing[] = {0, CURL_VERSION_ASYNCHDNS};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct scene scene;
        other.missing_features = missing[i];
        begin(&scene, NULL);
        assert_int_equal(scene.log_count[DM_LOG_WARNING], i);
        assert_int_equal(strstr(scene.log, "without an asynchronous resolver") != NULL, i);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene.log_count[DM_LOG_WARNING], i);
        scene_end(&scene);
    }
}

/* ---- TLS ---- */

static void without_tls_a_plain_address_works(void **state)
{
    const dm_client_options options = {.ca_file = "/dev/null"};
    struct scene scene;
    (void)state;
    other.missing_features = CURL_VERSION_SSL;
    begin(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void without_tls_a_secure_address_is_refused_at_once(void **state)
{
    static const char *const addresses[] = {NULL, "https://127.0.0.1:1"};
    (void)state;
    other.missing_features = CURL_VERSION_SSL;
    for (size_t i = 0; i < COUNT(addresses); i++) {
        const dm_client_options options = {.api_key = SCENE_KEY, .api_url = addresses[i]};
        dm_client *client = NULL;
        dm_error error;
        assert_status(dm_client_new(&options, &client, &error), DM_ERR_SYSTEM, &error);
        assert_null(client);
        assert_non_null(strstr(error.message, "the API's address is https://"));
        assert_non_null(strstr(error.message, "libcurl is built without TLS"));
    }
}

/* As with wolfSSL: if a folder of certificates cannot be set, it need not be unset. */
static void a_libcurl_without_ca_folders_accepts_a_ca_file(void **state)
{
    static const char no_certificates[] = "/dev/null";
    const dm_client_options options = {.ca_file = no_certificates, .max_attempts = 1};
    struct scene scene;
    (void)state;
    libcurl_needs_tls();
    other.knows_folders = false;
    scene_init(&scene);
    scene_start_at(&scene, "https://127.0.0.1:1", &options);
    assert_status(scene_get(&scene, NULL), DM_ERR_NETWORK, &scene.error); /* no server listens there */
    scene_end(&scene);
}

/* With OpenSSL it keeps the terminal from being asked; GnuTLS refuses every key for it. */
static void a_client_key_gets_an_empty_password_except_with_gnutls(void **state)
{
    static const struct {
        const char *tls;
        int passwords;
    } cases[] = {{"OpenSSL/3.0.9", 1},
                 {"GnuTLS/3.7.9", 0},
                 {"OpenSSL/3.0.9 (GnuTLS/3.7.9)", 1},
                 {"(OpenSSL/3.0.9) GnuTLS/3.7.9", 0},
                 {"", 1}};
    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const dm_client_options options = {.client_certificate = "/dev/null", .client_key = "/dev/null"};
        struct scene scene;
        passwords = 0;
        other.tls = cases[i].tls;
        begin(&scene, &options);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(passwords, cases[i].passwords);
        scene_end(&scene);
    }
}

/* ---- Connections ---- */

/* Some versions of libcurl treat the unexpected bytes as the next reply, and others do not. The library must not depend
 * on it. */
static void after_unexpected_bytes_a_fresh_connection_is_requested(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT)->unasked =
        "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    for (int i = 0; i < 2; i++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(fresh_connections, 0);
    assert_true(fault_server_await_played(scene.server, 2, LONG_MS));
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(fresh_connections, 1);
    scene_end(&scene);
}

/* ---- How a transfer ends ---- */

static void libcurls_results_mean_the_same_in_every_version(void **state)
{
    static const struct {
        int result;
        const char *words;
        dm_status status;
        bool is_final;
    } cases[] = {
        {100, "Too large response headers: 307203 > 307200", DM_ERR_TOO_LARGE, true},
        {100, "", DM_ERR_TOO_LARGE, true},
        {43, "unable to set private key file: 'client.key' type PEM", DM_ERR_TLS, true},
        {98, "SSL peer certificate required", DM_ERR_TLS, true},
        {35, "gnutls_handshake() failed: Certificate is bad", DM_ERR_TLS, true},
        {35, "gnutls_handshake() failed: CA is unknown", DM_ERR_TLS, true},
        {35, "gnutls_handshake() failed: Handshake failed", DM_ERR_TLS, true},
        {35, "GnuTLS, handshake failed: Unknown certificate", DM_ERR_TLS, true},
        {35, "error reading X.509 key file: Base64 decoding error.", DM_ERR_TLS, true},
        {56, "GnuTLS recv error (-12): A TLS fatal alert has been received.", DM_ERR_TLS, true},
        {35, "gnutls_handshake() failed: Error in the pull function.", DM_ERR_TLS, false},
        {56, "GnuTLS recv error (-110): The TLS connection was non-properly terminated.", DM_ERR_NETWORK, false},
        {56, "OpenSSL SSL_read: OpenSSL/3.5.0: error:0A00045C:SSL routines::tlsv13 alert certificate required",
         DM_ERR_TLS, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const dm_client_options options = {.max_attempts = 2};
        struct scene scene;
        scene_init(&scene);
        scene_break(&scene, FAULT_THEN_CLOSE);
        scene_start(&scene, &options);
        other.result = cases[i].result;
        other.words = cases[i].words;
        const dm_status status = i % 2 == 0 ? scene_get(&scene, NULL) : scene_submit_image(&scene, NULL);
        assert_status(status, cases[i].status, &scene.error);
        assert_non_null(strstr(scene.error.message, cases[i].words));
        assert_int_equal(scene.error.attempts, cases[i].is_final ? 1 : 2);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_older_libcurl_than_the_headers_is_named, set_up),
        cmocka_unit_test_setup(a_newer_libcurl_and_an_older_patch_release_are_accepted, set_up),
        cmocka_unit_test_setup(a_libcurl_without_proxies_works_when_no_proxy_is_set, set_up),
        cmocka_unit_test_setup(a_proxy_that_libcurl_cannot_use_is_refused_at_once, set_up),
        cmocka_unit_test_setup(quick_exit_is_set_and_may_be_unknown_to_libcurl, set_up),
        cmocka_unit_test_setup(blocking_name_look_ups_cause_a_warning, set_up),
        cmocka_unit_test_setup(without_tls_a_plain_address_works, set_up),
        cmocka_unit_test_setup(without_tls_a_secure_address_is_refused_at_once, set_up),
        cmocka_unit_test_setup(a_libcurl_without_ca_folders_accepts_a_ca_file, set_up),
        cmocka_unit_test_setup(a_client_key_gets_an_empty_password_except_with_gnutls, set_up),
        cmocka_unit_test_setup(after_unexpected_bytes_a_fresh_connection_is_requested, set_up),
        cmocka_unit_test_setup(libcurls_results_mean_the_same_in_every_version, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
