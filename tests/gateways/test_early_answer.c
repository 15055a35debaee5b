/* Gateways that reject an upload before it has arrived: HAProxy, nginx and Caddy, over plain HTTP and over TLS. The
 * caller always gets their answer, and each upload is sent once. */
#include <deepomatic.h>

#include "api_test.h"
#include "scene.h"
#include "servers.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HAProxy sometimes drops a line of its log instead of waiting. */
enum { RUNS = 30, LOGGED_RUNS = RUNS - 3, MAX_SIZE = 30 * 1000 * 1000 };

static const char *const gateways[] = {"haproxy", "nginx", "caddy"};
static const char *const schemes[] = {"http", "https"};
static const size_t sizes[] = {4 * 1000, 300 * 1000, MAX_SIZE};

enum { GATEWAYS = 3, SCHEMES = 2, SIZES = 3, UPLOADS = GATEWAYS * SCHEMES * SIZES };

static const struct refusal {
    int http_status;
    dm_status status;
} refusals[] = {
    {401, DM_ERR_CREDENTIALS},
    {403, DM_ERR_CREDENTIALS},
    {413, DM_ERR_REJECTED},
    {429, DM_ERR_RATE_LIMITED},
};

enum { REFUSALS = sizeof refusals / sizeof refusals[0], SOURCES = 2, CALLS = REFUSALS * SOURCES * RUNS };

/* Uploads of one size to one gateway, which are one test. */
struct upload {
    const char *gateway;
    const char *scheme;
    size_t size;
    char name[64];
};

static struct upload uploads[UPLOADS];
static char *image_bytes;
static struct line image_files[SIZES];

/* ---- What is sent ---- */

static dm_input make_image(const struct upload *upload, size_t source)
{
    size_t size_index = 0;

    if (source == 0)
        return dm_image_bytes(image_bytes, upload->size);
    while (sizes[size_index] != upload->size)
        size_index++;
    return dm_image_file(image_files[size_index].text);
}

struct spec_name {
    char text[64];
};

/* The specification's name selects the gateway's answer, and identifies the line in its log. */
static struct spec_name make_spec_name(const struct upload *upload, size_t source, const struct refusal *refusal)
{
    struct spec_name made;

    snprintf(made.text, sizeof made.text, "s%d-%s-%zu-%s", refusal->http_status, upload->scheme, upload->size,
             source == 0 ? "bytes" : "file");
    return made;
}

/* There is only one attempt, because a 429 would be retried. If a reset follows the answer during a send, libcurl loses
 * the answer; an extra attempt, which does not count, gets it. */
static void start_client(struct scene *scene, const struct upload *upload, bool submit_once, int http_status)
{
    char server[64];
    const struct line ca = server_file("ca.pem");
    const dm_client_options options = {
        .ca_file = ca.text, .submit_once = submit_once, .max_attempts = http_status == 429 ? 1 : 0};

    snprintf(server, sizeof server, "%s_%s", upload->gateway, upload->scheme);
    scene_init(scene);
    scene_start_at(scene, server_address(upload->scheme, "localhost", server, "").text, &options);
}

/* ---- The results ---- */

static bool is_right(const dm_error *error, const struct refusal *refusal)
{
    return error->status == refusal->status && error->http_status == refusal->http_status && !error->outcome_unknown;
}

static bool submit(struct scene *scene, const char *spec_name, const dm_input *image, const struct refusal *refusal)
{
    dm_task_id id;
    const dm_status status =
        dm_spec_submit(scene->client, dm_public_spec(spec_name), image, 1, NULL, NULL, &id, &scene->error);

    scene_check(scene, status);
    return status == scene->error.status && is_right(&scene->error, refusal);
}

/* The same client submits twice and may reuse its connections; another one submits once. */
static size_t count_wrong(const struct upload *upload, size_t source, const struct refusal *refusal)
{
    const dm_input image = make_image(upload, source);
    const struct spec_name name = make_spec_name(upload, source, refusal);
    struct scene *scenes = calloc(2, sizeof *scenes);
    size_t wrong = 0;

    assert_non_null(scenes);
    for (size_t i = 0; i < 2; i++)
        start_client(&scenes[i], upload, i == 1, refusal->http_status);
    for (size_t run = 0; run < RUNS; run++) {
        struct scene *scene = &scenes[run % 2];
        if (submit(scene, name.text, &image, refusal))
            continue;
        if (wrong++ == 0)
            print_message("           %s: %s, outcome_unknown %d: %s\n", name.text, dm_status_name(scene->error.status),
                          scene->error.outcome_unknown, scene->error.message);
    }
    for (size_t i = 0; i < 2; i++)
        scene_end(&scenes[i]);
    free(scenes);
    return wrong;
}

