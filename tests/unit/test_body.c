#include "message/body.h"

#include "temp_files.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = temp_folder_new();
    return folder == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return temp_folder_remove(folder) ? 0 : 1;
}

/* Appends a new file with these contents. Free the path. */
static char *append_new_file(struct body *body, const char *name, const char *contents)
{
    char *path = temp_path(folder, name);
    struct file opened;

    assert_true(write_file(path, contents, strlen(contents)));
    assert_int_equal(file_open(path, &opened), FILE_FINE);
    body_append_file(body, &opened);
    return path;
}

/* Reads the whole stream in pieces of `step` bytes. */
static void expect_stream(const struct body *body, const char *expected, size_t step)
{
    char got[256] = "";
    size_t length = 0;
    struct body_reader reader;

    assert_true(body_rewind(&reader, body));
    for (ssize_t size = 1; size > 0; length += (size_t)size) {
        assert_true(length + step <= sizeof got);
        size = body_read(&reader, got + length, step);
        assert_true(size >= 0 && (size_t)size <= step);
    }
    assert_int_equal(length, strlen(expected));
    assert_int_equal(length, body->length);
    assert_memory_equal(got, expected, length);
    assert_int_equal(body_read(&reader, got, step), 0);
}

static void an_empty_body_has_no_bytes(void **state)
{
    struct body empty;
    (void)state;
    body_init(&empty);
    assert_int_equal(body_finish(&empty), DM_OK);
    assert_int_equal(empty.piece_count, 0);
    expect_stream(&empty, "", 8);
    body_free(&empty);
}

static void pieces_of_every_kind_are_read_in_order_with_any_step(void **state)
{
    static const char base64[] = "YWJj\r\n ZGVm\tZw";
    struct body whole;
    (void)state;

    body_init(&whole);
    text_append_string(&whole.text, "begin<");
    body_append_memory(&whole, "memory", 6);
    text_append_string(&whole.text, ">");
    text_append_string(&whole.text, "<");
    body_append_base64(&whole, base64, strlen(base64), 10);
    char *path = append_new_file(&whole, "a", "file");
    text_append_string(&whole.text, ">end");
    assert_int_equal(body_finish(&whole), DM_OK);
    assert_int_equal(whole.piece_count, 6);
    for (size_t step = 1; step < 40; step++)
        expect_stream(&whole, "begin<memory><YWJjZGVmZwfile>end", step);
    body_free(&whole);
    free(path);
}

static void only_a_body_of_text_alone_is_a_single_text(void **state)
{
    struct body body;
    (void)state;

    body_init(&body);
    assert_int_equal(body_finish(&body), DM_OK);
    assert_null(body_single_text(&body));
    text_append_string(&body.text, "{\"a\":");
    text_append_string(&body.text, "1}");
    assert_int_equal(body_finish(&body), DM_OK);
    assert_string_equal(body_single_text(&body), "{\"a\":1}");
    body_append_memory(&body, "x", 1);
    assert_int_equal(body_finish(&body), DM_OK);
    assert_null(body_single_text(&body));
    body_free(&body);

    body_append_memory(&body, "x", 1);
    assert_int_equal(body_finish(&body), DM_OK);
    assert_null(body_single_text(&body));
    body_free(&body);
}

static void the_text_may_move_while_it_grows(void **state)
{
    char expected[256] = "";
    struct body growing;
    (void)state;

    body_init(&growing);
    for (int i = 0; i < 20; i++) {
        text_append_string(&growing.text, "0123456789");
        body_append_memory(&growing, "!", 1);
        strcat(expected, "0123456789!");
    }
    assert_int_equal(body_finish(&growing), DM_OK);
    expect_stream(&growing, expected, 7);
    body_free(&growing);
}

static void memory_is_sent_in_place(void **state)
{
    static const char bytes[] = "an image";
    struct body body;
    (void)state;

    body_init(&body);
    body_append_memory(&body, bytes, sizeof bytes);
    assert_int_equal(body_finish(&body), DM_OK);
    assert_ptr_equal(body.pieces[0].data, bytes);
    assert_null(body.text.data);
    body_free(&body);
}

static void an_empty_piece_adds_nothing(void **state)
{
    struct body body;
    (void)state;

    body_init(&body);
    body_append_memory(&body, "", 0);
    text_append_string(&body.text, "x");
    body_append_base64(&body, "  ", 2, 0);
    assert_int_equal(body_finish(&body), DM_OK);
    expect_stream(&body, "x", 4);
    body_free(&body);
}

