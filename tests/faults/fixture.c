#include "fixture.h"

#include "array.h"
#include "assert_status.h"
#include "test.h"

static const dm_bbox box = {.xmin = 0.1, .ymin = 0.25, .xmax = 0.9, .ymax = 1.0 / 3};
static const dm_point corners[] = {{0.1, 0.2}, {1.0 / 3, 0.5}, {0.7, 0.9}};

dm_input image(enum image_kind kind)
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

const dm_infer_options infer_options = {.show_discarded = true, .max_predictions = 7};
const dm_page_options one_item = {.limit = 1};

static void ignore_line(dm_log_level level, const char *line, void *data)
{
    (void)level;
    (void)line;
    (void)data;
}

dm_client_options client_options(const char *url)
{
    return (dm_client_options){
        .api_key = FIXTURE_KEY,
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

void fixture_open(struct fixture *fixture, const char *url, int64_t timeout_ms)
{
    enum { USUAL_TIMEOUT_MS = 20000 };
    const dm_client_options options = client_options(url);

    *fixture = (struct fixture){.url = url};
    assert_status(dm_client_new(&options, &fixture->client, &fixture->error), DM_OK, &fixture->error);
    assert_status(dm_cancel_new(&fixture->cancel, &fixture->error), DM_OK, &fixture->error);
    fixture->call =
        (dm_call_options){.timeout_ms = timeout_ms != 0 ? timeout_ms : USUAL_TIMEOUT_MS, .cancel = fixture->cancel};
}

void fixture_close(struct fixture *fixture)
{
    dm_spec_page_free(fixture->specs);
    dm_network_page_free(fixture->networks);
    dm_version_page_free(fixture->versions);
    dm_spec_iter_free(fixture->spec_iter);
    dm_network_iter_free(fixture->network_iter);
    dm_version_iter_free(fixture->version_iter);
    dm_cancel_free(fixture->cancel);
    dm_client_free(fixture->client);
}

bool has_result(struct fixture *fixture, dm_status status, const void *result)
{
    if (status == DM_OK && result != NULL && result != UNTOUCHED)
        return true;
    if (status == DM_OK || result != NULL)
        fixture->wrong = status == DM_OK ? "there is no result" : "the result is not NULL";
    return false;
}
