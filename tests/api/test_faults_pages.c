/* Lists whose pages have no end, or take too long. */
#include <deepomatic.h>

#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define PAGE(next, results)                                                                                            \
    "{\"count\":9,\"next\":\"/v0.7/recognition/specs?offset=" next "\",\"previous\":null,\"results\":[" results "]}"
#define SPEC    "{\"id\":1,\"name\":\"x\",\"metadata\":{}}"
#define VERSION "{\"id\":1,\"spec_id\":42,\"network_id\":7,\"post_processings\":[]}"

static dm_status next_spec(struct scene *scene, dm_spec_iter *iter, const dm_call_options *call)
{
    const dm_spec *spec = NULL;
    return scene_check(scene, dm_spec_iter_next(iter, call, &spec, &scene->error));
}

static dm_status next_version(struct scene *scene, dm_version_iter *iter, const dm_call_options *call)
{
    const dm_version *version = NULL;
    return scene_check(scene, dm_version_iter_next(iter, call, &version, &scene->error));
}

/* Endless empty pages. Each takes some time, and links to the next one. */
static void start_slow_pages(struct scene *scene)
{
    scene_init(scene);
    scene_reply(scene, "200 OK", "", PAGE("1", ""))->drip = true;
    scene_reply(scene, "200 OK", "", PAGE("2", ""))->drip = true;
    scene_reply(scene, "200 OK", "", PAGE("3", ""))->drip = true;
    scene_reply(scene, "200 OK", "", PAGE("4", ""))->drip = true;
    scene_reply(scene, "200 OK", "", PAGE("5", ""))->drip = true;
    scene_break(scene, FAULT_THEN_STALL);
    scene_start(scene, NULL);
}

/* Each page takes less time than the call has; all of them together take more. */
static void the_time_of_a_call_is_that_of_all_its_pages(void **state)
{
    const dm_call_options call = {.timeout_ms = 500};
    dm_spec_iter *specs = NULL;
    dm_version_iter *versions = NULL;
    struct scene scene;
    (void)state;

    start_slow_pages(&scene);
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PRIVATE, NULL, &specs, NULL), DM_OK, NULL);
    assert_status(next_spec(&scene, specs, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_true(scene_requests(&scene) < 5);
    dm_spec_iter_free(specs);
    scene_end(&scene);

    start_slow_pages(&scene);
    assert_status(dm_version_iter_new(scene.client, NULL, NULL, &versions, NULL), DM_OK, NULL);
    assert_status(next_version(&scene, versions, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_true(scene_requests(&scene) < 5);
    dm_version_iter_free(versions);
    scene_end(&scene);
}

static void a_page_that_leads_to_itself_is_refused(void **state)
{
    dm_spec_iter *specs = NULL;
    dm_version_iter *versions = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", PAGE("1", SPEC));
    scene_reply(&scene, "200 OK", "", PAGE("1", SPEC));
    scene_reply(&scene, "200 OK", "", PAGE("1", VERSION));
    scene_start(&scene, NULL);
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PRIVATE, NULL, &specs, NULL), DM_OK, NULL);
    assert_status(next_spec(&scene, specs, NULL), DM_OK, NULL);
    assert_status(next_spec(&scene, specs, NULL), DM_ERR_BAD_RESPONSE, NULL);
    assert_non_null(strstr(scene.error.message, "its pages form a cycle"));
    assert_non_null(strstr(scene.error.message, "GET http://"));
    assert_non_null(strstr(scene.error.message, "/v0.7/recognition/specs?offset=1: "));
    dm_spec_iter_free(specs);

    assert_status(dm_version_iter_new(scene.client, NULL, NULL, &versions, NULL), DM_OK, NULL);
    assert_status(next_version(&scene, versions, NULL), DM_OK, NULL);
    assert_status(next_version(&scene, versions, NULL), DM_ERR_BAD_RESPONSE, NULL);
    assert_non_null(strstr(scene.error.message, "its pages form a cycle"));
    dm_version_iter_free(versions);
    scene_end(&scene);
}

/* A link may contain anything, even the key. */
static void pages_that_form_a_cycle_are_refused(void **state)
{
    enum { PAGES = 3, MAX_ITEMS = 4 * PAGES };
    dm_spec_iter *specs = NULL;
    dm_status status = DM_OK;
    int items = -1;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (int i = 0; i < 10; i++) {
        scene_reply(&scene, "200 OK", "", PAGE("1&k=" SCENE_KEY, SPEC));
        scene_reply(&scene, "200 OK", "", PAGE("2", SPEC));
        scene_reply(&scene, "200 OK", "", PAGE("3", SPEC));
    }
    scene_start(&scene, NULL);
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PRIVATE, NULL, &specs, NULL), DM_OK, NULL);
    for (; status == DM_OK && items < MAX_ITEMS; items++)
        status = next_spec(&scene, specs, NULL);
    assert_status(status, DM_ERR_BAD_RESPONSE, NULL);
    assert_non_null(strstr(scene.error.message, "its pages form a cycle"));
    assert_true(items >= PAGES);
    dm_spec_iter_free(specs);
    scene_end(&scene);
}

