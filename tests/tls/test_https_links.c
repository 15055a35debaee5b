/* Page links and redirects over HTTPS, with real servers. */
#include <deepomatic.h>

#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "scene.h"
#include "servers.h"
#include "test.h"
#include "tls_test.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Page links: behind a TLS terminator they begin with http:// ---- */

enum { SPECS = 5 }; /* the pages have two each */

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

/* Reads all pages with both functions, and returns the number of specifications. */
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
    assert_no_words(seen, "- - "); /* all requests use TLS */
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

/* A misconfigured TLS terminator: the links name the server behind it. Only the query of a link is used. */
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

/* Only the first request is sent to the other host name of the same server. */
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

static void endless_redirects_are_refused(void **state)
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
        cmocka_unit_test(page_links_are_followed_on_the_clients_own_origin),
        cmocka_unit_test(page_links_to_the_back_end_lead_to_the_terminator),
        cmocka_unit_test(a_redirect_to_the_same_origin_is_followed),
        cmocka_unit_test(a_redirect_to_another_origin_is_refused),
        cmocka_unit_test(a_redirect_is_not_followed_without_verification_either),
        cmocka_unit_test(endless_redirects_are_refused),
        cmocka_unit_test(only_a_get_is_redirected),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
