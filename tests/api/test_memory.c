/* Uploads are streamed: beyond the caller's own buffers, an image of 64 MB needs no more memory than one of 64 KB. A
 * queue needs no more memory for many images than for few, nor for large images than for small ones. */
#include "api_test.h"
#include "assert_status.h"
#include "base64_text.h"
#include "heap.h"
#include "peak_memory.h"
#include "temp_files.h"
#include "test.h"
#include "tiny_png.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t small_size = (size_t)64 * 1024;
static const size_t large_size = (size_t)64 * 1024 * 1024;
static const size_t allowed_growth = (size_t)2 * 1024 * 1024;

static char *photo;
static size_t photo_size;
static char *folder;

static int start(void **state)
{
    const char *const arguments[] = {"--task-delay-ms", "0", NULL};

    (void)state;
    api_test_start(&api, arguments);
    photo = read_whole_file(PHOTOS_DIR "/coffee.jpg", &photo_size);
    folder = temp_folder_new();
    return photo != NULL && folder != NULL && photo_size < small_size ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    free(photo);
    api_test_stop(&api);
    return temp_folder_remove(folder) ? 0 : -1;
}

/* Sanitizers and valgrind use memory themselves, so the figures mean nothing there. CI sets an environment variable. */
static bool figures_count(void)
{
#ifdef __SANITIZE_ADDRESS__
    return false;
#else
    const char *under = getenv("DEEPOMATIC_TESTS_UNDER");

    return under == NULL || *under == '\0';
#endif
}

/* The whole body must have arrived, as an image that can be recognised. */
static void check_arrived(size_t mark, size_t size)
{
    struct request_log *log = api_requests_since(&api, mark, "/v0.7/recognition/");

    assert_int_equal(log->count, 1);
    assert_int_equal(log_number(log->items[0], "status"), 200);
    assert_true((size_t)log_number(log->items[0], "body_length") >= size);
    assert_null(log_header(log->items[0], "expect"));
    request_log_free(log);
}

/* The difference between the peak and the resident memory at the beginning. The log is read only after that. */
static size_t growth_while_sending(dm_input input, size_t size)
{
    const dm_call_options patient = {.timeout_ms = 240000}; /* a loaded machine decodes 64 MB slowly */
    const size_t mark = sandbox_mark(api.sandbox);
    size_t before = 0;
    size_t after = 0;
    dm_task_id id;
    dm_error error;

    heap_trim();
    assert_true(peak_memory_reset() && peak_memory_read(&before));
    assert_status(dm_spec_submit(api.client, dm_public_spec("sandbox-colors"), &input, 1, NULL, &patient, &id, &error),
                  DM_OK, &error);
    assert_true(peak_memory_read(&after));
    check_arrived(mark, size);
    return after - before;
}

static void check_growth(const char *what, size_t of_small, size_t of_large)
{
    print_message("%s: %zu KiB for a small image, %zu KiB for 64 MB\n", what, of_small / 1024, of_large / 1024);
    if (figures_count())
        assert_true(of_large < of_small + allowed_growth);
}

/* ---- The same image with bytes behind it, which its decoder ignores ---- */

static size_t growth_for_file(size_t size)
{
    char *path = temp_path(folder, "image.jpg");

    assert_true(write_file_of_size(path, size, photo, photo_size));
    const size_t growth = growth_while_sending(dm_image_file(path), size);
    remove(path);
    free(path);
    return growth;
}

static size_t growth_for_bytes(size_t size)
{
    char *bytes = malloc(size);

    assert_non_null(bytes);
    memset(bytes, 'x', size);
    memcpy(bytes, photo, photo_size);
    const size_t growth = growth_while_sending(dm_image_bytes(bytes, size), size);
    free(bytes);
    return growth;
}

/* A line feed after each 64 characters, which is not sent. */
static void wrap_lines(char *text, size_t size)
{
    for (size_t i = 64; i < size; i += 65)
        text[i] = '\n';
}

/* Lines of base64: the photograph's complete groups, then zeros in complete groups. */
static size_t growth_for_base64(size_t size)
{
    char *encoded = base64_text(photo, photo_size / 3 * 3, BASE64_PLAIN);
    char *text = malloc(size);
    const size_t length = size / 260 * 260; /* four lines are 64 groups of four characters */

    assert_non_null(encoded);
    assert_non_null(text);
    memset(text, 'A', size);
    wrap_lines(text, length);
    for (size_t from = 0, to = 0; encoded[from] != '\0' && to < length; to++) {
        if (text[to] != '\n')
            text[to] = encoded[from++];
    }
    free(encoded);
    const size_t growth = growth_while_sending(dm_image_base64(text, length), length / 65 * 64);
    free(text);
    return growth;
}

