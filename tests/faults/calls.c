#include "calls.h"
#include "array.h"

#include "assert_status.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

/* ---- What the server says. Links lead to its own host, the port left out, as behind a gateway. ---- */

#define LINK_TO(offset) "\"http://127.0.0.1/v0.7/next?offset=" offset "&limit=1\""
#define LINK            LINK_TO("1")

#define ACCOUNT "{\"id\":7,\"name\":\"me\",\"email\":\"me@example.org\"}"

#define LABEL "{\"id\":1,\"name\":\"hot dog\"}"
#define SPEC_OF_LABELS(labels)                                                                                         \
    "{\"id\":42,\"name\":\"s\",\"description\":\"d\",\"update_date\":\"2018-02-16T16:37:25.148189Z\","                 \
    "\"metadata\":{\"author\":\"me\"},\"current_version_id\":5,\"task_id\":\"123\","                                   \
    "\"outputs\":[{\"labels\":{\"roi\":\"BBOX\",\"exclusive\":true,\"labels\":[" labels "]}}]}"
#define SPEC         SPEC_OF_LABELS(LABEL)
#define EIGHT_LABELS LABEL "," LABEL "," LABEL "," LABEL "," LABEL "," LABEL "," LABEL "," LABEL
#define PAGE_BEFORE(offset, item)                                                                                      \
    "{\"count\":9,\"next\":" LINK_TO(offset) ",\"previous\":" LINK ",\"results\":[" item "]}"
#define PAGE(item) PAGE_BEFORE("1", item)

#define VERSION                                                                                                        \
    "{\"id\":5,\"spec_id\":42,\"network_id\":3,\"spec_name\":\"s\",\"network_name\":\"n\","                            \
    "\"update_date\":\"2018-02-16T16:37:25.148189Z\",\"post_processings\":[{\"classification\":{}}]}"

#define PREDICTION                                                                                                     \
    "{\"label_id\":1,\"label_name\":\"hot dog\",\"score\":0.9,\"threshold\":0.5,\"sequence_index\":1,"                 \
    "\"sequence_time\":0.5,\"roi\":{\"region_id\":1,\"bbox\":{\"xmin\":0,\"ymin\":0,\"xmax\":1,\"ymax\":1}}}"
#define TASK(id, status, error, data)                                                                                  \
    "{\"id\":\"" id "\",\"task_id\":\"" id "\",\"status\":\"" status "\",\"error\":" error                             \
    ",\"date_created\":\"2018-02-16T16:45:36Z\",\"date_updated\":\"2018-02-16T16:45:36Z\",\"data\":" data "}"
#define PENDING(id) TASK(id, "pending", "null", "null")
#define SUCCESS(id)                                                                                                    \
    TASK(id, "success", "null",                                                                                        \
         "{\"outputs\":[{\"labels\":{\"predicted\":[" PREDICTION "],\"discarded\":[" PREDICTION "]}}]}")
#define FAILURE(id) TASK(id, "error", "\"not an image\"", "null")

#define GOOD(body)                                                                                                     \
    {                                                                                                                  \
        "200 OK", "", body                                                                                             \
    }
#define SUBMITTED                                                                                                      \
    {                                                                                                                  \
        "201 Created", "", "{\"task_id\":\"123\"}"                                                                     \
    }
#define HTML         "<html><head><title>Bad gateway</title></head><body>nginx</body></html>"
#define NO_PREDICTED "{\"outputs\":[{\"labels\":{\"predicted\":null}}]}"
#define SCORE_IS_STRING                                                                                                \
    "{\"outputs\":[{\"labels\":{\"predicted\":[{\"label_id\":1,\"label_name\":\"x\",\"score\":\"\"}]}}]}"

/* ---- What is sent ---- */

static const dm_bbox box = {.xmin = 0.1, .ymin = 0.25, .xmax = 0.9, .ymax = 1.0 / 3};
static const dm_point corners[] = {{0.1, 0.2}, {1.0 / 3, 0.5}, {0.7, 0.9}};

enum image_kind { IMAGE_URL, IMAGE_FILE, IMAGE_BYTES, IMAGE_BASE64 };

