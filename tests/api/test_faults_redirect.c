/* The API key is sent only to the API: which redirects and page links are followed, and which are not. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_REDIRECTS = 5 };

/* A server that must receive no request. */
static struct fault_server *stranger_start(void)
{
    static const struct fault_step step = {.ending = FAULT_THEN_CLOSE};
    struct fault_server *stranger = fault_server_start(&step, 1);
    assert_non_null(stranger);
    return stranger;
}

static void stranger_stop(struct fault_server *stranger)
{
    assert_int_equal(fault_server_connection_count(stranger), 0);
    assert_int_equal(fault_server_request_count(stranger), 0);
    fault_server_stop(stranger);
}

static void add_redirect(struct scene *scene, const char *http, const char *location)
{
    char header[600];
    snprintf(header, sizeof header, "Location: %s\r\n", location);
    scene_reply(scene, http, header, "");
}

static const char *port_of(const char *url)
{
    return strrchr(url, ':');
}

static dm_status infer_image(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = scene_image();
    return scene_infer(scene, &image, call);
}

/* ---- Redirects ---- */

static void a_redirect_to_another_port_is_refused_and_named(void **state)
{
    static const char *const kinds[] = {"301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect",
                                        "308 Permanent Redirect"};
    struct fault_server *stranger = stranger_start();
    char location[128];
    struct scene scene;
    (void)state;

    snprintf(location, sizeof location, "%s/v0.7/accounts/me", fault_server_url(stranger));
    scene_init(&scene);
    for (size_t i = 0; i < COUNT(kinds); i++)
        add_redirect(&scene, kinds[i], location);
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        assert_status(scene_get(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
        assert_non_null(strstr(scene.error.message, location));
        assert_int_equal(scene.error.http_status, atoi(kinds[i]));
        assert_int_equal(scene.error.attempts, 1);
    }
    scene_end(&scene);
    stranger_stop(stranger);
}

/* Redirects to the server's own port, which is not known before its start. Then the reply is written over a
 * placeholder of the same length. */
static dm_status follow_own_port(struct scene *scene, const char *format)
{
    enum { LENGTH = 512 };
    char location[256];
    char reply[LENGTH + 1];

    memset(reply, ' ', LENGTH);
    scene_init(scene);
    scene_bytes(scene, reply, LENGTH);
    scene_reply(scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(scene, NULL);
    snprintf(location, sizeof location, format, port_of(fault_server_url(scene->server)));
    const int used =
        snprintf(reply, sizeof reply, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s\r\nX-Pad:", location);
    memset(reply + used, ' ', LENGTH - (size_t)used);
    memcpy(reply + LENGTH - 4, "\r\n\r\n", 4);
    memcpy(scene->made[0], reply, LENGTH);
    return scene_get(scene, NULL);
}

static void a_redirect_to_another_host_name_or_scheme_is_refused(void **state)
{
    static const struct {
        const char *format;
        const char *named;
    } cases[] = {
        {"http://localhost%s/v0.7/accounts/me", "http://localhost:"},
        {"https://127.0.0.1%s/v0.7/accounts/me", "https://127.0.0.1:"},
        {"//elsewhere.invalid%s/v0.7/accounts/me", "elsewhere.invalid"},
        {"http://127.0.0.1%s@elsewhere.invalid/", "elsewhere.invalid"},
        {"http://127.0.0.1/no/port?%s", "http://127.0.0.1/"},
        {"ftp://127.0.0.1%s/x", "ftp://127.0.0.1:"},
        {"file:///etc/passwd?%s", "file:///etc/passwd"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;
        assert_status(follow_own_port(&scene, cases[i].format), DM_ERR_REDIRECT, &scene.error);
        assert_non_null(strstr(scene.error.message, cases[i].named));
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
    }
}

/* The user name in front of the host: the redirect is not followed, and the name is not shown, however long it is. */
static void a_user_in_a_redirect_hides_no_host_and_is_not_sent(void **state)
{
    char location[500];
    struct scene scene;
    (void)state;

    snprintf(location, sizeof location, "http://%0450d:s3cret@elsewhere.invalid/", 7);
    scene_init(&scene);
    add_redirect(&scene, "302 Found", location);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    assert_non_null(strstr(scene.error.message, "set the API's address to http://elsewhere.invalid/"));
    assert_null(strstr(scene.error.message, "s3cret"));
    scene_end(&scene);

    assert_status(follow_own_port(&scene, "http://user:s3cret@127.0.0.1%s/there"), DM_OK, &scene.error);
    assert_string_equal(scene_request(&scene, 1)->target, "/there");
    assert_null(strstr(scene_request(&scene, 1)->head, "Authorization:"));
    assert_null(strstr(scene.log, "s3cret"));
    scene_end(&scene);
}

static void a_redirect_to_the_absolute_address_of_the_own_origin_is_followed(void **state)
{
    static const char *const formats[] = {"http://127.0.0.1%s/there", "HTTP://127.0.0.1%s/there",
                                          "//127.0.0.1%s/there"};
    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct scene scene;
        assert_status(follow_own_port(&scene, formats[i]), DM_OK, &scene.error);
        assert_string_equal(scene_request(&scene, 1)->target, "/there");
        assert_non_null(strstr(scene.log, "GET /v0.7/accounts/me: HTTP 302, "));
        assert_non_null(strstr(scene.log, "GET /there: HTTP 200, "));
        scene_end(&scene);
    }
}

static void a_relative_redirect_is_followed(void **state)
{
    static const char *const locations[] = {"/elsewhere?a=b", "elsewhere", "?page=2"};
    static const char *const targets[] = {"/elsewhere?a=b", "/v0.7/accounts/elsewhere", "/v0.7/accounts/me?page=2"};
    (void)state;
    for (size_t i = 0; i < COUNT(locations); i++) {
        struct scene scene;

        scene_init(&scene);
        add_redirect(&scene, "302 Found", locations[i]);
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        scene_start(&scene, NULL);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_string_equal(scene_request(&scene, 1)->method, "GET");
        assert_string_equal(scene_request(&scene, 1)->target, targets[i]);
        assert_non_null(strstr(scene_request(&scene, 1)->head, "X-API-KEY: " SCENE_KEY "\r\n"));
        scene_end(&scene);
    }
}

/* A new home folder with a .netrc that has a password for the scene's server. Returns its path, to be freed. */
static char *move_to_home_with_password(void)
{
    static const char netrc[] = "machine 127.0.0.1 login joe password s3cret\n";
    char *home = temp_folder_new();
    assert_non_null(home);
    char *path = temp_path(home, ".netrc");
    assert_true(write_file(path, netrc, strlen(netrc)));
    free(path);
    setenv("HOME", home, 1);
    return home;
}

static void libcurl_adds_no_password_cookie_or_referer_of_its_own(void **state)
{
    static const char *const unwanted[] = {"\r\nAuthorization:", "\r\nCookie:", "\r\nReferer:"};
    const char *old_home = getenv("HOME");
    char *kept_home = old_home != NULL ? strdup(old_home) : NULL;
    char *home = move_to_home_with_password();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "302 Found", "Location: /there\r\nSet-Cookie: a=b; Path=/\r\n", "");
    scene_reply(&scene, "200 OK", "Set-Cookie: c=d; Path=/\r\n", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    for (int again = 0; again < 2; again++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < COUNT(unwanted); j++)
            assert_null(strcasestr(scene_request(&scene, i)->head, unwanted[j]));
    scene_end(&scene);
    if (kept_home == NULL)
        unsetenv("HOME");
    else
        setenv("HOME", kept_home, 1);
    free(kept_home);
    temp_folder_remove(home);
}

static void five_redirects_are_followed_and_the_sixth_is_refused(void **state)
{
    (void)state;
    for (int count = 1; count <= MAX_REDIRECTS + 1; count++) {
        const dm_client_options options = {.max_attempts = 1};
        struct scene scene;

        scene_init(&scene);
        for (int i = 0; i < count; i++)
            add_redirect(&scene, "307 Temporary Redirect", "/v0.7/accounts/me");
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        scene_start(&scene, &options);
        const bool too_many = count > MAX_REDIRECTS;
        assert_status(scene_get(&scene, NULL), too_many ? DM_ERR_REDIRECT : DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), MAX_REDIRECTS + 1 < count + 1 ? MAX_REDIRECTS + 1 : count + 1);
        if (too_many)
            assert_non_null(strstr(scene.error.message, "more than 5 times"));
        scene_end(&scene);
    }
}

static void a_transient_failure_after_a_redirect_is_retried_there(void **state)
{
    const dm_client_options options = {.max_attempts = 2};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_redirect(&scene, "302 Found", "/there");
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_string_equal(scene_request(&scene, 2)->target, "/there");
    scene_end(&scene);
}

static void only_a_get_follows_a_redirect(void **state)
{
    static dm_status (*const calls[])(struct scene *, const dm_call_options *) = {
        scene_create, scene_create_version, scene_update, scene_delete, infer_image};
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct scene scene;

        scene_init(&scene);
        add_redirect(&scene, i % 2 == 0 ? "302 Found" : "308 Permanent Redirect", "/v0.7/there");
        scene_reply(&scene, "200 OK", "", SCENE_SPEC);
        scene_start(&scene, NULL);
        assert_status(calls[i](&scene, NULL), DM_ERR_REDIRECT, &scene.error);
        assert_non_null(strstr(scene.error.message, "/v0.7/there"));
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
    }
}

/* An address of more than 64 KiB is rejected. Its message must still contain the reason. */
static void an_endless_location_is_refused_with_a_message(void **state)
{
    enum { LENGTH = 70 * 1024 };
    char *header = malloc(LENGTH + 64);
    struct scene scene;
    (void)state;

    assert_non_null(header);
    strcpy(header, "Location: /");
    memset(header + strlen("Location: /"), 'a', LENGTH);
    strcpy(header + LENGTH, "\r\n");
    scene_init(&scene);
    scene_reply(&scene, "302 Found", header, "");
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_string_not_equal(strrchr(scene.error.message, ':'), ": "); /* without the last part */
    scene_end(&scene);
    free(header);
}

/* ---- Page links ---- */

static dm_spec_page *page_with_link(struct scene *scene)
{
    dm_spec_page *page = NULL;
    assert_status(dm_spec_list(scene->client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene->error), DM_OK,
                  &scene->error);
    assert_non_null(page);
    return page;
}

static void add_page(struct scene *scene, const char *next)
{
    char body[512];
    if (next != NULL)
        snprintf(body, sizeof body, "{\"count\":2,\"next\":\"%s\",\"previous\":null,\"results\":[" SCENE_SPEC "]}",
                 next);
    else
        snprintf(body, sizeof body, "{\"count\":2,\"next\":null,\"previous\":null,\"results\":[]}");
    scene_reply(scene, "200 OK", "", body);
}

/* Retrieves the page of a link, and returns the status. */
static dm_status turn(struct scene *scene)
{
    dm_spec_page *page = page_with_link(scene);
    dm_spec_page *next = NULL;
    const dm_status status = dm_spec_page_next(scene->client, page, NULL, &next, &scene->error);
    assert_true((next != NULL) == (status == DM_OK));
    dm_spec_page_free(page);
    dm_spec_page_free(next);
    return scene_check(scene, status);
}

/* Only the query of a link is used, because a service behind a gateway may not know its own address. */
static void a_page_link_to_another_server_is_requested_from_our_own(void **state)
{
    struct fault_server *stranger = stranger_start();
    char link[128];
    struct scene scene;
    (void)state;

    snprintf(link, sizeof link, "%s/v0.7/recognition/specs?offset=1", fault_server_url(stranger));
    scene_init(&scene);
    add_page(&scene, link);
    add_page(&scene, NULL);
    scene_start(&scene, NULL);
    assert_status(turn(&scene), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    assert_string_equal(scene_request(&scene, 1)->target, "/v0.7/recognition/specs?offset=1");
    scene_end(&scene);
    stranger_stop(stranger);
}

/* The link to the second page is written when the server's port is known. The caller may change it. */
static void expect_link_followed(const char *format)
{
    char link[256];
    dm_spec_page *next = NULL;
    dm_spec_page made = {.count = 2};
    struct scene scene;

    scene_init(&scene);
    add_page(&scene, NULL);
    scene_start(&scene, NULL);
    snprintf(link, sizeof link, format, port_of(fault_server_url(scene.server)));
    made.next = link;
    assert_status(dm_spec_page_next(scene.client, &made, NULL, &next, &scene.error), DM_OK, &scene.error);
    dm_spec_page_free(next);
    assert_string_equal(scene_request(&scene, 0)->target, "/v0.7/recognition/specs?offset=1&limit=1");
    assert_non_null(strstr(scene_request(&scene, 0)->head, "X-API-KEY: " SCENE_KEY "\r\n"));
    scene_end(&scene);
}

static void a_page_link_is_followed_on_the_clients_own_origin_whatever_its_scheme(void **state)
{
    (void)state;
    expect_link_followed("http://127.0.0.1%s/v0.7/recognition/specs?offset=1&limit=1");
    expect_link_followed("https://127.0.0.1%s/v0.7/recognition/specs?offset=1&limit=1");
    expect_link_followed("https://127.0.0.1/v0.7/recognition/specs?offset=1&limit=1#%s");
    expect_link_followed("/v0.7/recognition/specs?offset=1&limit=1#%s");
}

static void a_redirect_of_a_page_link_is_handled_like_any_other(void **state)
{
    struct fault_server *stranger = stranger_start();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, "/v0.7/recognition/specs?offset=1");
    add_redirect(&scene, "302 Found", fault_server_url(stranger));
    scene_start(&scene, NULL);
    assert_status(turn(&scene), DM_ERR_REDIRECT, &scene.error);
    scene_end(&scene);
    stranger_stop(stranger);
}

static void an_iterator_stops_at_a_link_without_a_query(void **state)
{
    struct fault_server *stranger = stranger_start();
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, fault_server_url(stranger));
    scene_start(&scene, NULL);
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PRIVATE, NULL, &iter, &scene.error), DM_OK,
                  &scene.error);
    assert_status(dm_spec_iter_next(iter, NULL, &spec, &scene.error), DM_OK, &scene.error);
    for (int again = 0; again < 2; again++) {
        assert_status(scene_check(&scene, dm_spec_iter_next(iter, NULL, &spec, &scene.error)), DM_ERR_BAD_RESPONSE,
                      &scene.error);
        assert_non_null(strstr(scene.error.message, "GET http://"));
        assert_non_null(strstr(scene.error.message, "/v0.7/recognition/specs?offset=0&limit=100: the link"));
        assert_null(spec);
    }
    dm_spec_iter_free(iter);
    scene_end(&scene);
    stranger_stop(stranger);
}