static void a_length_that_overflows_is_refused(void **state)
{
    static const size_t most =
        SIZE_MAX < (uint64_t)INT64_MAX ? SIZE_MAX : (size_t)INT64_MAX; /* libcurl's length is signed */
    struct body body;
    (void)state;

    body_init(&body);
    body_append_memory(&body, "x", most);
    assert_int_equal(body.status, DM_OK);
    body_append_memory(&body, "x", 1);
    body_append_memory(&body, "x", 0);
    assert_int_equal(body_finish(&body), DM_ERR_TOO_LARGE);
    body_free(&body);
}

static void a_text_that_could_not_be_written_is_reported(void **state)
{
    struct body body;
    (void)state;

    body_init(&body);
    text_init(&body.text, 4);
    text_append_string(&body.text, "12345");
    assert_int_equal(body_finish(&body), DM_ERR_TOO_LARGE);
    body_free(&body);
}

static bool is_open(int descriptor)
{
    return fcntl(descriptor, F_GETFD) >= 0;
}

static void a_file_is_closed_at_the_end(void **state)
{
    struct body body;
    (void)state;

    body_init(&body);
    char *path = append_new_file(&body, "b", "file");
    const int descriptor = body.pieces[0].file.descriptor;
    assert_true(is_open(descriptor));
    body_free(&body);
    assert_false(is_open(descriptor));
    free(path);
}

static void a_file_is_closed_also_if_it_cannot_be_appended(void **state)
{
    struct body body;
    (void)state;

    body_init(&body);
    body_append_memory(&body, "x", SIZE_MAX);
    const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    body_append_file(&body, &(struct file){.path = "null", .descriptor = descriptor, .size = 1});
    assert_false(is_open(descriptor));
    assert_int_equal(body_finish(&body), DM_ERR_TOO_LARGE);
    body_free(&body);
}

static void a_file_is_read_again_after_a_rewind_and_its_offset_is_not_changed(void **state)
{
    char byte = 0;
    struct body_reader reader;
    struct body body;
    (void)state;

    body_init(&body);
    char *path = append_new_file(&body, "c", "file");
    assert_int_equal(body_finish(&body), DM_OK);
    for (int again = 0; again < 3; again++) {
        assert_true(body_rewind(&reader, &body));
        assert_int_equal(body_read(&reader, &byte, 1), 1);
        assert_int_equal(byte, 'f');
    }
    assert_int_equal(lseek(body.pieces[0].file.descriptor, 0, SEEK_CUR), 0);
    body_free(&body);
    free(path);
}

/* Changes the file of a body, and returns whether the body can still be rewound. */
static bool rewinds_after(void (*change)(const char *path))
{
    struct body_reader reader;
    struct body body;

    body_init(&body);
    char *path = append_new_file(&body, "d", "contents");
    assert_int_equal(body_finish(&body), DM_OK);
    change(path);
    const bool can = body_rewind(&reader, &body);
    assert_true(can || strcmp(body_reader_path(&reader), path) == 0);
    body_free(&body);
    free(path);
    return can;
}

static void leave_alone(const char *path)
{
    assert_int_equal(access(path, R_OK), 0);
}

static void shorten(const char *path)
{
    assert_int_equal(truncate(path, 3), 0);
}

static void lengthen(const char *path)
{
    assert_int_equal(truncate(path, 300), 0);
}