static dm_input image(enum image_kind kind)
{
    static const char bytes[] = "not much of an image";
    dm_input input = {0};

    if (kind == IMAGE_URL)
        input = dm_image_url("https://example.org/a.jpg");
    else if (kind == IMAGE_FILE)
        input = dm_image_file(PHOTOS_DIR "/README.md");
    else if (kind == IMAGE_BYTES)
        input = dm_image_bytes(bytes, sizeof bytes - 1);
    else
        input = dm_image_base64("bm90\nbXVjaA", 11);
    input.bbox = &box;
    input.polygon = corners;
    input.polygon_count = COUNT(corners);
    input.crop_uniform_background = true;
    return input;
}

static const dm_infer_options infer_options = {.show_discarded = true, .max_predictions = 7};
static const dm_page_options one_item = {.limit = 1};

/* ---- The world ---- */

static void ignore_line(dm_log_level level, const char *line, void *data)
{
    (void)level;
    (void)line;
    (void)data;
}

/* No address begins with https:, so that the files need not be there. */
static dm_client_options all_options(const char *url)
{
    return (dm_client_options){
        .api_key = CALLS_KEY,
        .app_id = "app",
        .api_url = url,
        .user_agent = "test_out_of_memory",
        .timeout_ms = 20000,
        .max_attempts = 2,
        .retry_delay_ms = 1,
        .max_retry_delay_ms = 1,
        .poll_delay_ms = 1,
        .max_poll_delay_ms = 1,
        .proxy = "",
        .no_proxy = "*",
        .ca_file = "/dev/null",
        .client_certificate = "/dev/null",
        .client_key = "/dev/null",
        .insecure_skip_verify = true,
        .log = ignore_line,
    };
}

void world_open(struct world *world, const char *url, int64_t timeout_ms)
{
    enum { USUAL_TIMEOUT_MS = 20000 };
    const dm_client_options options = all_options(url);

    *world = (struct world){.url = url};
    assert_status(dm_client_new(&options, &world->client, &world->error), DM_OK, &world->error);
    assert_status(dm_cancel_new(&world->cancel, &world->error), DM_OK, &world->error);
    world->call =
        (dm_call_options){.timeout_ms = timeout_ms != 0 ? timeout_ms : USUAL_TIMEOUT_MS, .cancel = world->cancel};
}

void world_close(struct world *world)
{
    dm_spec_page_free(world->specs);
    dm_version_page_free(world->versions);
    dm_spec_iter_free(world->spec_iter);
    dm_version_iter_free(world->version_iter);
    dm_cancel_free(world->cancel);
    dm_client_free(world->client);
}

/* Before a call its result points to this, so that an untouched pointer shows. */
#define UNTOUCHED ((void *)&infer_options)

/* Whether there is a result to free. */
static bool gave(struct world *world, dm_status status, const void *result)
{
    if (status == DM_OK && result != NULL && result != UNTOUCHED)
        return true;
    if (status == DM_OK || result != NULL)
        world->wrong = status == DM_OK ? "there is no result" : "the result is not NULL";
    return false;
}

/* ---- Clients and switches ---- */

static dm_status client_new_with(struct world *world, const dm_client_options *options)
{
    dm_client *client = UNTOUCHED;
    const dm_status status = dm_client_new(options, &client, &world->error);
    if (gave(world, status, client))
        dm_client_free(client);
    return status;
}

static dm_status client_new(struct world *world)
{
    const dm_client_options options = all_options("http://service.example:8080/prefix/");
    return client_new_with(world, &options);
}

static dm_status client_new_at_user(struct world *world)
{
    const dm_client_options options = all_options("http://user@service.example");
    return client_new_with(world, &options);
}

static dm_status client_new_with_proxy(struct world *world)
{
    dm_client_options options = all_options("http://service.example");
    options.proxy = "http://joe:password@127.0.0.1:1";
    return client_new_with(world, &options);
}

static dm_status client_new_at_query(struct world *world)
{
    const dm_client_options options = all_options("http://service.example/?a=b");
    return client_new_with(world, &options);
}

