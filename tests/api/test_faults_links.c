/* Lists whose page links are unusual, like those that gateways write, or whose items cannot be read. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "field_test.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* ---- One unusual item of a list ---- */

static dm_spec_iter *new_iter(const struct scene *scene)
{
    dm_spec_iter *iter = NULL;
    assert_status(dm_spec_iter_new(scene->client, DM_VISIBILITY_PRIVATE, NULL, &iter, NULL), DM_OK, NULL);
    return iter;
}

static void expect_spec(struct scene *scene, dm_spec_iter *iter, int64_t id)
{
    const dm_spec *spec = NULL;
    assert_status(scene_check(scene, dm_spec_iter_next(iter, NULL, &spec, &scene->error)), DM_OK, &scene->error);
    assert_int_equal(spec->id.private_id, id);
}

static void expect_no_spec(struct scene *scene, dm_spec_iter *iter, dm_status expected)
{
    const dm_spec *spec = NULL;
    assert_status(scene_check(scene, dm_spec_iter_next(iter, NULL, &spec, &scene->error)), expected, &scene->error);
    assert_null(spec);
}

static void an_iteration_continues_after_an_item_that_cannot_be_read(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, LAST_PAGE(SPEC("1") ",{\"id\":2,\"name\":{\"en\":\"s\"},\"metadata\":{}}," SPEC("3")));
    scene_start(&scene, NULL);
    dm_spec_iter *iter = new_iter(&scene);
    expect_spec(&scene, iter, 1);
    expect_no_spec(&scene, iter, DM_ERR_BAD_RESPONSE);
    assert_non_null(strstr(scene.error.message, "results[1].name"));
    expect_spec(&scene, iter, 3);
    expect_no_spec(&scene, iter, DM_DONE);
    assert_int_equal(scene_requests(&scene), 1);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

static void expect_version(struct scene *scene, dm_version_iter *iter, dm_status expected, int64_t id)
{
    const dm_version *version = NULL;
    assert_status(scene_check(scene, dm_version_iter_next(iter, NULL, &version, &scene->error)), expected,
                  &scene->error);
    assert_int_equal(version != NULL ? version->id : 0, id);
}

static void an_iteration_over_versions_continues_after_an_item_that_cannot_be_read(void **state)
{
    dm_version_iter *iter = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, LAST_PAGE("{\"id\":1,\"spec_id\":\"x\",\"network_id\":7},null," VERSION("3")));
    scene_start(&scene, NULL);
    assert_status(dm_version_iter_new(scene.client, NULL, NULL, &iter, NULL), DM_OK, NULL);
    expect_version(&scene, iter, DM_ERR_BAD_RESPONSE, 0);
    assert_non_null(strstr(scene.error.message, "results[0].spec_id"));
    expect_version(&scene, iter, DM_ERR_BAD_RESPONSE, 0);
    assert_non_null(strstr(scene.error.message, "results[1]"));
    expect_version(&scene, iter, DM_OK, 3);
    expect_version(&scene, iter, DM_DONE, 0);
    assert_int_equal(scene_requests(&scene), 1);
    dm_version_iter_free(iter);
    scene_end(&scene);
}

static void a_step_counts_the_attempts_of_all_its_pages(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, PAGE("\"/v0.7/recognition/specs?offset=1\"", ""));
    GOOD(&scene, PAGE("\"/v0.7/recognition/specs?offset=2\"", ""));
    GOOD(&scene, PAGE("\"/v0.7/recognition/specs?offset=3\"", ""));
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    dm_spec_iter *iter = new_iter(&scene);
    expect_no_spec(&scene, iter, DM_ERR_NOT_FOUND);
    assert_int_equal(scene.error.attempts, 4);
    assert_int_equal(scene_requests(&scene), 4);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

/* ---- Page links ---- */

/* A link that a gateway may have changed, and the request that must be sent next. */
struct page_link {
    const char *link;
    const char *query;
};

static const struct page_link page_links[] = {
    {"http://internal.example:8000/v0.7/recognition/specs?offset=1&limit=1", "?offset=1&limit=1"},
    {"http://internal.example/backend/api/v0.7/recognition/specs?limit=1&offset=1", "?limit=1&offset=1"},
    {"/v0.7/recognition/specs?offset=1", "?offset=1"},
    {"/elsewhere/v0.7/recognition/specs/?offset=1&limit=1", "?offset=1&limit=1"},
    {"?offset=1", "?offset=1"},
};

/* A client whose address has a path prefix, as for a gateway. */
static void start_behind_prefix(struct scene *scene)
{
    char url[128];

    scene->server = fault_server_start(scene->steps, scene->step_count);
    assert_non_null(scene->server);
    snprintf(url, sizeof url, "%s/prefix", fault_server_url(scene->server));
    scene_start_at(scene, url, NULL);
}

static void add_two_pages(struct scene *scene, const char *link)
{
    char first[512];
    snprintf(first, sizeof first, PAGE("\"%s\"", SPEC("1")), link);
    GOOD(scene, first);
    GOOD(scene, LAST_PAGE(SPEC("2")));
}

