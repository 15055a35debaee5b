/* Page links in all forms that a service behind a gateway may write. Only their offset and limit are used: the next
 * page is requested with the path of the call, and the API key is sent to no other server. */
#include <deepomatic.h>

#include "api_test.h"
#include "fault_server.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* A list of two pages with one item each. */
enum { MAX_PAGE = 1024 };

struct list {
    const char *path; /* after the address of the API */
    const char *item;
    size_t (*count)(struct scene *scene); /* counts the items with an iterator */
};

static size_t count_specs(struct scene *scene)
{
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    size_t count = 0;

    assert_int_equal(dm_spec_iter_new(scene->client, DM_VISIBILITY_PRIVATE, NULL, &iter, &scene->error), DM_OK);
    while (count < 10 && dm_spec_iter_next(iter, NULL, &spec, &scene->error) == DM_OK)
        count++;
    dm_spec_iter_free(iter);
    return count;
}

static size_t count_specs_by_page(struct scene *scene)
{
    dm_spec_page *page = NULL;
    size_t count = 0;

    dm_status status = dm_spec_list(scene->client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene->error);
    while (status == DM_OK && count < 10) {
        dm_spec_page *next = NULL;
        count += page->result_count;
        status = dm_spec_page_next(scene->client, page, NULL, &next, &scene->error);
        dm_spec_page_free(page);
        page = next;
    }
    dm_spec_page_free(page);
    return count;
}

static size_t count_versions_of(struct scene *scene, const dm_spec_id *spec)
{
    dm_version_iter *iter = NULL;
    const dm_version *version = NULL;
    size_t count = 0;

    assert_int_equal(dm_version_iter_new(scene->client, spec, NULL, &iter, &scene->error), DM_OK);
    while (count < 10 && dm_version_iter_next(iter, NULL, &version, &scene->error) == DM_OK)
        count++;
    dm_version_iter_free(iter);
    return count;
}

static size_t count_versions(struct scene *scene)
{
    return count_versions_of(scene, NULL);
}

static size_t count_spec_versions(struct scene *scene)
{
    const dm_spec_id spec = dm_private_spec(42);
    return count_versions_of(scene, &spec);
}

static const struct list lists[] = {
    {"/v0.7/recognition/specs", SCENE_SPEC, count_specs},
    {"/v0.7/recognition/specs", SCENE_SPEC, count_specs_by_page},
    {"/v0.7/recognition/versions", SCENE_VERSION, count_versions},
    {"/v0.7/recognition/specs/42/versions", SCENE_VERSION, count_spec_versions},
};

enum { LISTS = sizeof lists / sizeof lists[0] };

/* ---- The pages ---- */

/* `next` is JSON text: a string with its quotes, or null. */
static void add_page(struct scene *scene, const char *next, const char *item)
{
    char page[MAX_PAGE];

    snprintf(page, sizeof page, "{\"count\":2,\"next\":%s,\"previous\":null,\"results\":[%s]}", next, item);
    scene_reply(scene, "200 OK", "Content-Type: application/json\r\n", page);
}

/* The gateway adds the prefix /gateway, which the service does not know. */
static void start(struct scene *scene, const struct list *list, const char *next)
{
    char url[128];

    scene_init(scene);
    add_page(scene, next, list->item);
    add_page(scene, "null", list->item);
    scene_reply(scene, "404 Not Found", "", "");
    scene->server = fault_server_start(scene->steps, scene->step_count);
    assert_non_null(scene->server);
    snprintf(url, sizeof url, "%s/gateway", fault_server_url(scene->server));
    scene_start_at(scene, url, NULL);
}

static bool has_argument(const char *query, const char *argument)
{
    const char *found = strstr(query, argument);
    const char after = found != NULL ? found[strlen(argument)] : '?';

    return found != NULL && (found[-1] == '?' || found[-1] == '&') && (after == '\0' || after == '&');
}

/* "/gateway/v0.7/...?offset=100&limit=50", in either order. */
static bool is_second_page(const char *target, const struct list *list)
{
    char path[128];
    const char *query = strchr(target, '?');

    snprintf(path, sizeof path, "/gateway%s?", list->path);
    return query != NULL && strncmp(target, path, strlen(path)) == 0 && has_argument(query, "offset=100") &&
           has_argument(query, "limit=50");
}

static bool leads_to_second_page(const struct list *list, const char *next)
{
    struct scene scene;

    start(&scene, list, next);
    const size_t count = list->count(&scene);
    const size_t requests = scene_requests(&scene);
    const char *target = requests > 1 ? scene_request(&scene, 1)->target : "none";
    const bool good = count == 2 && requests == 2 && scene.error.status == DM_OK && is_second_page(target, list);
    if (!good)
        print_message("           %s: next %s: %zu items, %zu requests, the second one for %s; %s: %s\n", list->path,
                      next, count, requests, target, dm_status_name(scene.error.status), scene.error.message);
    scene_end(&scene);
    return good;
}