static void fill_environment(struct world *world)
{
    (void)world;
    setenv("DEEPOMATIC_API_KEY", CALLS_KEY, 1);
    setenv("DEEPOMATIC_APP_ID", "app", 1);
    setenv("DEEPOMATIC_API_URL", "http://service.example/prefix", 1);
}

static dm_status client_new_by_environment(struct world *world)
{
    return client_new_with(world, NULL);
}

static dm_status cancel_new(struct world *world)
{
    dm_cancel *cancel = UNTOUCHED;
    const dm_status status = dm_cancel_new(&cancel, &world->error);
    if (gave(world, status, cancel))
        dm_cancel_free(cancel);
    return status;
}

static dm_status account_retrieve(struct world *world)
{
    dm_account *account = UNTOUCHED;
    const dm_status status = dm_account_retrieve(world->client, &world->call, &account, &world->error);
    if (gave(world, status, account))
        dm_account_free(account);
    return status;
}

/* After this, the connection is not used again. */
static void prepare_doubt(struct world *world)
{
    assert_status(account_retrieve(world), DM_ERR_BAD_RESPONSE, &world->error);
}

/* ---- Specifications ---- */

static dm_status end_spec(struct world *world, dm_status status, dm_spec *spec)
{
    if (gave(world, status, spec))
        dm_spec_free(spec);
    return status;
}

static dm_status end_spec_page(struct world *world, dm_status status, dm_spec_page *page)
{
    if (gave(world, status, page))
        dm_spec_page_free(page);
    return status;
}

static dm_status spec_create(struct world *world)
{
    static const dm_label labels[] = {{1, "hot dog"}, {2, "no \"hot\" dog\n"}};
    static const dm_output outputs[] = {{.labels = {.labels = labels, .label_count = 2, .roi = DM_ROI_BBOX}},
                                        {.labels = {.labels = labels, .label_count = 1, .exclusive = true}}};
    static const dm_spec_create_options options = {.description = "d", .metadata = "{\"a\":[1,2,{\"b\":null}]}"};
    dm_spec *spec = UNTOUCHED;
    const dm_status status =
        dm_spec_create(world->client, "s", outputs, 2, &options, &world->call, &spec, &world->error);
    return end_spec(world, status, spec);
}

static dm_status spec_retrieve(struct world *world)
{
    dm_spec *spec = UNTOUCHED;
    const dm_status status = dm_spec_retrieve(world->client, dm_private_spec(42), &world->call, &spec, &world->error);
    return end_spec(world, status, spec);
}

static dm_status spec_retrieve_public(struct world *world)
{
    dm_spec *spec = UNTOUCHED;
    const dm_status status =
        dm_spec_retrieve(world->client, dm_public_spec("fashion v4"), &world->call, &spec, &world->error);
    return end_spec(world, status, spec);
}

static dm_status spec_update(struct world *world)
{
    static const int64_t version = 5;
    static const dm_spec_changes changes = {
        .name = "s", .description = "d", .metadata = "{}", .current_version_id = &version};
    dm_spec *spec = UNTOUCHED;
    const dm_status status =
        dm_spec_update(world->client, dm_private_spec(42), &changes, &world->call, &spec, &world->error);
    return end_spec(world, status, spec);
}

static dm_status spec_delete(struct world *world)
{
    return dm_spec_delete(world->client, dm_private_spec(42), &world->call, &world->error);
}

static dm_status spec_list(struct world *world)
{
    dm_spec_page *page = UNTOUCHED;
    const dm_status status =
        dm_spec_list(world->client, DM_VISIBILITY_PRIVATE, &one_item, &world->call, &page, &world->error);
    return end_spec_page(world, status, page);
}

static void prepare_specs(struct world *world)
{
    assert_status(dm_spec_list(world->client, DM_VISIBILITY_PUBLIC, NULL, NULL, &world->specs, &world->error), DM_OK,
                  &world->error);
}

static dm_status spec_page_next(struct world *world)
{
    dm_spec_page *page = UNTOUCHED;
    const dm_status status = dm_spec_page_next(world->client, world->specs, &world->call, &page, &world->error);
    return end_spec_page(world, status, page);
}