static void check_second_request(const struct scene *scene, const char *path, const char *query)
{
    char target[256];
    snprintf(target, sizeof target, "/prefix%s%s", path, query);
    assert_int_equal(scene_requests(scene), 2);
    assert_string_equal(scene_request(scene, 1)->target, target);
}

static void an_iteration_requests_the_next_page_on_its_own_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(page_links); i++) {
        struct scene scene;

        scene_init(&scene);
        add_two_pages(&scene, page_links[i].link);
        start_behind_prefix(&scene);
        dm_spec_iter *iter = new_iter(&scene);
        expect_spec(&scene, iter, 1);
        expect_spec(&scene, iter, 2);
        expect_no_spec(&scene, iter, DM_DONE);
        check_second_request(&scene, "/v0.7/recognition/specs", page_links[i].query);
        dm_spec_iter_free(iter);
        scene_end(&scene);
    }
}

static void the_next_page_is_requested_on_the_path_of_the_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(page_links); i++) {
        dm_spec_page *page = NULL;
        dm_spec_page *next = NULL;
        struct scene scene;

        scene_init(&scene);
        add_two_pages(&scene, page_links[i].link);
        start_behind_prefix(&scene);
        dm_status status = dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        status = dm_spec_page_next(scene.client, page, NULL, &next, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        assert_int_equal(next->results[0].id.private_id, 2);
        check_second_request(&scene, "/v0.7/recognition/specs", page_links[i].query);
        dm_spec_page_free(page);
        dm_spec_page_free(next);
        scene_end(&scene);
    }
}

/* The path of such a list contains a number, which the link may omit. */
static void the_next_page_of_versions_is_requested_on_the_path_of_the_first(void **state)
{
    static const struct page_link links[] = {
        {"http://internal.example/backend/v0.7/recognition/specs/42/versions?offset=1", "?offset=1"},
        {"?offset=1", "?offset=1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(links); i++) {
        dm_version_page *page = NULL;
        dm_version_page *next = NULL;
        char first[512];
        struct scene scene;

        snprintf(first, sizeof first, PAGE("\"%s\"", VERSION("1")), links[i].link);
        scene_init(&scene);
        GOOD(&scene, first);
        GOOD(&scene, LAST_PAGE(VERSION("2")));
        start_behind_prefix(&scene);
        dm_status status = dm_spec_versions(scene.client, dm_private_spec(42), NULL, NULL, &page, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        status = dm_version_page_next(scene.client, page, NULL, &next, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        assert_int_equal(next->results[0].id, 2);
        check_second_request(&scene, "/v0.7/recognition/specs/42/versions", links[i].query);
        dm_version_page_free(page);
        dm_version_page_free(next);
        scene_end(&scene);
    }
}

static void the_pages_of_tasks_are_requested_on_their_own_path(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        GOOD(&scene, PAGE("\"http://internal.example:8000/backend/tasks?page=2\"", DONE("1")));
        GOOD(&scene, LAST_PAGE(DONE("2")));
        start_behind_prefix(&scene);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        check_good(&tasks->tasks[0]);
        check_good(&tasks->tasks[1]);
        check_second_request(&scene, "/v0.7/tasks", "?page=2");
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void an_empty_link_ends_an_iteration(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, PAGE("\"\"", SPEC("1")));
    scene_start(&scene, NULL);
    dm_spec_iter *iter = new_iter(&scene);
    expect_spec(&scene, iter, 1);
    expect_no_spec(&scene, iter, DM_DONE);
    assert_int_equal(scene_requests(&scene), 1);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

static void no_page_follows_one_with_an_empty_link(void **state)
{
    dm_spec_page *page = NULL;
    dm_spec_page *next = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, PAGE("\"\"", SPEC("1")));
    scene_start(&scene, NULL);
    dm_status status = dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene.error);
    assert_status(scene_check(&scene, status), DM_OK, &scene.error);
    status = dm_spec_page_next(scene.client, page, NULL, &next, &scene.error);
    assert_status(scene_check(&scene, status), DM_DONE, &scene.error);
    assert_null(next);
    assert_int_equal(scene_requests(&scene), 1);
    dm_spec_page_free(page);
    scene_end(&scene);
}

static void an_empty_link_ends_a_list_of_tasks(void **state)
{
    static const dm_task_id ids[] = {{"1"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        GOOD(&scene, PAGE("\"\"", DONE("1")));
        scene_start(&scene, &quick);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        check_good(&tasks->tasks[0]);
        assert_int_equal(scene_requests(&scene), 1);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_iteration_continues_after_an_item_that_cannot_be_read),
        cmocka_unit_test(an_iteration_over_versions_continues_after_an_item_that_cannot_be_read),
        cmocka_unit_test(a_step_counts_the_attempts_of_all_its_pages),
        cmocka_unit_test(an_iteration_requests_the_next_page_on_its_own_path),
        cmocka_unit_test(the_next_page_is_requested_on_the_path_of_the_first),
        cmocka_unit_test(the_next_page_of_versions_is_requested_on_the_path_of_the_first),
        cmocka_unit_test(the_pages_of_tasks_are_requested_on_their_own_path),
        cmocka_unit_test(an_empty_link_ends_an_iteration),
        cmocka_unit_test(no_page_follows_one_with_an_empty_link),
        cmocka_unit_test(an_empty_link_ends_a_list_of_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
