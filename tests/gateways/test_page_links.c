/* Page links of a service behind a gateway that removes a prefix from the path or changes the Host header. The gateways
 * are HAProxy, nginx and Caddy; the service is the sandbox. */
#include <deepomatic.h>

#include "api_test.h"
#include "sandbox_process.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPECS = 250, TASKS = 7, CALL_MS = 5000 };

static const char *const gateways[] = {"haproxy_http", "haproxy_https", "nginx_http",
                                       "nginx_https",  "caddy_http",    "caddy_https"};
static const char *const prefixes[] = {"prefix", "internal"};

enum { GATEWAYS = sizeof gateways / sizeof gateways[0], PREFIXES = 2 };

static struct sandbox_process *sandbox;       /* with pages of 100 */
static struct sandbox_process *small_sandbox; /* with pages of 2 */
static dm_spec_id version_spec;               /* in small_sandbox; it has versions */

/* ---- Resources in the sandboxes ---- */

static void create_specs(dm_client *client, size_t count)
{
    static const dm_label label = {.id = 1, .name = "red"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    dm_error error;

    for (size_t i = 0; i < count; i++) {
        dm_spec *spec = NULL;
        if (dm_spec_create(client, "one of many", &output, 1, NULL, NULL, &spec, &error) != DM_OK)
            fail_msg("%s", error.message);
        version_spec = dm_private_spec(spec->id.private_id);
        dm_spec_free(spec);
    }
}

static void create_versions(dm_client *client, size_t count)
{
    dm_error error;

    for (size_t i = 0; i < count; i++) {
        dm_version *version = NULL;
        if (dm_version_create(client, version_spec, 1,
                              "[{\"classification\":{\"output_tensor\":\"t\",\"thresholds\":[0.5]}}]", NULL, &version,
                              &error) != DM_OK)
            fail_msg("%s", error.message);
        dm_version_free(version);
    }
}

static int start_sandboxes(void **state)
{
    static const char *const small_pages[] = {"--page-limit", "2", NULL};
    (void)state;

    sandbox = sandbox_start(NULL);
    small_sandbox = sandbox_start(small_pages);
    if (sandbox == NULL || small_sandbox == NULL)
        return -1;
    dm_client *client = api_client_new(sandbox_url(sandbox), SANDBOX_KEY);
    create_specs(client, SPECS);
    dm_client_free(client);
    client = api_client_new(sandbox_url(small_sandbox), SANDBOX_KEY);
    create_specs(client, 1);
    create_versions(client, TASKS);
    dm_client_free(client);
    return 0;
}

static int stop_sandboxes(void **state)
{
    (void)state;
    const int status = sandbox_stop(sandbox);
    return sandbox_stop(small_sandbox) == 0 ? status : -1;
}

/* ---- A client of a sandbox behind a gateway ---- */

/* "https://localhost:GATEWAY/PREFIX/SANDBOX". */
static void start(struct scene *scene, const char *gateway, const char *prefix, const struct sandbox_process *behind)
{
    const struct line ca = server_file("ca.pem");
    const char *scheme = strstr(gateway, "https") != NULL ? "https" : "http";
    char path[64];

    snprintf(path, sizeof path, "/%s%s", prefix, strrchr(sandbox_url(behind), ':'));
    path[strlen(prefix) + 1] = '/';
    scene_init(scene);
    scene_start_at(scene, server_address(scheme, "localhost", gateway, path).text,
                   &(dm_client_options){.api_key = SANDBOX_KEY, .ca_file = ca.text, .timeout_ms = CALL_MS});
}

/* Makes the calls through a gateway. Returns false, with scene->error, if one fails. */
typedef bool ask_function(struct scene *scene);

static void assert_all_answer(ask_function *ask, const struct sandbox_process *behind)
{
    size_t failed = 0;

    for (size_t i = 0; i < GATEWAYS * PREFIXES; i++) {
        const char *gateway = gateways[i / PREFIXES];
        const char *prefix = prefixes[i % PREFIXES];
        struct scene scene;
        start(&scene, gateway, prefix, behind);
        if (!ask(&scene)) {
            print_message("           %s, %s: %s: %s\n", gateway, prefix, dm_status_name(scene.error.status),
                          scene.error.message);
            failed++;
        }
        scene_end(&scene);
    }
    if (failed > 0)
        fail_msg("%zu of %d gateways fail", failed, (int)(GATEWAYS * PREFIXES));
}

/* ---- Specifications, by iterator and by page ---- */

static bool iterate_specs(struct scene *scene)
{
    const dm_page_options options = {.limit = 100};
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    int64_t last = 0;
    size_t count = 0;

    assert_int_equal(dm_spec_iter_new(scene->client, DM_VISIBILITY_PRIVATE, &options, &iter, &scene->error), DM_OK);
    while (dm_spec_iter_next(iter, NULL, &spec, &scene->error) == DM_OK) {
        assert_int_not_equal(spec->id.private_id, last);
        last = spec->id.private_id;
        count++;
    }
    dm_spec_iter_free(iter);
    return scene->error.status == DM_OK && count == SPECS;
}

static void an_iterator_goes_through_all_pages(void **state)
{
    const size_t mark = sandbox_mark(sandbox);
    (void)state;

    assert_all_answer(iterate_specs, sandbox);
    assert_int_equal(sandbox_mark(sandbox) - mark, GATEWAYS * PREFIXES * 3);
}

static bool page_through_specs(struct scene *scene)
{
    const dm_page_options options = {.offset = 50, .limit = 75};
    dm_spec_page *page = NULL;
    size_t count = 0;

    dm_status status = dm_spec_list(scene->client, DM_VISIBILITY_PRIVATE, &options, NULL, &page, &scene->error);
    while (status == DM_OK) {
        dm_spec_page *next = NULL;
        count += page->result_count;
        status = dm_spec_page_next(scene->client, page, NULL, &next, &scene->error);
        dm_spec_page_free(page);
        page = next;
    }
    return status == DM_DONE && count == SPECS - 50;
}

static void pages_are_followed_to_the_last_one(void **state)
{
    (void)state;
    assert_all_answer(page_through_specs, sandbox);
}

/* ---- Versions and tasks, in pages smaller than requested ---- */

static size_t count_versions(struct scene *scene, const dm_spec_id *spec)
{
    dm_version_iter *iter = NULL;
    const dm_version *version = NULL;
    size_t count = 0;

    assert_int_equal(dm_version_iter_new(scene->client, spec, NULL, &iter, &scene->error), DM_OK);
    while (dm_version_iter_next(iter, NULL, &version, &scene->error) == DM_OK)
        count++;
    dm_version_iter_free(iter);
    return count;
}

static bool iterate_versions(struct scene *scene)
{
    return count_versions(scene, NULL) == TASKS && count_versions(scene, &version_spec) == TASKS;
}

static void all_versions_are_listed(void **state)
{
    (void)state;
    assert_all_answer(iterate_versions, small_sandbox);
}

static void submit_photos(struct scene *scene, dm_task_id ids[TASKS])
{
    const dm_input photo = dm_image_file(PHOTOS_DIR "/cat.jpg");

    for (size_t i = 0; i < TASKS; i++) {
        if (dm_spec_submit(scene->client, dm_public_spec("sandbox-colors"), &photo, 1, NULL, NULL, &ids[i],
                           &scene->error) != DM_OK)
            fail_msg("%s", scene->error.message);
    }
}

static bool list_tasks(struct scene *scene)
{
    dm_task_id ids[TASKS];
    dm_tasks *tasks = NULL;
    size_t missing = 0;

    submit_photos(scene, ids);
    if (dm_task_wait_all(scene->client, ids, TASKS, NULL, &tasks, &scene->error) != DM_OK)
        return false;
    for (size_t i = 0; i < TASKS; i++)
        missing += tasks->tasks[i].status != DM_TASK_SUCCESS;
    dm_tasks_free(tasks);
    return missing == 0;
}

static void all_tasks_are_listed(void **state)
{
    (void)state;
    assert_all_answer(list_tasks, small_sandbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_iterator_goes_through_all_pages),
        cmocka_unit_test(pages_are_followed_to_the_last_one),
        cmocka_unit_test(all_versions_are_listed),
        cmocka_unit_test(all_tasks_are_listed),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, start_sandboxes, stop_sandboxes);
}