static void a_large_file_takes_no_more_memory_than_a_small_one(void **state)
{
    (void)state;
    const size_t of_small = growth_for_file(small_size);
    check_growth("file", of_small, growth_for_file(large_size));
}

static void a_large_buffer_is_sent_in_place(void **state)
{
    (void)state;
    const size_t of_small = growth_for_bytes(small_size);
    check_growth("bytes", of_small, growth_for_bytes(large_size));
}

static void large_base64_text_is_sent_in_place(void **state)
{
    (void)state;
    const size_t of_small = growth_for_base64(2 * small_size);
    check_growth("base64", of_small, growth_for_base64(large_size));
}

/* ---- Many images ---- */

static void take_result(dm_queue *queue)
{
    dm_result *result = NULL;
    dm_error error;

    assert_status(dm_queue_next(queue, NULL, &result, &error), DM_OK, &error);
    assert_status(result->status, DM_OK, &result->error);
    dm_result_free(result);
}

/* Recognises the same image many times. */
static void recognise(const dm_input *input, size_t count)
{
    dm_queue *queue = NULL;
    size_t in_flight = 0;
    dm_error error;

    assert_status(dm_queue_new(api.client, NULL, &queue, &error), DM_OK, &error);
    for (size_t pushed = 0; pushed < count;) {
        const dm_status status =
            dm_queue_push_spec(queue, dm_public_spec("sandbox-colors"), input, 1, NULL, NULL, &error);
        if (status != DM_FULL) {
            assert_status(status, DM_OK, &error);
            pushed++;
            in_flight++;
            continue;
        }
        take_result(queue);
        in_flight--;
    }
    while (in_flight-- > 0)
        take_result(queue);
    dm_queue_free(queue);
}

static size_t growth_of_queue(const dm_input *input, size_t count)
{
    size_t before = 0;
    size_t after = 0;

    heap_trim();
    assert_true(peak_memory_reset() && peak_memory_read(&before));
    recognise(input, count);
    assert_true(peak_memory_read(&after));
    return after - before;
}

static void a_queue_takes_no_more_memory_for_many_images_than_for_few(void **state)
{
    const size_t few = 300;
    const size_t many = figures_count() ? 3000 : 500;
    size_t size = 0;
    unsigned char *picture = tiny_png((const char *const[]){"rr", NULL}, &size);
    const dm_input input = dm_image_bytes(picture, size);

    (void)state;
    recognise(&input, few);
    const size_t of_few = growth_of_queue(&input, few);
    const size_t of_many = growth_of_queue(&input, many);
    print_message("queue: %zu KiB for %zu images, %zu KiB for %zu\n", of_few / 1024, few, of_many / 1024, many);
    if (figures_count())
        assert_true(of_many < of_few + allowed_growth);
    free(picture);
}

static size_t growth_of_queue_for_files(size_t size)
{
    char *path = temp_path(folder, "image.jpg");
    const dm_input input = dm_image_file(path);

    assert_true(write_file_of_size(path, size, photo, photo_size));
    const size_t growth = growth_of_queue(&input, 12);
    remove(path);
    free(path);
    return growth;
}

static void a_queue_takes_no_more_memory_for_large_images_than_for_small_ones(void **state)
{
    const size_t size = (size_t)20 * 1024 * 1024;

    (void)state;
    const size_t of_small = growth_of_queue_for_files(small_size);
    const size_t of_large = growth_of_queue_for_files(size);
    print_message("queue: %zu KiB for 12 small images, %zu KiB for 12 of 20 MB\n", of_small / 1024, of_large / 1024);
    if (figures_count())
        assert_true(of_large < of_small + 2 * allowed_growth);
}

/* This shows that the test above can fail: memory that is allocated and written to is measured. */
static void the_measurement_notices_memory_that_is_used(void **state)
{
    const size_t size = 4 * allowed_growth;
    size_t before = 0;
    size_t after = 0;

    (void)state;
    assert_true(peak_memory_reset() && peak_memory_read(&before));
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, 'x', size);
    assert_int_equal(bytes[size / 2], 'x');
    free(bytes);
    assert_true(peak_memory_read(&after));
    if (figures_count())
        assert_true(after - before > size / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_measurement_notices_memory_that_is_used),
        cmocka_unit_test(a_large_file_takes_no_more_memory_than_a_small_one),
        cmocka_unit_test(a_large_buffer_is_sent_in_place),
        cmocka_unit_test(large_base64_text_is_sent_in_place),
        cmocka_unit_test(a_queue_takes_no_more_memory_for_many_images_than_for_few),
        cmocka_unit_test(a_queue_takes_no_more_memory_for_large_images_than_for_small_ones),
    };

    heap_use_one_arena();
    return cmocka_run_group_tests(tests, start, stop);
}