/* Adds a page whose link leads to the page with this number; 0: it is the last one. */
static void add_page_before(struct scene *scene, int next)
{
    char body[256];
    char link[64] = "null";
    if (next > 0)
        snprintf(link, sizeof link, "\"/v0.7/recognition/specs?offset=%d\"", next);
    snprintf(body, sizeof body, "{\"count\":1,\"next\":%s,\"previous\":null,\"results\":[{\"id\":1,\"name\":\"a\"}]}",
             link);
    scene_reply(scene, "200 OK", "", body);
}

static dm_status iterate_to_the_end(struct scene *scene, int *items)
{
    dm_spec_iter *specs = NULL;
    dm_status status = DM_OK;

    assert_status(dm_spec_iter_new(scene->client, DM_VISIBILITY_PRIVATE, NULL, &specs, NULL), DM_OK, NULL);
    for (*items = -1; status == DM_OK; ++*items)
        status = next_spec(scene, specs, NULL);
    dm_spec_iter_free(specs);
    return status;
}

static void a_cycle_after_other_pages_is_detected(void **state)
{
    int items = 0;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page_before(&scene, 1);
    add_page_before(&scene, 2);
    for (int i = 0; i < 30; i++)
        add_page_before(&scene, 3 + i % 3);
    scene_start(&scene, NULL);
    assert_status(iterate_to_the_end(&scene, &items), DM_ERR_BAD_RESPONSE, NULL);
    assert_non_null(strstr(scene.error.message, "its pages form a cycle"));
    assert_in_range(items, 4, 16);
    scene_end(&scene);
}

static void a_long_list_that_ends_is_not_a_cycle(void **state)
{
    enum { PAGES = 40 };
    int items = 0;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (int i = 1; i <= PAGES; i++)
        add_page_before(&scene, i < PAGES ? i : 0);
    scene_start(&scene, NULL);
    assert_status(iterate_to_the_end(&scene, &items), DM_DONE, NULL);
    assert_int_equal(items, PAGES);
    scene_end(&scene);
}

/* The link is relative to the origin, not to the base address. */
static void a_page_that_fails_is_named_by_its_own_address(void **state)
{
    dm_spec_iter *specs = NULL;
    char address[256];
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", PAGE("1", SPEC));
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    snprintf(address, sizeof address, "GET %s/v0.7/recognition/specs?offset=1: HTTP 404",
             fault_server_url(scene.server));
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PRIVATE, NULL, &specs, NULL), DM_OK, NULL);
    assert_status(next_spec(&scene, specs, NULL), DM_OK, NULL);
    assert_status(next_spec(&scene, specs, NULL), DM_ERR_NOT_FOUND, NULL);
    assert_non_null(strstr(scene.error.message, address));
    dm_spec_iter_free(specs);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_of_a_call_is_that_of_all_its_pages),
        cmocka_unit_test(a_page_that_leads_to_itself_is_refused),
        cmocka_unit_test(pages_that_form_a_cycle_are_refused),
        cmocka_unit_test(a_cycle_after_other_pages_is_detected),
        cmocka_unit_test(a_long_list_that_ends_is_not_a_cycle),
        cmocka_unit_test(a_page_that_fails_is_named_by_its_own_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