static void touch(const char *path)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1, .tv_nsec = 1}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A change within the same second. */
static void touch_by_a_nanosecond(const char *path)
{
    struct stat before;
    assert_int_equal(stat(path, &before), 0);
    struct timespec times[2] = {before.st_atim, before.st_mtim};
    times[1].tv_nsec += times[1].tv_nsec == 0 ? 1 : -1;
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Only the size differs, because the time is restored. */
static void lengthen_unseen(const char *path)
{
    struct stat before;
    assert_int_equal(stat(path, &before), 0);
    lengthen(path);
    const struct timespec times[2] = {before.st_atim, before.st_mtim};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void replace(const char *path)
{
    assert_int_equal(unlink(path), 0);
    assert_true(write_file(path, "another", 7));
}

static void a_file_that_changed_cannot_be_rewound(void **state)
{
    (void)state;
    assert_true(rewinds_after(leave_alone));
    assert_false(rewinds_after(shorten));
    assert_false(rewinds_after(lengthen));
    assert_false(rewinds_after(touch));
    assert_false(rewinds_after(touch_by_a_nanosecond));
    assert_false(rewinds_after(lengthen_unseen));
}

static void a_file_that_was_replaced_by_its_name_is_still_the_one_that_was_opened(void **state)
{
    (void)state;
    assert_true(rewinds_after(replace));
}

static void a_file_that_shrinks_while_it_is_read_is_an_error(void **state)
{
    char bytes[16];
    struct body_reader reader;
    struct body body;
    (void)state;

    body_init(&body);
    char *path = append_new_file(&body, "e", "contents");
    assert_int_equal(body_finish(&body), DM_OK);
    assert_true(body_rewind(&reader, &body));
    assert_int_equal(body_read(&reader, bytes, 2), 2);
    shorten(path);
    assert_int_equal(body_read(&reader, bytes, sizeof bytes), -1);
    body_free(&body);
    free(path);
}

static void a_file_that_grows_while_it_is_read_does_not_end(void **state)
{
    char bytes[64];
    struct body_reader reader;
    struct body body;
    (void)state;

    body_init(&body);
    char *path = append_new_file(&body, "f", "contents");
    assert_int_equal(body_finish(&body), DM_OK);
    assert_true(body_rewind(&reader, &body));
    assert_int_equal(body_read(&reader, bytes, 7), 7);
    lengthen(path);
    assert_int_equal(body_read(&reader, bytes, sizeof bytes), -1);
    body_free(&body);
    free(path);
}

/* Otherwise the upload could consist of parts of two images. */
static void a_file_that_is_rewritten_while_it_is_read_does_not_end(void **state)
{
    char bytes[64];
    struct body_reader reader;
    struct body body;
    (void)state;

    body_init(&body);
    char *path = append_new_file(&body, "f", "contents");
    assert_int_equal(body_finish(&body), DM_OK);
    assert_true(body_rewind(&reader, &body));
    assert_int_equal(body_read(&reader, bytes, 4), 4);
    touch(path);
    assert_int_equal(body_read(&reader, bytes, sizeof bytes), -1);
    body_free(&body);
    free(path);
}

static void a_descriptor_that_cannot_be_read_is_an_error(void **state)
{
    char bytes[16];
    struct stat found;
    struct body_reader reader;
    struct body body;
    (void)state;

    body_init(&body);
    const int directory = open(folder, O_RDONLY | O_CLOEXEC);
    assert_int_equal(fstat(directory, &found), 0);
    body_append_file(
        &body, &(struct file){
                   .path = folder, .descriptor = directory, .size = (size_t)found.st_size, .changed = found.st_mtim});
    assert_int_equal(body_finish(&body), DM_OK);
    if (found.st_size > 0) {
        assert_true(body_rewind(&reader, &body));
        assert_int_equal(body_read(&reader, bytes, sizeof bytes), -1);
        assert_int_equal(reader.error, EISDIR);
        assert_string_equal(body_reader_path(&reader), folder);
    }
    body_free(&body);
}

static void an_old_errno_does_not_make_the_end_of_a_file_a_signal(void **state)
{
    char bytes[16];
    struct body_reader reader;
    struct body body;
    (void)state;

    body_init(&body);
    char *path = append_new_file(&body, "old_errno", "contents");
    assert_int_equal(body_finish(&body), DM_OK);
    assert_true(body_rewind(&reader, &body));
    shorten(path);
    assert_int_equal(body_read(&reader, bytes, 3), 3);
    alarm(10); /* so that an endless loop fails */
    errno = EINTR;
    assert_int_equal(body_read(&reader, bytes, sizeof bytes), -1);
    alarm(0);
    body_free(&body);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_body_has_no_bytes),
        cmocka_unit_test(pieces_of_every_kind_are_read_in_order_with_any_step),
        cmocka_unit_test(only_a_body_of_text_alone_is_a_single_text),
        cmocka_unit_test(the_text_may_move_while_it_grows),
        cmocka_unit_test(memory_is_sent_in_place),
        cmocka_unit_test(an_empty_piece_adds_nothing),
        cmocka_unit_test(a_length_that_overflows_is_refused),
        cmocka_unit_test(a_text_that_could_not_be_written_is_reported),
        cmocka_unit_test(a_file_is_closed_at_the_end),
        cmocka_unit_test(a_file_is_closed_also_if_it_cannot_be_appended),
        cmocka_unit_test(a_file_is_read_again_after_a_rewind_and_its_offset_is_not_changed),
        cmocka_unit_test(a_file_that_changed_cannot_be_rewound),
        cmocka_unit_test(a_file_that_was_replaced_by_its_name_is_still_the_one_that_was_opened),
        cmocka_unit_test(a_file_that_shrinks_while_it_is_read_is_an_error),
        cmocka_unit_test(a_file_that_grows_while_it_is_read_does_not_end),
        cmocka_unit_test(a_file_that_is_rewritten_while_it_is_read_does_not_end),
        cmocka_unit_test(a_descriptor_that_cannot_be_read_is_an_error),
        cmocka_unit_test(an_old_errno_does_not_make_the_end_of_a_file_a_signal),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