/* The gateway's log line for such a request over HTTP/1.1. */
static struct line make_log_words(const struct upload *upload, const char *spec_name)
{
    char server[64];
    struct line made;

    snprintf(server, sizeof server, "%s_%s", upload->gateway, upload->scheme);
    if (strcmp(upload->gateway, "caddy") == 0)
        snprintf(made.text, sizeof made.text,
                 "\"proto\":\"HTTP/1.1\",\"method\":\"POST\",\"host\":\"localhost:%d\","
                 "\"uri\":\"/v0.7/recognition/public/%s/inference\"",
                 server_port(server), spec_name);
    else
        snprintf(made.text, sizeof made.text, "HTTP/1.1 POST /v0.7/recognition/public/%s/inference ", spec_name);
    return made;
}

static size_t count_misheard(const struct upload *upload, size_t mark, size_t source, const struct refusal *refusal)
{
    const struct spec_name name = make_spec_name(upload, source, refusal);
    const struct line words = make_log_words(upload, name.text);
    char path[128];

    snprintf(path, sizeof path, "/public/%s/inference", name.text);
    char *log = log_since_with(upload->gateway, mark, path, LOGGED_RUNS);
    const size_t all = count_words(log, path);
    const size_t by_http1 = count_words(log, words.text);
    free(log);
    if (by_http1 == all)
        return 0;
    print_message("           %s: the gateway had %zu requests for %d calls, %zu of them by HTTP/1.1\n", name.text, all,
                  (int)RUNS, by_http1);
    return 1;
}

static void an_early_answer_arrives(void **state)
{
    const struct upload *upload = *state;
    const size_t mark = log_mark(upload->gateway);
    size_t wrong = 0;
    size_t misheard = 0;

    for (size_t i = 0; i < REFUSALS * SOURCES; i++)
        wrong += count_wrong(upload, i % SOURCES, &refusals[i / SOURCES]);
    for (size_t i = 0; i < REFUSALS * SOURCES; i++)
        misheard += count_misheard(upload, mark, i % SOURCES, &refusals[i / SOURCES]);
    if (wrong > 0 || misheard > 0)
        fail_msg("%s: %zu of %d answers are wrong; %zu of %d kinds of upload were not all sent by HTTP/1.1",
                 upload->name, wrong, (int)CALLS, misheard, (int)(REFUSALS * SOURCES));
}

/* Otherwise the use of HTTP/1.1 would prove nothing. */
static void every_gateway_offers_http2(void **state)
{
    (void)state;
    if ((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) == 0) {
        print_message("           this libcurl does not support HTTP/2\n");
        skip();
    }
    for (size_t i = 0; i < GATEWAYS; i++) {
        char server[64];
        const size_t mark = log_mark(gateways[i]);

        snprintf(server, sizeof server, "%s_https", gateways[i]);
        assert_int_equal(control_get(server_address("https", "localhost", server, "/s403-control/").text), CURLE_OK);
        free(log_since(gateways[i], mark, 1));
        assert_int_equal(log_count_since(gateways[i], mark, "HTTP/2.0"), 1);
    }
}

/* ---- All of them ---- */

static int make_images(void **state)
{
    (void)state;
    image_bytes = calloc(1, MAX_SIZE);
    if (image_bytes == NULL)
        return -1;
    for (size_t i = 0; i < SIZES; i++) {
        char name[64];
        snprintf(name, sizeof name, "%zu.jpg", sizes[i]);
        image_files[i] = server_file(name);
        if (!write_file_of_size(image_files[i].text, sizes[i], "\xff\xd8\xff", 3))
            return -1;
    }
    return 0;
}

static int free_images(void **state)
{
    (void)state;
    free(image_bytes);
    return 0;
}

static struct CMUnitTest upload_test(size_t index)
{
    struct upload *upload = &uploads[index];

    *upload = (struct upload){.gateway = gateways[index / (SCHEMES * SIZES)],
                              .scheme = schemes[index / SIZES % SCHEMES],
                              .size = sizes[index % SIZES]};
    snprintf(upload->name, sizeof upload->name, "an early answer arrives: %s, %s, %zu bytes", upload->gateway,
             upload->scheme, upload->size);
    return (struct CMUnitTest){.name = upload->name, .test_func = an_early_answer_arrives, .initial_state = upload};
}

int main(void)
{
    struct CMUnitTest tests[UPLOADS + 2] = {cmocka_unit_test(every_gateway_offers_http2)};

    for (size_t i = 0; i < UPLOADS; i++)
        tests[1 + i] = upload_test(i);
    api_forget_environment();
    return cmocka_run_group_tests(tests, make_images, free_images);
}
