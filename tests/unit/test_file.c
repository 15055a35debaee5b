#include "base/file.h"

#include "open_descriptors.h"
#include "temp_files.h"
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int make_folder(void **state)
{
    *state = temp_folder_new();
    return *state != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    return temp_folder_remove(*state) ? 0 : -1;
}

/* Opening fails with DM_ERR_FILE and these words, names the path and leaves nothing open. */
static void assert_unfit(const char *path, const char *why)
{
    struct file opened;
    dm_error error;
    char wanted[600];
    const size_t before = open_descriptors();
    assert_int_equal(file_open(&error, "inputs[3]", path, &opened), DM_ERR_FILE);
    assert_int_equal(error.status, DM_ERR_FILE);
    snprintf(wanted, sizeof wanted, "inputs[3]: \"%s\": %s", path, why);
    assert_string_equal(error.message, wanted);
    assert_int_equal(open_descriptors(), before);
}

static void a_regular_file_is_opened_and_measured(void **state)
{
    struct file opened;
    dm_error error;
    struct stat found;
    char bytes[8] = "";
    char *path = temp_path(*state, "image \xc3\xa9.jpg");
    assert_true(write_file(path, "JFIF\0x", 6));
    assert_int_equal(file_open(&error, "image", path, &opened), DM_OK);
    assert_int_equal(opened.size, 6);
    assert_int_equal(stat(path, &found), 0);
    assert_memory_equal(&opened.changed, &found.st_mtim, sizeof found.st_mtim);
    assert_int_equal(pread(opened.descriptor, bytes, sizeof bytes, 0), 6);
    assert_memory_equal(bytes, "JFIF\0x", 6);
    assert_true((fcntl(opened.descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    close(opened.descriptor);
    free(path);
}

static void a_link_to_a_file_is_followed(void **state)
{
    struct file opened;
    char *path = temp_path(*state, "target");
    char *link = temp_path(*state, "link");
    assert_true(write_file(path, "x", 1));
    assert_int_equal(symlink(path, link), 0);
    assert_int_equal(file_open(NULL, "image", link, &opened), DM_OK);
    close(opened.descriptor);
    free(link);
    free(path);
}

static void a_missing_file_is_said_to_be_missing(void **state)
{
    char *path = temp_path(*state, "none.jpg");
    assert_unfit(path, "No such file or directory");
    free(path);
}

static void a_directory_is_no_image(void **state)
{
    assert_unfit(*state, "it is a directory, not an image file");
}

static void an_empty_file_is_no_image(void **state)
{
    char *path = temp_path(*state, "empty.jpg");
    assert_true(write_file(path, "", 0));
    assert_unfit(path, "the image is empty");
    free(path);
}

static void a_pipe_is_refused_without_waiting_for_its_other_end(void **state)
{
    char *path = temp_path(*state, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_unfit(path, "it is not a regular file; read it, and use dm_image_bytes");
    free(path);
}

static void a_device_is_no_image(void **state)
{
    (void)state;
    assert_unfit("/dev/zero", "it is not a regular file; read it, and use dm_image_bytes");
}

static void a_socket_is_no_image(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char *path = temp_path(*state, "socket");
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_unfit(path, "No such device or address");
    close(listener);
    free(path);
}

/* Root may read everything, so it becomes somebody else for a moment. */
static void an_unreadable_file_is_said_to_be_one(void **state)
{
    enum { NOBODY = 65534 };
    const uid_t self = geteuid();
    char *path = temp_path(*state, "locked.jpg");
    assert_true(write_file(path, "x", 1));
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(*state, 0711), 0);
    if (self == 0)
        assert_int_equal(seteuid(NOBODY), 0);
    assert_unfit(path, "Permission denied");
    assert_int_equal(seteuid(self), 0);
    free(path);
}

static void a_path_is_made_printable_in_the_message(void **state)
{
    struct file opened;
    dm_error error;
    (void)state;
    assert_int_equal(file_open(&error, "image", "/none/\x1b[2J\xff\n", &opened), DM_ERR_FILE);
    assert_string_equal(error.message, "image: \"/none/ [2J? \": No such file or directory");
}

static void a_file_to_be_read_later_is_there_and_is_no_directory(void **state)
{
    dm_error error;
    char *path = temp_path(*state, "ca.pem");

    assert_true(write_file(path, "x", 1));
    assert_int_equal(file_check(&error, "options.ca_file", path), DM_OK);
    assert_int_equal(file_check(&error, "options.ca_file", "/dev/null"), DM_OK);
    assert_int_equal(file_check(&error, "options.ca_file", *state), DM_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "it is a directory"));
    assert_int_equal(file_check(&error, "options.ca_file", "/none/ca.pem"), DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(error.message, "options.ca_file: \"/none/ca.pem\": No such file or directory");
    free(path);
}

/* That says nothing of the file. */
static void without_a_descriptor_it_is_the_systems_fault(void **state)
{
    struct rlimit before;
    dm_error error;
    (void)state;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    const dm_status status = file_check(&error, "options.ca_file", "/dev/null");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(status, DM_ERR_SYSTEM);
    assert_non_null(strstr(error.message, "Too many open files"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_regular_file_is_opened_and_measured),
        cmocka_unit_test(a_link_to_a_file_is_followed),
        cmocka_unit_test(a_missing_file_is_said_to_be_missing),
        cmocka_unit_test(a_directory_is_no_image),
        cmocka_unit_test(an_empty_file_is_no_image),
        cmocka_unit_test(a_pipe_is_refused_without_waiting_for_its_other_end),
        cmocka_unit_test(a_device_is_no_image),
        cmocka_unit_test(a_socket_is_no_image),
        cmocka_unit_test(an_unreadable_file_is_said_to_be_one),
        cmocka_unit_test(a_file_to_be_read_later_is_there_and_is_no_directory),
        cmocka_unit_test(without_a_descriptor_it_is_the_systems_fault),
        cmocka_unit_test(a_path_is_made_printable_in_the_message),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