static dm_status spec_iter_new(struct world *world)
{
    dm_spec_iter *iter = UNTOUCHED;
    const dm_status status = dm_spec_iter_new(world->client, DM_VISIBILITY_PRIVATE, &one_item, &iter, &world->error);
    if (gave(world, status, iter))
        dm_spec_iter_free(iter);
    return status;
}

static void prepare_spec_iter(struct world *world)
{
    assert_status(dm_spec_iter_new(world->client, DM_VISIBILITY_PRIVATE, &one_item, &world->spec_iter, &world->error),
                  DM_OK, &world->error);
}

static dm_status spec_iter_next(struct world *world)
{
    const dm_spec *spec = UNTOUCHED;
    const dm_status status = dm_spec_iter_next(world->spec_iter, &world->call, &spec, &world->error);
    gave(world, status, spec);
    return status;
}

static void prepare_spec_iter_at_end_of_page(struct world *world)
{
    prepare_spec_iter(world);
    assert_status(spec_iter_next(world), DM_OK, &world->error);
}

/* ---- Versions ---- */

static dm_status end_version(struct world *world, dm_status status, dm_version *version)
{
    if (gave(world, status, version))
        dm_version_free(version);
    return status;
}

static dm_status end_version_page(struct world *world, dm_status status, dm_version_page *page)
{
    if (gave(world, status, page))
        dm_version_page_free(page);
    return status;
}

static dm_status version_create(struct world *world)
{
    dm_version *version = UNTOUCHED;
    const dm_status status = dm_version_create(world->client, dm_private_spec(42), 3, "[{\"classification\":{}}]",
                                               &world->call, &version, &world->error);
    return end_version(world, status, version);
}

static dm_status version_retrieve(struct world *world)
{
    dm_version *version = UNTOUCHED;
    const dm_status status = dm_version_retrieve(world->client, 5, &world->call, &version, &world->error);
    return end_version(world, status, version);
}

static dm_status version_delete(struct world *world)
{
    return dm_version_delete(world->client, 5, &world->call, &world->error);
}

static dm_status version_list(struct world *world)
{
    dm_version_page *page = UNTOUCHED;
    const dm_status status = dm_version_list(world->client, &one_item, &world->call, &page, &world->error);
    return end_version_page(world, status, page);
}

static dm_status spec_versions(struct world *world)
{
    dm_version_page *page = UNTOUCHED;
    const dm_status status =
        dm_spec_versions(world->client, dm_private_spec(42), &one_item, &world->call, &page, &world->error);
    return end_version_page(world, status, page);
}

static void prepare_versions(struct world *world)
{
    assert_status(dm_version_list(world->client, NULL, NULL, &world->versions, &world->error), DM_OK, &world->error);
}

static dm_status version_page_next(struct world *world)
{
    dm_version_page *page = UNTOUCHED;
    const dm_status status = dm_version_page_next(world->client, world->versions, &world->call, &page, &world->error);
    return end_version_page(world, status, page);
}

static dm_status version_iter_new(struct world *world)
{
    dm_version_iter *iter = UNTOUCHED;
    const dm_status status = dm_version_iter_new(world->client, NULL, &one_item, &iter, &world->error);
    if (gave(world, status, iter))
        dm_version_iter_free(iter);
    return status;
}

static void prepare_version_iter(struct world *world)
{
    const dm_spec_id spec = dm_private_spec(42);
    assert_status(dm_version_iter_new(world->client, &spec, &one_item, &world->version_iter, &world->error), DM_OK,
                  &world->error);
}

static dm_status version_iter_next(struct world *world)
{
    const dm_version *version = UNTOUCHED;
    const dm_status status = dm_version_iter_next(world->version_iter, &world->call, &version, &world->error);
    gave(world, status, version);
    return status;
}

static void prepare_version_iter_at_end_of_page(struct world *world)
{
    prepare_version_iter(world);
    assert_status(version_iter_next(world), DM_OK, &world->error);
}

/* ---- Inference ---- */

