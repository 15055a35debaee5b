/* Which authorities a client trusts. Besides the given file, libcurl also reads the system's folder of certificates, to
 * which a test cannot add an authority. So the test checks libcurl's options, with the linker's --wrap. */
#include <deepomatic.h>

#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <string.h>

#undef curl_easy_setopt

/* The last value of each option. */
struct trust {
    const char *file;
    const char *folder;
};

static const char untouched[] = "the system's";
static struct trust of_server;
static struct trust of_proxy;

static void note(CURLoption option, const char *value)
{
    if (option == CURLOPT_CAINFO)
        of_server.file = value;
    if (option == CURLOPT_CAPATH)
        of_server.folder = value;
    if (option == CURLOPT_PROXY_CAINFO)
        of_proxy.file = value;
    if (option == CURLOPT_PROXY_CAPATH)
        of_proxy.folder = value;
}

/* The linker defines these names. NOLINTBEGIN(bugprone-reserved-identifier) */
CURLcode __real_curl_easy_setopt(CURL *easy, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...);

/* The number of an option implies its type. */
static CURLcode pass_option(CURL *easy, CURLoption option, va_list value)
{
    if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
        return __real_curl_easy_setopt(easy, option, va_arg(value, curl_off_t));
    if (option < CURLOPTTYPE_OBJECTPOINT)
        return __real_curl_easy_setopt(easy, option, va_arg(value, long));
    void *pointer = va_arg(value, void *);
    note(option, pointer);
    return __real_curl_easy_setopt(easy, option, pointer);
}

CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    va_list value;

    va_start(value, option);
    const CURLcode code = pass_option(easy, option, value);
    va_end(value);
    return code;
}

/* NOLINTEND(bugprone-reserved-identifier) */

static void call_with(const char *ca_file)
{
    const dm_client_options options = {.ca_file = ca_file, .max_attempts = 1};
    struct scene scene;

    of_server = of_proxy = (struct trust){untouched, untouched};
    scene_init(&scene);
    scene_start_at(&scene, "https://127.0.0.1:1", &options);
    assert_int_not_equal(scene_get(&scene, NULL), DM_OK);
    scene_end(&scene);
}

static void with_a_ca_file_only_its_authorities_are_trusted(void **state)
{
    (void)state;
    libcurl_needs_tls();
    call_with("/dev/null");
    assert_non_null(of_server.file);
    assert_non_null(of_proxy.file);
    assert_null(of_server.folder);
    assert_null(of_proxy.folder);
}

static void without_a_ca_file_the_systems_authorities_are_trusted(void **state)
{
    (void)state;
    libcurl_needs_tls();
    call_with(NULL);
    assert_ptr_equal(of_server.file, untouched);
    assert_ptr_equal(of_server.folder, untouched);
    assert_ptr_equal(of_proxy.file, untouched);
    assert_ptr_equal(of_proxy.folder, untouched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_ca_file_only_its_authorities_are_trusted),
        cmocka_unit_test(without_a_ca_file_the_systems_authorities_are_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