static void a_task_lists_link_without_a_query_is_refused(void **state)
{
    const dm_task_id ids[] = {{"1"}, {"2"}};
    struct fault_server *stranger = stranger_start();
    dm_tasks *tasks = NULL;
    char body[256];
    struct scene scene;
    (void)state;

    snprintf(body, sizeof body, "{\"count\":2,\"next\":\"%s/\",\"previous\":null,\"results\":[]}",
             fault_server_url(stranger));
    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", body);
    scene_start(&scene, NULL);
    assert_status(scene_check(&scene, dm_task_list(scene.client, ids, 2, NULL, &tasks, &scene.error)),
                  DM_ERR_BAD_RESPONSE, &scene.error);
    assert_status(scene_check(&scene, dm_task_wait_all(scene.client, ids, 2, NULL, &tasks, &scene.error)),
                  DM_ERR_BAD_RESPONSE, &scene.error);
    assert_null(tasks);
    scene_end(&scene);
    stranger_stop(stranger);
}

/* ---- A path prefix ---- */

static void a_path_prefix_of_the_address_precedes_every_path(void **state)
{
    static const char *const suffixes[] = {"/some/prefix", "/some/prefix/", "/some/prefix//"};
    (void)state;
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        dm_spec_page *next = NULL;
        char url[128];
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        add_page(&scene, "/some/prefix/v0.7/recognition/specs?offset=1");
        add_page(&scene, NULL);
        scene.server = fault_server_start(scene.steps, scene.step_count);
        snprintf(url, sizeof url, "%s%s", fault_server_url(scene.server), suffixes[i]);
        scene_start_at(&scene, url, NULL);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        dm_spec_page *page = page_with_link(&scene);
        assert_status(dm_spec_page_next(scene.client, page, NULL, &next, &scene.error), DM_OK, &scene.error);
        dm_spec_page_free(page);
        dm_spec_page_free(next);
        assert_string_equal(scene_request(&scene, 0)->target, "/some/prefix/v0.7/accounts/me");
        assert_string_equal(scene_request(&scene, 1)->target, "/some/prefix/v0.7/recognition/specs?offset=0&limit=100");
        assert_string_equal(scene_request(&scene, 2)->target, "/some/prefix/v0.7/recognition/specs?offset=1");
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redirect_to_another_port_is_refused_and_named),
        cmocka_unit_test(a_redirect_to_another_host_name_or_scheme_is_refused),
        cmocka_unit_test(a_user_in_a_redirect_hides_no_host_and_is_not_sent),
        cmocka_unit_test(a_redirect_to_the_absolute_address_of_the_own_origin_is_followed),
        cmocka_unit_test(a_relative_redirect_is_followed),
        cmocka_unit_test(libcurl_adds_no_password_cookie_or_referer_of_its_own),
        cmocka_unit_test(five_redirects_are_followed_and_the_sixth_is_refused),
        cmocka_unit_test(a_transient_failure_after_a_redirect_is_retried_there),
        cmocka_unit_test(only_a_get_follows_a_redirect),
        cmocka_unit_test(an_endless_location_is_refused_with_a_message),
        cmocka_unit_test(a_page_link_to_another_server_is_requested_from_our_own),
        cmocka_unit_test(a_page_link_is_followed_on_the_clients_own_origin_whatever_its_scheme),
        cmocka_unit_test(a_redirect_of_a_page_link_is_handled_like_any_other),
        cmocka_unit_test(an_iterator_stops_at_a_link_without_a_query),
        cmocka_unit_test(a_task_lists_link_without_a_query_is_refused),
        cmocka_unit_test(a_path_prefix_of_the_address_precedes_every_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