static dm_status end_inference(struct world *world, dm_status status, dm_inference *inference)
{
    if (gave(world, status, inference))
        dm_inference_free(inference);
    return status;
}

static dm_status end_submission(struct world *world, dm_status status, const dm_task_id *id)
{
    if (strcmp(id->text, status == DM_OK ? "123" : "") != 0)
        world->wrong = "the task's id is not what it should be";
    return status;
}

static dm_status spec_infer_inputs(struct world *world, const dm_input *inputs, size_t count)
{
    dm_inference *inference = UNTOUCHED;
    const dm_status status = dm_spec_infer(world->client, dm_public_spec("p"), inputs, count, &infer_options,
                                           &world->call, &inference, &world->error);
    return end_inference(world, status, inference);
}

static dm_status spec_submit_inputs(struct world *world, const dm_input *inputs, size_t count)
{
    dm_task_id id = {"untouched"};
    const dm_status status = dm_spec_submit(world->client, dm_private_spec(42), inputs, count, &infer_options,
                                            &world->call, &id, &world->error);
    return end_submission(world, status, &id);
}

static dm_status spec_infer_url(struct world *world)
{
    const dm_input input = image(IMAGE_URL);
    return spec_infer_inputs(world, &input, 1);
}

static dm_status spec_infer_file(struct world *world)
{
    const dm_input input = image(IMAGE_FILE);
    return spec_infer_inputs(world, &input, 1);
}

static dm_status spec_infer_bytes(struct world *world)
{
    const dm_input input = image(IMAGE_BYTES);
    return spec_infer_inputs(world, &input, 1);
}

static dm_status spec_infer_base64(struct world *world)
{
    const dm_input input = image(IMAGE_BASE64);
    return spec_infer_inputs(world, &input, 1);
}

static dm_status spec_infer_no_file(struct world *world)
{
    const dm_input inputs[] = {image(IMAGE_FILE), dm_image_file("/no/image.jpg")};
    return spec_infer_inputs(world, inputs, 2);
}

static dm_status spec_submit_url(struct world *world)
{
    const dm_input input = image(IMAGE_URL);
    return spec_submit_inputs(world, &input, 1);
}

static dm_status spec_submit_file(struct world *world)
{
    const dm_input input = image(IMAGE_FILE);
    return spec_submit_inputs(world, &input, 1);
}

static dm_status spec_submit_bytes(struct world *world)
{
    const dm_input input = image(IMAGE_BYTES);
    return spec_submit_inputs(world, &input, 1);
}

static dm_status spec_submit_base64(struct world *world)
{
    const dm_input input = image(IMAGE_BASE64);
    return spec_submit_inputs(world, &input, 1);
}

/* Two files, and one behind the end of what the list of pieces begins with. */
#define MIXED_INPUTS                                                                                                   \
    {                                                                                                                  \
        image(IMAGE_URL), image(IMAGE_FILE), image(IMAGE_BYTES), image(IMAGE_BASE64), image(IMAGE_FILE)                \
    }
enum { MIXED_COUNT = 5 };

static dm_status spec_infer_mixed(struct world *world)
{
    const dm_input inputs[] = MIXED_INPUTS;
    return spec_infer_inputs(world, inputs, MIXED_COUNT);
}

static dm_status spec_submit_mixed(struct world *world)
{
    const dm_input inputs[] = MIXED_INPUTS;
    return spec_submit_inputs(world, inputs, MIXED_COUNT);
}

static dm_status version_infer_mixed(struct world *world)
{
    const dm_input inputs[] = MIXED_INPUTS;
    dm_inference *inference = UNTOUCHED;
    const dm_status status = dm_version_infer(world->client, 5, inputs, MIXED_COUNT, &infer_options, &world->call,
                                              &inference, &world->error);
    return end_inference(world, status, inference);
}

static dm_status version_submit_mixed(struct world *world)
{
    const dm_input inputs[] = MIXED_INPUTS;
    dm_task_id id = {"untouched"};
    const dm_status status =
        dm_version_submit(world->client, 5, inputs, MIXED_COUNT, &infer_options, &world->call, &id, &world->error);
    return end_submission(world, status, &id);
}

/* ---- Tasks ---- */