static void assert_leads_to_second_page(const char *next)
{
    size_t failed = 0;

    for (size_t i = 0; i < LISTS; i++)
        failed += !leads_to_second_page(&lists[i], next);
    if (failed > 0)
        fail_msg("%s: %zu of %d lists fail", next, failed, (int)LISTS);
}

/* ---- The links ---- */

static void a_link_without_the_gateways_prefix_leads_to_the_next_page(void **state)
{
    (void)state;
    assert_leads_to_second_page("\"/v0.7/recognition/specs?offset=100&limit=50\"");
}

static void a_link_to_the_services_internal_host_leads_to_the_next_page(void **state)
{
    (void)state;
    assert_leads_to_second_page("\"http://backend.internal.example:8000/v0.7/recognition/specs?limit=50&offset=100\"");
}

static void a_link_to_an_internal_path_leads_to_the_next_page(void **state)
{
    (void)state;
    assert_leads_to_second_page("\"https://192.0.2.3/api/internal/list/?limit=50&offset=100\"");
}

static void a_link_without_a_scheme_leads_to_the_next_page(void **state)
{
    (void)state;
    assert_leads_to_second_page("\"//backend.internal.example/v0.7/recognition/specs?offset=100&limit=50\"");
}

static void a_link_that_is_a_query_alone_leads_to_the_next_page(void **state)
{
    (void)state;
    assert_leads_to_second_page("\"?offset=100&limit=50\"");
}

static void a_link_relative_to_the_path_leads_to_the_next_page(void **state)
{
    (void)state;
    assert_leads_to_second_page("\"specs?limit=50&offset=100\"");
}

static void a_link_with_further_arguments_leads_to_the_next_page(void **state)
{
    (void)state;
    assert_leads_to_second_page("\"http://backend.internal.example/?format=json&limit=50&offset=100\"");
}

/* ---- The key ---- */

static void the_key_is_sent_to_no_other_host(void **state)
{
    static const char reply[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    const struct fault_step step = {.reply = reply, .reply_length = sizeof reply - 1};
    struct fault_server *witness = fault_server_start(&step, 1);
    char next[128];
    (void)state;

    assert_non_null(witness);
    snprintf(next, sizeof next, "\"%s/v0.7/recognition/specs?offset=100&limit=50\"", fault_server_url(witness));
    size_t failed = 0;
    for (size_t i = 0; i < LISTS; i++)
        failed += !leads_to_second_page(&lists[i], next);
    const size_t connections = fault_server_connection_count(witness);
    fault_server_stop(witness);
    assert_int_equal(connections, 0);
    assert_int_equal(failed, 0);
}

/* ---- The end ---- */

/* "/" has a page, too: a client that requests it would never finish. */
static void assert_ends(const struct list *list, const char *next)
{
    struct scene scene;

    scene_init(&scene);
    add_page(&scene, next, list->item);
    scene_start(&scene, NULL);
    const size_t count = list->count(&scene);
    const size_t requests = scene_requests(&scene);
    if (count != 1 || requests != 1 || scene.error.status != DM_OK)
        fail_msg("%s: next %s: %zu items, %zu requests; %s: %s", list->path, next, count, requests,
                 dm_status_name(scene.error.status), scene.error.message);
    scene_end(&scene);
}

static void an_empty_link_ends_each_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < LISTS; i++)
        assert_ends(&lists[i], "\"\"");
}

static void a_null_link_ends_each_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < LISTS; i++)
        assert_ends(&lists[i], "null");
}

static void an_empty_link_ends_a_list_of_tasks(void **state)
{
    const dm_task_id id = {"123"};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, "\"\"", SCENE_SUCCESS);
    scene_start(&scene, NULL);
    assert_int_equal(scene_check(&scene, dm_task_list(scene.client, &id, 1, NULL, &tasks, &scene.error)), DM_OK);
    assert_int_equal(tasks->tasks[0].status, DM_TASK_SUCCESS);
    dm_tasks_free(tasks);
    assert_int_equal(scene_requests(&scene), 1);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_without_the_gateways_prefix_leads_to_the_next_page),
        cmocka_unit_test(a_link_to_the_services_internal_host_leads_to_the_next_page),
        cmocka_unit_test(a_link_to_an_internal_path_leads_to_the_next_page),
        cmocka_unit_test(a_link_without_a_scheme_leads_to_the_next_page),
        cmocka_unit_test(a_link_that_is_a_query_alone_leads_to_the_next_page),
        cmocka_unit_test(a_link_relative_to_the_path_leads_to_the_next_page),
        cmocka_unit_test(a_link_with_further_arguments_leads_to_the_next_page),
        cmocka_unit_test(the_key_is_sent_to_no_other_host),
        cmocka_unit_test(an_empty_link_ends_each_list),
        cmocka_unit_test(a_null_link_ends_each_list),
        cmocka_unit_test(an_empty_link_ends_a_list_of_tasks),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
