/* The upload of a network when something goes wrong: cuts, stalls, cancellation, files that change; and its memory. */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "heap.h"
#include "peak_memory.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NETWORK       "{\"id\":42,\"name\":\"n\",\"task_id\":123}"
#define PREPROCESSING "{\"inputs\":[]}"

/* More than fits into the buffers of both sockets. */
enum { LARGE = 32 * 1024 * 1024 };

static char *folder;
static char *large_path;

static int make_files(void **state)
{
    (void)state;
    folder = temp_folder_new();
    assert_non_null(folder);
    large_path = temp_path(folder, "large");
    return write_file_of_size(large_path, LARGE, "model", 5) ? 0 : -1;
}

static int remove_files(void **state)
{
    (void)state;
    free(large_path);
    return temp_folder_remove(folder) ? 0 : -1;
}

static dm_status create(struct scene *scene, const dm_network_create_options *options, const dm_call_options *call)
{
    const dm_network_file file = {.name = "saved_model.pb", .path = large_path};
    dm_network *network = NULL;
    const dm_status status = dm_network_create(scene->client, "n", "tensorflow-1.x", PREPROCESSING, &file, 1, options,
                                               call, &network, &scene->error);

    assert_true((network != NULL) == (status == DM_OK));
    dm_network_free(network);
    return scene_check(scene, status);
}

/* ---- Cuts ---- */

/* A request whose body arrived incompletely cannot have created a network, so it is sent again from its first byte. */
static void an_upload_that_is_cut_is_sent_again(void **state)
{
    static const enum fault_ending endings[] = {FAULT_THEN_CLOSE, FAULT_THEN_RESET};
    (void)state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_break(&scene, endings[i])->reading = FAULT_READ_HEAD;
        scene_reply(&scene, "201 Created", "", NETWORK);
        scene_start(&scene, NULL);
        assert_status(create(&scene, NULL, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 2);
        const struct fault_request *whole = scene_request(&scene, 1);
        assert_true(whole->content_length > LARGE);
        assert_int_equal(whole->body_length, whole->content_length);
        scene_end(&scene);
    }
}

static void an_upload_that_was_sent_completely_is_not_sent_twice(void **state)
{
    static const enum fault_ending endings[] = {FAULT_THEN_CLOSE, FAULT_THEN_RESET};
    (void)state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_break(&scene, endings[i]);
        scene_reply(&scene, "201 Created", "", NETWORK);
        scene_start(&scene, NULL);
        assert_status(create(&scene, NULL, NULL), DM_ERR_NETWORK, &scene.error);
        assert_true(scene.error.outcome_unknown);
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
    }
}

/* ---- Time ---- */

/* The client's timeout_ms is far shorter than the stall time. It does not apply to uploads of networks. */
static void without_a_timeout_only_a_stall_ends_an_upload(void **state)
{
    const dm_client_options options = {.timeout_ms = 1, .stall_timeout_ms = 300, .max_attempts = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL)->reading = FAULT_READ_HEAD;
    scene_start(&scene, &options);
    assert_status(create(&scene, NULL, NULL), DM_ERR_TIMEOUT, &scene.error);
    assert_non_null(strstr(scene.error.message, "stall"));
    assert_false(scene.error.outcome_unknown);
    assert_int_equal(scene_requests(&scene), 1);
    scene_end(&scene);
}

static void a_timeout_of_its_own_ends_an_upload(void **state)
{
    const dm_call_options call = {.timeout_ms = 200};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL)->reading = FAULT_READ_HEAD;
    scene_start(&scene, NULL);
    const long long start = now_ms();
    assert_status(create(&scene, NULL, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_true(now_ms() - start < TOO_LONG_MS);
    scene_end(&scene);
}

/* ---- Events in the middle of an upload ---- */

struct middle {
    dm_cancel *cancel;
    const char *path; /* the file that is truncated when half of the body has been sent; NULL: none */
    int64_t sent;
    bool began_again;
};

static void in_the_middle(int64_t sent, int64_t total, void *data)
{
    struct middle *middle = data;

    (void)total;
    middle->began_again = middle->began_again || sent < middle->sent;
    middle->sent = sent;
    if (middle->cancel != NULL && sent > 0)
        dm_cancel_fire(middle->cancel);
    if (middle->path != NULL && sent > 0 && sent < LARGE / 2)
        assert_int_equal(truncate(middle->path, LARGE / 2), 0);
}

static void an_upload_is_cancelled_in_the_middle(void **state)
{
    struct middle middle = {0};
    const dm_network_create_options options = {.progress = in_the_middle, .progress_data = &middle};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL)->reading = FAULT_READ_HEAD;
    scene_start(&scene, NULL);
    assert_status(dm_cancel_new(&middle.cancel, &scene.error), DM_OK, &scene.error);
    const dm_call_options call = {.cancel = middle.cancel};
    assert_status(create(&scene, &options, &call), DM_ERR_CANCELLED, &scene.error);
    assert_true(middle.sent > 0 && middle.sent < LARGE);
    assert_false(scene.error.outcome_unknown);
    dm_cancel_free(middle.cancel);
    scene_end(&scene);
}