static const dm_task_id task = {"123"};
static const dm_task_id tasks[] = {{"1"}, {"2"}, {"3"}, {"2"}};
enum { TASK_COUNT = 4, DIFFERENT_TASK_COUNT = 3 };

static dm_status end_task(struct world *world, dm_status status, dm_task *result)
{
    if (gave(world, status, result))
        dm_task_free(result);
    return status;
}

static dm_status end_tasks(struct world *world, dm_status status, dm_tasks *result)
{
    if (gave(world, status, result))
        dm_tasks_free(result);
    return status;
}

static dm_status task_retrieve(struct world *world)
{
    dm_task *result = UNTOUCHED;
    const dm_status status = dm_task_retrieve(world->client, task, &world->call, &result, &world->error);
    return end_task(world, status, result);
}

static dm_status task_wait(struct world *world)
{
    dm_task *result = UNTOUCHED;
    const dm_status status = dm_task_wait(world->client, task, &world->call, &result, &world->error);
    return end_task(world, status, result);
}

static dm_status task_list(struct world *world)
{
    dm_tasks *result = UNTOUCHED;
    const dm_status status = dm_task_list(world->client, tasks, TASK_COUNT, &world->call, &result, &world->error);
    return end_tasks(world, status, result);
}

static dm_status task_wait_all(struct world *world)
{
    dm_tasks *result = UNTOUCHED;
    const dm_status status =
        dm_task_wait_all(world->client, tasks, DIFFERENT_TASK_COUNT, &world->call, &result, &world->error);
    if (status == DM_OK && result->pending_count != 0)
        world->wrong = "some task is pending still";
    return end_tasks(world, status, result);
}

#define TASK_PAGE(next, tasks) "{\"count\":3,\"next\":" next ",\"previous\":null,\"results\":[" tasks "]}"
#define ALL_TASKS              GOOD(TASK_PAGE("null", SUCCESS("1") "," SUCCESS("2") "," FAILURE("3")))

/* ---- The table ---- */

