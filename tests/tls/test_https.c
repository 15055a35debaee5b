/* Complete calls over HTTPS, with real servers: HTTP/1.1 only, many threads, and gateways. */
#include <deepomatic.h>

#include "api_test.h"
#include "assert_status.h"
#include "scene.h"
#include "servers.h"
#include "test.h"
#include "tls_test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- Servers that offer HTTP/2, which is not used ---- */

static void infer_photo(struct scene *scene)
{
    const dm_input photo = dm_image_file(PHOTOS_DIR "/cat.jpg");
    dm_inference *inference = NULL;

    assert_status(scene_check(scene, dm_spec_infer(scene->client, dm_public_spec("sandbox-colors"), &photo, 1, NULL,
                                                   NULL, &inference, &scene->error)),
                  DM_OK, &scene->error);
    assert_int_equal(inference->output_count, 1);
    assert_true(inference->outputs[0].labels.predicted_count > 0);
    dm_inference_free(inference);
}

/* Each kind of request: GET, POST of JSON and of a photo, PATCH, DELETE. */
static void use_the_api(struct scene *scene)
{
    const dm_spec_changes changes = {.name = "another"};
    dm_spec *changed = NULL;
    dm_spec *spec = create_spec(scene, "one");

    assert_status(scene_check(scene, dm_spec_update(scene->client, spec->id, &changes, NULL, &changed, &scene->error)),
                  DM_OK, &scene->error);
    assert_string_equal(changed->name, "another");
    dm_spec_free(changed);
    infer_photo(scene);
    assert_status(scene_get(scene, NULL), DM_OK, &scene->error);
    delete_spec(scene, spec);
}

static void assert_all_http1(const char *server, size_t mark, size_t least)
{
    char *seen = log_since(server, mark, least);
    const char *at = seen;

    for (size_t i = 0; i < count_lines(seen); i++) {
        if (strncmp(at, "HTTP/1.1 TLSv1.", strlen("HTTP/1.1 TLSv1.")) != 0)
            fail_msg("expected HTTP/1.1, got: %s", at);
        at = strchr(at, '\n') + 1;
    }
    free(seen);
}

static void a_server_that_offers_http2_is_used_with_http1(void **state)
{
    const size_t mark = log_mark("h2");
    struct scene scene;
    (void)state;

    start(&scene, "h2", (dm_client_options){0});
    use_the_api(&scene);
    scene_end(&scene);
    assert_all_http1("h2", mark, 6);
    char *seen = log_since("h2", mark, 6);
    assert_words(seen, "\"PATCH /v0.7/recognition/specs/");
    assert_words(seen, "encoding=\"gzip\"");
    free(seen);
}

static void everything_works_over_http1(void **state)
{
    struct scene scene;
    (void)state;

    start(&scene, "good", (dm_client_options){0});
    use_the_api(&scene);
    scene_end(&scene);
}

/* The server closes each connection after three requests. No request is lost, and no create is sent twice. */
static void a_server_may_close_after_each_third_request(void **state)
{
    const size_t mark = log_mark("few_requests");
    struct scene scene;
    (void)state;

    start(&scene, "few_requests", (dm_client_options){.max_attempts = 1});
    for (int i = 0; i < 10; i++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    for (int i = 0; i < 3; i++)
        use_the_api(&scene);
    scene_end(&scene);
    assert_all_http1("few_requests", mark, 10 + 3 * 6);
    assert_int_equal(log_count_since("few_requests", mark, "\"POST /v0.7/recognition/specs "), 3);
}

enum { THREADS = 8, CALLS = 20, ALL_CALLS = THREADS * CALLS };

static void *call_often(void *data)
{
    dm_client *client = data;
    size_t good = 0;

    for (int i = 0; i < CALLS; i++) {
        dm_account *account = NULL;
        good += dm_account_retrieve(client, NULL, &account, NULL) == DM_OK;
        dm_account_free(account);
    }
    return good == CALLS ? NULL : data;
}

static void many_threads_use_one_client(void **state)
{
    const size_t mark = log_mark("few_requests");
    const struct line ca = server_file("ca.pem");
    const struct line url = server_url("few_requests");
    const dm_client_options options = {.api_key = SCENE_KEY, .api_url = url.text, .proxy = "", .ca_file = ca.text};
    pthread_t threads[THREADS];
    dm_client *client = NULL;
    (void)state;

    assert_status(dm_client_new(&options, &client, NULL), DM_OK, NULL);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, client), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    dm_client_free(client);
    assert_all_http1("few_requests", mark, ALL_CALLS);
}

/* ---- Answers of a gateway ---- */

static void a_gateway_without_a_service_is_a_server_failure(void **state)
{
    struct scene scene;
    (void)state;

    start(&scene, "bad_gateway", (dm_client_options){.max_attempts = 3});
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_int_equal(scene.error.http_status, 502);
    assert_int_equal(scene.error.attempts, 3);
    assert_words(scene.error.message, "502");
    scene_end(&scene);
}

/* It answers and closes the connection during the upload. */
static void an_upload_that_is_too_large_is_rejected(void **state)
{
    static const char *const servers[] = {"limits", "limits_http1"};
    const size_t size = (size_t)32 * 1024 * 1024;
    char *bytes = calloc(1, size);
    const dm_input image = dm_image_bytes(bytes, size);
    struct scene scene;
    (void)state;

    assert_non_null(bytes);
    for (size_t i = 0; i < 2; i++) {
        start(&scene, servers[i], (dm_client_options){0});
        assert_status(scene_infer(&scene, &image, NULL), DM_ERR_REJECTED, &scene.error);
        assert_int_equal(scene.error.http_status, 413);
        assert_int_equal(scene.error.attempts, 1);
        assert_words(scene.error.message, "413");
        scene_end(&scene);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_offers_http2_is_used_with_http1),
        cmocka_unit_test(everything_works_over_http1),
        cmocka_unit_test(a_server_may_close_after_each_third_request),
        cmocka_unit_test(many_threads_use_one_client),
        cmocka_unit_test(a_gateway_without_a_service_is_a_server_failure),
        cmocka_unit_test(an_upload_that_is_too_large_is_rejected),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
