#include "base/file.h"

#include "open_descriptors.h"
#include "temp_files.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
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

/* Opening fails with this fault and message, and leaves nothing open. */
static void assert_unfit(const char *path, enum file_fault wanted, const char *words)
{
    struct file opened;
    const size_t before = open_descriptors();
    const enum file_fault fault = file_open(path, &opened);
    const int number = errno;
    assert_int_equal(fault, wanted);
    assert_string_equal(file_fault_text(fault, number), words);
    assert_int_equal(open_descriptors(), before);
}

static void a_regular_file_is_opened_and_measured(void **state)
{
    struct file opened;
    struct stat found;
    char bytes[8] = "";
    char *path = temp_path(*state, "image \xc3\xa9.jpg");
    assert_true(write_file(path, "JFIF\0x", 6));
    assert_int_equal(file_open(path, &opened), FILE_FINE);
    assert_ptr_equal(opened.path, path);
    assert_int_equal(opened.size, 6);
    assert_int_equal(stat(path, &found), 0);
    assert_memory_equal(&opened.changed, &found.st_mtim, sizeof found.st_mtim);
    assert_int_equal(pread(opened.descriptor, bytes, sizeof bytes, 0), 6);
    assert_memory_equal(bytes, "JFIF\0x", 6);
    assert_true((fcntl(opened.descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    file_close(&opened);
    free(path);
}

static void a_link_to_a_file_is_followed(void **state)
{
    struct file opened;
    char *path = temp_path(*state, "target");
    char *link = temp_path(*state, "link");
    assert_true(write_file(path, "x", 1));
    assert_int_equal(symlink(path, link), 0);
    assert_int_equal(file_open(link, &opened), FILE_FINE);
    file_close(&opened);
    free(link);
    free(path);
}

static void the_message_for_a_missing_file_says_that_it_is_missing(void **state)
{
    char *path = temp_path(*state, "none.jpg");
    assert_unfit(path, FILE_SYSTEM_ERROR, "No such file or directory");
    free(path);
}

static void a_directory_is_not_opened(void **state)
{
    assert_unfit(*state, FILE_DIRECTORY, "it is a directory");
}

static void an_empty_file_is_not_opened(void **state)
{
    char *path = temp_path(*state, "empty.jpg");
    assert_true(write_file(path, "", 0));
    assert_unfit(path, FILE_EMPTY, "it is empty");
    free(path);
}

static void a_pipe_is_refused_without_waiting_for_its_other_end(void **state)
{
    char *path = temp_path(*state, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_unfit(path, FILE_NOT_REGULAR, "it is not a regular file");
    free(path);
}

static void a_device_is_not_opened(void **state)
{
    (void)state;
    assert_unfit("/dev/zero", FILE_NOT_REGULAR, "it is not a regular file");
}

static void a_socket_is_not_opened(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char *path = temp_path(*state, "socket");
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_unfit(path, FILE_SYSTEM_ERROR, "No such device or address");
    close(listener);
    free(path);
}

/* Root may read everything, so the test changes its user temporarily. */
static void the_message_for_an_unreadable_file_says_why(void **state)
{
    enum { NOBODY = 65534 };
    const uid_t self = geteuid();
    char *path = temp_path(*state, "locked.jpg");
    assert_true(write_file(path, "x", 1));
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(*state, 0711), 0);
    if (self == 0)
        assert_int_equal(seteuid(NOBODY), 0);
    assert_unfit(path, FILE_SYSTEM_ERROR, "Permission denied");
    assert_int_equal(seteuid(self), 0);
    free(path);
}

static void a_file_to_be_read_later_must_exist_and_not_be_a_directory(void **state)
{
    char *path = temp_path(*state, "ca.pem");
    const size_t before = open_descriptors();

    assert_true(write_file(path, "x", 1));
    assert_int_equal(file_probe(path), FILE_FINE);
    assert_int_equal(file_probe("/dev/null"), FILE_FINE);
    assert_int_equal(file_probe(*state), FILE_DIRECTORY);
    assert_int_equal(file_probe("/none/ca.pem"), FILE_SYSTEM_ERROR);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(open_descriptors(), before);
    free(path);
}

/* errno has the cause, which has nothing to do with the file. */
static void without_free_descriptors_it_is_a_system_error(void **state)
{
    struct rlimit usual;
    struct file opened;
    (void)state;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    const enum file_fault fault_of_probe = file_probe("/dev/null");
    const int errno_of_probe = errno;
    const enum file_fault fault_of_open = file_open("/dev/null", &opened);
    const int errno_of_open = errno;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_int_equal(fault_of_probe, FILE_SYSTEM_ERROR);
    assert_int_equal(errno_of_probe, EMFILE);
    assert_int_equal(fault_of_open, FILE_SYSTEM_ERROR);
    assert_int_equal(errno_of_open, EMFILE);
    assert_string_equal(file_fault_text(fault_of_open, errno_of_open), strerror(EMFILE));
}

static void a_file_that_is_too_large_for_the_machine_has_a_message(void **state)
{
    (void)state;
    assert_string_equal(file_fault_text(FILE_TOO_LARGE, 0), "it is too large for this machine");
}

static void a_file_is_read_at_any_offset(void **state)
{
    struct file opened;
    char bytes[8];
    char *path = temp_path(*state, "offsets");
    assert_true(write_file(path, "contents", 8));
    assert_int_equal(file_open(path, &opened), FILE_FINE);
    assert_int_equal(file_read(&opened, 3, bytes, 2), 2);
    assert_memory_equal(bytes, "te", 2);
    assert_int_equal(file_read(&opened, 0, bytes, 8), 8);
    assert_memory_equal(bytes, "contents", 8);
    assert_int_equal(file_read(&opened, 6, bytes, 8), 2);
    assert_int_equal(file_read(&opened, 8, bytes, 8), 0);
    file_close(&opened);
    assert_int_equal(file_read(&opened, 0, bytes, 8), -1);
    assert_int_equal(errno, EBADF);
    free(path);
}

static void a_file_is_unchanged_until_its_size_or_time_changes(void **state)
{
    struct stat found;
    struct file opened;
    char *path = temp_path(*state, "changes");
    assert_true(write_file(path, "contents", 8));
    assert_int_equal(file_open(path, &opened), FILE_FINE);
    assert_true(file_is_unchanged(&opened));

    assert_int_equal(stat(path, &found), 0);
    struct timespec times[2] = {found.st_atim, found.st_mtim};
    assert_int_equal(truncate(path, 9), 0);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_false(file_is_unchanged(&opened));
    assert_int_equal(truncate(path, 8), 0);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_true(file_is_unchanged(&opened));

    times[1].tv_nsec += times[1].tv_nsec == 0 ? 1 : -1;
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_false(file_is_unchanged(&opened));
    file_close(&opened);
    assert_false(file_is_unchanged(&opened));
    free(path);
}

/* On 32-bit systems, opening fails without O_LARGEFILE or _FILE_OFFSET_BITS=64. */
static void a_file_beyond_2_gib_is_read_to_its_end(void **state)
{
    const size_t size = ((size_t)2 << 30) + 3;
    struct file opened;
    char bytes[8];
    char *path = temp_path(*state, "large");
    assert_true(write_file_of_size(path, size, "JFIF", 4));
    assert_int_equal(file_open(path, &opened), FILE_FINE);
    assert_int_equal(opened.size, size);
    assert_int_equal(file_read(&opened, size - 3, bytes, sizeof bytes), 3);
    assert_true(file_is_unchanged(&opened));
    file_close(&opened);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_regular_file_is_opened_and_measured),
        cmocka_unit_test(a_link_to_a_file_is_followed),
        cmocka_unit_test(the_message_for_a_missing_file_says_that_it_is_missing),
        cmocka_unit_test(a_directory_is_not_opened),
        cmocka_unit_test(an_empty_file_is_not_opened),
        cmocka_unit_test(a_pipe_is_refused_without_waiting_for_its_other_end),
        cmocka_unit_test(a_device_is_not_opened),
        cmocka_unit_test(a_socket_is_not_opened),
        cmocka_unit_test(the_message_for_an_unreadable_file_says_why),
        cmocka_unit_test(a_file_to_be_read_later_must_exist_and_not_be_a_directory),
        cmocka_unit_test(without_free_descriptors_it_is_a_system_error),
        cmocka_unit_test(a_file_that_is_too_large_for_the_machine_has_a_message),
        cmocka_unit_test(a_file_is_read_at_any_offset),
        cmocka_unit_test(a_file_beyond_2_gib_is_read_to_its_end),
        cmocka_unit_test(a_file_is_unchanged_until_its_size_or_time_changes),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