const struct scenario scenarios[] = {
    {"dm_client_new", {GOOD("")}, NULL, client_new, DM_OK, false},
    {"dm_client_new, by environment", {GOOD("")}, fill_environment, client_new_by_environment, DM_OK, false},
    {"dm_client_new, with a proxy", {GOOD("")}, NULL, client_new_with_proxy, DM_OK, false},
    {"dm_client_new, address with a user", {GOOD("")}, NULL, client_new_at_user, DM_ERR_INVALID_ARGUMENT, false},
    {"dm_client_new, address with a query", {GOOD("")}, NULL, client_new_at_query, DM_ERR_INVALID_ARGUMENT, false},
    {"dm_cancel_new", {GOOD("")}, NULL, cancel_new, DM_OK, false},
    {"dm_account_retrieve", {GOOD(ACCOUNT)}, NULL, account_retrieve, DM_OK, false},
    {"dm_account_retrieve, on a new connection",
     {{"200 OK", "Content-Encoding: gzip, gzip\r\n", ACCOUNT}, GOOD(ACCOUNT)},
     prepare_doubt,
     account_retrieve,
     DM_OK,
     false},

    {"dm_spec_create", {{"201 Created", "", SPEC}}, NULL, spec_create, DM_OK, true},
    {"dm_spec_retrieve", {GOOD(SPEC)}, NULL, spec_retrieve, DM_OK, false},
    {"dm_spec_retrieve, many labels",
     {GOOD(SPEC_OF_LABELS(EIGHT_LABELS "," EIGHT_LABELS "," EIGHT_LABELS))},
     NULL,
     spec_retrieve,
     DM_OK,
     false},
    {"dm_spec_retrieve, public", {GOOD(SPEC)}, NULL, spec_retrieve_public, DM_OK, false},
    {"dm_spec_update", {GOOD(SPEC)}, NULL, spec_update, DM_OK, true},
    {"dm_spec_delete", {{"204 No Content", "", ""}}, NULL, spec_delete, DM_OK, true},
    {"dm_spec_list", {GOOD(PAGE(SPEC))}, NULL, spec_list, DM_OK, false},
    {"dm_spec_page_next", {GOOD(PAGE(SPEC))}, prepare_specs, spec_page_next, DM_OK, false},
    {"dm_spec_iter_new", {GOOD("")}, NULL, spec_iter_new, DM_OK, false},
    {"dm_spec_iter_next, first",
     {GOOD(PAGE(SPEC)), GOOD(PAGE_BEFORE("2", SPEC))},
     prepare_spec_iter,
     spec_iter_next,
     DM_OK,
     false},
    {"dm_spec_iter_next, page turned",
     {GOOD(PAGE(SPEC)), GOOD(PAGE_BEFORE("2", SPEC)), GOOD(PAGE_BEFORE("3", SPEC))},
     prepare_spec_iter_at_end_of_page,
     spec_iter_next,
     DM_OK,
     false},

    {"dm_version_create", {{"201 Created", "", VERSION}}, NULL, version_create, DM_OK, true},
    {"dm_version_retrieve", {GOOD(VERSION)}, NULL, version_retrieve, DM_OK, false},
    {"dm_version_delete", {{"204 No Content", "", ""}}, NULL, version_delete, DM_OK, true},
    {"dm_version_list", {GOOD(PAGE(VERSION))}, NULL, version_list, DM_OK, false},
    {"dm_spec_versions", {GOOD(PAGE(VERSION))}, NULL, spec_versions, DM_OK, false},
    {"dm_version_page_next", {GOOD(PAGE(VERSION))}, prepare_versions, version_page_next, DM_OK, false},
    {"dm_version_iter_new", {GOOD("")}, NULL, version_iter_new, DM_OK, false},
    {"dm_version_iter_next, first",
     {GOOD(PAGE(VERSION)), GOOD(PAGE_BEFORE("2", VERSION))},
     prepare_version_iter,
     version_iter_next,
     DM_OK,
     false},
    {"dm_version_iter_next, page turned",
     {GOOD(PAGE(VERSION)), GOOD(PAGE_BEFORE("2", VERSION)), GOOD(PAGE_BEFORE("3", VERSION))},
     prepare_version_iter_at_end_of_page,
     version_iter_next,
     DM_OK,
     false},

    {"dm_spec_infer, address", {SUBMITTED, GOOD(SUCCESS("123"))}, NULL, spec_infer_url, DM_OK, true},
    {"dm_spec_infer, file", {SUBMITTED, GOOD(SUCCESS("123"))}, NULL, spec_infer_file, DM_OK, true},
    {"dm_spec_infer, bytes", {SUBMITTED, GOOD(SUCCESS("123"))}, NULL, spec_infer_bytes, DM_OK, true},
    {"dm_spec_infer, base64", {SUBMITTED, GOOD(SUCCESS("123"))}, NULL, spec_infer_base64, DM_OK, true},
    {"dm_spec_infer, mixed", {SUBMITTED, GOOD(SUCCESS("123"))}, NULL, spec_infer_mixed, DM_OK, true},
    {"dm_version_infer, mixed", {SUBMITTED, GOOD(SUCCESS("123"))}, NULL, version_infer_mixed, DM_OK, true},
    {"dm_spec_submit, address", {SUBMITTED}, NULL, spec_submit_url, DM_OK, true},
    {"dm_spec_submit, file", {SUBMITTED}, NULL, spec_submit_file, DM_OK, true},
    {"dm_spec_submit, bytes", {SUBMITTED}, NULL, spec_submit_bytes, DM_OK, true},
    {"dm_spec_submit, base64", {SUBMITTED}, NULL, spec_submit_base64, DM_OK, true},
    {"dm_spec_submit, mixed", {SUBMITTED}, NULL, spec_submit_mixed, DM_OK, true},
    {"dm_version_submit, mixed", {SUBMITTED}, NULL, version_submit_mixed, DM_OK, true},

    {"dm_task_retrieve", {GOOD(SUCCESS("123"))}, NULL, task_retrieve, DM_OK, false},
    {"dm_task_wait", {GOOD(PENDING("123")), GOOD(SUCCESS("123"))}, NULL, task_wait, DM_OK, false},
    {"dm_task_list",
     {GOOD(TASK_PAGE(LINK, SUCCESS("1"))), GOOD(TASK_PAGE("null", PENDING("2")))},
     NULL,
     task_list,
     DM_OK,
     false},
    {"dm_task_wait_all",
     {GOOD(TASK_PAGE(LINK, PENDING("1") "," SUCCESS("2"))), ALL_TASKS},
     NULL,
     task_wait_all,
     DM_OK,
     false},

    {"a reply after HTTP 503", {{"503 Busy", "", HTML}, GOOD(ACCOUNT)}, NULL, account_retrieve, DM_OK, false},
    {"a creation after HTTP 429",
     {{"429 Slow down", "", "{}"}, {"201 Created", "", SPEC}},
     NULL,
     spec_create,
     DM_OK,
     true},
    {"a reply after a redirect",
     {{"302 Found", "Location: /v0.7/elsewhere\r\n", ""}, GOOD(ACCOUNT)},
     NULL,
     account_retrieve,
     DM_OK,
     false},
    {"a wait with a failing question",
     {{"502 Bad gateway", "", HTML}, GOOD(SUCCESS("123"))},
     NULL,
     task_wait,
     DM_OK,
     false},
    {"a wait for all with a failing question",
     {{"502 Bad gateway", "", HTML}, ALL_TASKS},
     NULL,
     task_wait_all,
     DM_OK,
     false},

    {"redirected to another server",
     {{"302 Found", "Location: http://other.example/\r\n", ""}},
     NULL,
     account_retrieve,
     DM_ERR_REDIRECT,
     false},
    {"redirected without end",
     {{"302 Found", "Location: /v0.7/again\r\n", ""}},
     NULL,
     account_retrieve,
     DM_ERR_REDIRECT,
     false},
    {"HTTP 400 with a map of fields",
     {{"400 Bad request", "", "{\"name\":[\"is required\"],\"outputs\":[\"a\",\"b\"]}"}},
     NULL,
     spec_create,
     DM_ERR_REJECTED,
     false},
    {"HTTP 401",
     {{"401 Unauthorized", "", "{\"detail\":\"Invalid token.\"}"}},
     NULL,
     account_retrieve,
     DM_ERR_CREDENTIALS,
     false},
    {"HTTP 404",
     {{"404 Not found", "", "{\"error\":{\"message\":\"no such thing\"}}"}},
     NULL,
     spec_retrieve,
     DM_ERR_NOT_FOUND,
     false},
    {"HTTP 502 of HTML", {{"502 Bad gateway", "", HTML}}, NULL, account_retrieve, DM_ERR_SERVER, false},
    {"HTTP 500 of plain text", {{"500 Oh no", "", "it broke\n"}}, NULL, account_retrieve, DM_ERR_SERVER, false},
    {"a reply of HTML", {GOOD(HTML)}, NULL, account_retrieve, DM_ERR_BAD_RESPONSE, false},
    {"an empty reply", {GOOD("")}, NULL, account_retrieve, DM_ERR_BAD_RESPONSE, false},
    {"an array for an object", {GOOD("[]")}, NULL, account_retrieve, DM_ERR_BAD_RESPONSE, false},
    {"a string for a score",
     {GOOD(TASK("123", "success", "null", SCORE_IS_STRING))},
     NULL,
     task_retrieve,
     DM_ERR_BAD_RESPONSE,
     false},
    {"predictions that are null",
     {GOOD(TASK("123", "success", "null", NO_PREDICTED))},
     NULL,
     task_wait,
     DM_ERR_BAD_RESPONSE,
     false},
    {"a page that is no page", {GOOD("{\"count\":1}")}, NULL, task_list, DM_ERR_BAD_RESPONSE, false},
    {"a task that failed", {SUBMITTED, GOOD(FAILURE("123"))}, NULL, spec_infer_bytes, DM_ERR_TASK_FAILED, true},
    {"a file that is not there", {SUBMITTED}, NULL, spec_infer_no_file, DM_ERR_FILE, true},
};

const size_t scenario_count = COUNT(scenarios);
