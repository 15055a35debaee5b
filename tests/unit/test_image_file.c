/* Messages for paths that are not image files. */
#include "codec/image.h"

#include "assert_status.h"
#include "open_descriptors.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int make_folder(void **state)
{
    *state = temp_folder_new();
    return *state != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    return temp_folder_remove(*state) ? 0 : -1;
}

/* Opening fails with DM_ERR_FILE and this message with the path, and leaves nothing open. */
static void assert_unfit(const char *path, const char *shown_path, const char *why)
{
    struct image image;
    struct failure failure;
    dm_error error;
    char wanted[600];
    const dm_input input = dm_image_file(path);
    const size_t before = open_descriptors();

    failure_init(&failure, &error);
    assert_true(image_check(&image, &input, 3, &failure));
    assert_false(image_open(&image, 3, &failure));
    assert_status(failure.status, DM_ERR_FILE, &error);
    snprintf(wanted, sizeof wanted, "inputs[3]: \"%s\": %s", shown_path, why);
    assert_string_equal(error.message, wanted);
    assert_int_equal(open_descriptors(), before);
}

static void a_directory_is_not_an_image_file(void **state)
{
    assert_unfit(*state, *state, "it is a directory, not an image file");
}

static void an_empty_file_is_not_an_image(void **state)
{
    char *path = temp_path(*state, "empty.jpg");
    assert_true(write_file(path, "", 0));
    assert_unfit(path, path, "it is empty");
    free(path);
}

static void the_message_on_other_files_than_regular_ones_suggests_bytes(void **state)
{
    static const char words[] = "it is not a regular file; read it, and use dm_image_bytes";
    char *path = temp_path(*state, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_unfit(path, path, words);
    assert_unfit("/dev/zero", "/dev/zero", words);
    free(path);
}

static void a_path_is_made_printable_in_the_message(void **state)
{
    (void)state;
    assert_unfit("/none/\x1b[2J\xff\n", "/none/ [2J? ", "No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_is_not_an_image_file),
        cmocka_unit_test(an_empty_file_is_not_an_image),
        cmocka_unit_test(the_message_on_other_files_than_regular_ones_suggests_bytes),
        cmocka_unit_test(a_path_is_made_printable_in_the_message),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