static void a_file_that_changes_during_its_upload_is_an_error(void **state)
{
    struct middle middle = {.path = large_path};
    const dm_network_create_options options = {.progress = in_the_middle, .progress_data = &middle};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", NETWORK);
    scene_start(&scene, NULL);
    assert_status(create(&scene, &options, NULL), DM_ERR_FILE, &scene.error);
    assert_non_null(strstr(scene.error.message, "changed"));
    assert_non_null(strstr(scene.error.message, large_path));
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
    assert_int_equal(truncate(large_path, LARGE), 0);
}

static void progress_restarts_with_the_upload(void **state)
{
    struct middle middle = {0};
    const dm_network_create_options options = {.progress = in_the_middle, .progress_data = &middle};
    const dm_client_options stall_soon = {.stall_timeout_ms = 2500, .max_attempts = 2};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL)->reading = FAULT_READ_HEAD;
    scene_reply(&scene, "201 Created", "", NETWORK);
    scene_start(&scene, &stall_soon);
    assert_status(create(&scene, &options, NULL), DM_OK, &scene.error);
    assert_true(middle.began_again);
    assert_int_equal(middle.sent, scene_request(&scene, 1)->content_length);
    scene_end(&scene);
}

/* ---- Memory ---- */

/* Sanitizers and valgrind use memory themselves, so the figures mean nothing there. CI sets an environment variable. */
static bool figures_count(void)
{
    const char *under = getenv("DEEPOMATIC_TESTS_UNDER");

    return under == NULL || *under == '\0';
}

/* The difference between the peak and the resident memory at the beginning. */
static size_t growth_for(struct api_test *test, size_t size)
{
    char *path = temp_path(folder, "model");
    const dm_network_file file = {.name = "saved_model.pb", .path = path};
    dm_network *network = NULL;
    size_t before = 0;
    size_t after = 0;

    assert_true(write_file_of_size(path, size, "model", 5));
    heap_trim();
    assert_true(peak_memory_reset() && peak_memory_read(&before));
    const dm_status status =
        dm_network_create(test->client, "n", "tensorflow-1.x",
                          "{\"inputs\":[{\"tensor_name\":\"x\",\"image\":{\"dimension_order\":\"NHWC\",\"resize_type\":"
                          "\"SQUASH\",\"target_size\":\"224\",\"color_channels\":\"L\",\"data_type\":\"FLOAT32\"}}]}",
                          &file, 1, NULL, NULL, &network, &test->error);
    assert_true(peak_memory_read(&after));
    assert_ok(test, status);
    dm_network_free(network);
    remove(path);
    free(path);
    return after - before;
}

/* tests/soak/upload.sh does the same with 2 GiB. */
static void a_large_model_takes_no_more_memory_than_a_small_one(void **state)
{
    struct api_test *test = *state;
    const size_t of_small = growth_for(test, 1000);
    const size_t of_large = growth_for(test, (size_t)64 * 1024 * 1024);

    print_message("%zu KiB for a small model, %zu KiB for 64 MB\n", of_small / 1024, of_large / 1024);
    if (figures_count())
        assert_true(of_large < of_small + (size_t)2 * 1024 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upload_that_is_cut_is_sent_again),
        cmocka_unit_test(an_upload_that_was_sent_completely_is_not_sent_twice),
        cmocka_unit_test(without_a_timeout_only_a_stall_ends_an_upload),
        cmocka_unit_test(a_timeout_of_its_own_ends_an_upload),
        cmocka_unit_test(an_upload_is_cancelled_in_the_middle),
        cmocka_unit_test(a_file_that_changes_during_its_upload_is_an_error),
        cmocka_unit_test(progress_restarts_with_the_upload),
        API_TEST(a_large_model_takes_no_more_memory_than_a_small_one, NULL),
    };

    heap_use_one_arena();
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
