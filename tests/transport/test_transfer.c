#include "transport/transfer.h"

#include "base/clock.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { LIMIT = 100, LONG_MS = 60 * 1000 };

static const struct body empty = {.status = DM_OK};

static void begin(struct transfer *transfer, int64_t stall_timeout_ms)
{
    *transfer = (struct transfer){.stall_timeout_ms = stall_timeout_ms, .stopped = DM_ERR_FILE, .sends = 7};
    text_init(&transfer->reply, LIMIT);
    assert_true(transfer_begin(transfer, &empty, false));
}

static void pass(long milliseconds)
{
    const struct timespec pause = {.tv_nsec = milliseconds * 1000000};
    assert_int_equal(nanosleep(&pause, NULL), 0);
}

/* One progress callback of libcurl, with the number of bytes received and sent so far. */
static bool goes_on(struct transfer *transfer, curl_off_t received, curl_off_t sent)
{
    return transfer_watch(transfer, 0, received, 0, sent) == 0;
}

/* libcurl then runs every 200 ms, whatever the stall time. */
static void assert_connecting(const struct transfer *transfer)
{
    const int64_t before = clock_now();
    const int64_t due_at = transfer_due_at(transfer);
    assert_true(due_at >= before + 200 && due_at <= clock_after(200));
}

static void waiting_before_sending_is_not_a_stall(void **state)
{
    struct transfer transfer;
    (void)state;

    begin(&transfer, 1);
    assert_connecting(&transfer);
    for (int turn = 0; turn < 5; turn++) {
        pass(5);
        assert_true(goes_on(&transfer, 0, 0));
    }
    assert_int_equal(transfer.stopped, DM_OK);
}

static void turns_are_due_four_times_in_the_stall_time(void **state)
{
    struct transfer transfer;
    (void)state;

    begin(&transfer, LONG_MS);
    const int64_t before = clock_now();
    transfer_note_send(&transfer);
    const int64_t due_at = transfer_due_at(&transfer);
    assert_true(due_at > before + LONG_MS / 4 && due_at <= clock_after(LONG_MS / 4 + 1));
    pass(5);
    assert_true(goes_on(&transfer, 0, 0));
    assert_true(transfer_due_at(&transfer) > due_at);
    transfer.silence_ms = LONG_MS - 10; /* the last callback is due at the time limit, not one interval later */
    assert_true(transfer_due_at(&transfer) <= clock_after(10));
}

static void bytes_in_either_direction_and_headers_reset_the_stall_time(void **state)
{
    char header[] = "Server: x\r\n";
    struct transfer transfer;
    (void)state;

    begin(&transfer, LONG_MS);
    transfer_note_send(&transfer);
    for (int kind = 0; kind < 4; kind++) {
        pass(5);
        assert_true(goes_on(&transfer, kind > 0 ? 10 : 0, kind > 1 ? 10 : 0));
        if (kind == 3)
            assert_int_equal(transfer_take_header(header, 1, sizeof header - 1, &transfer), sizeof header - 1);
        else if (kind > 0)
            assert_int_equal(transfer.silence_ms, 0);
        if (kind == 0)
            assert_true(transfer.silence_ms >= 5);
    }
    assert_int_equal(transfer.silence_ms, 0);
}

static void the_stall_time_without_data_aborts_it(void **state)
{
    struct transfer transfer;
    (void)state;

    begin(&transfer, 20);
    transfer_note_send(&transfer);
    pass(30);
    assert_true(goes_on(&transfer, 10, 0)); /* data that has arrived in the meantime is read first */
    for (int turn = 0; turn < 3; turn++) {
        pass(10);
        assert_true(goes_on(&transfer, 10, 0));
    }
    pass(10);
    assert_false(goes_on(&transfer, 10, 0));
    assert_int_equal(transfer.stopped, DM_ERR_TIMEOUT);
}

/* The process did not run, so it has not yet read what the server sent in that time. */
static void time_while_the_process_is_stopped_is_not_a_stall(void **state)
{
    struct transfer transfer;
    (void)state;

    begin(&transfer, 20);
    transfer_note_send(&transfer);
    pass(200);
    assert_true(goes_on(&transfer, 0, 0));
    assert_true(goes_on(&transfer, 10, 0));
}

/* libcurl repeats a request by itself on a new connection, which has its own time limit. */
static void connecting_again_is_not_a_stall(void **state)
{
    struct curl_sockaddr nowhere = {.family = -1};
    struct transfer transfer;
    (void)state;

    begin(&transfer, 1);
    transfer_note_send(&transfer);
    assert_int_equal(transfer_note_look_up(NULL, NULL, &transfer), 0);
    assert_connecting(&transfer);
    transfer_note_send(&transfer);
    assert_int_equal(transfer_open_socket(&transfer, CURLSOCKTYPE_IPCXN, &nowhere), CURL_SOCKET_BAD);
    assert_int_equal(transfer.socket_error, EAFNOSUPPORT);
    assert_connecting(&transfer);
    for (int turn = 0; turn < 5; turn++) {
        pass(5);
        assert_true(goes_on(&transfer, 0, 0));
    }
    transfer_note_send(&transfer);
    assert_true(transfer_due_at(&transfer) <= clock_after(1)); /* the stall time counts again */
    pass(5);
    assert_false(goes_on(&transfer, 0, 0));
}

static void the_first_reason_to_stop_stays(void **state)
{
    struct transfer transfer;
    (void)state;

    begin(&transfer, 1);
    transfer_note_send(&transfer);
    assert_false(goes_on(&transfer, LIMIT + 1, 0));
    pass(5);
    assert_false(goes_on(&transfer, LIMIT + 1, 0));
    assert_int_equal(transfer.stopped, DM_ERR_TOO_LARGE);

    transfer.stopped = DM_ERR_FILE;
    assert_false(goes_on(&transfer, LIMIT + 2, 0));
    assert_int_equal(transfer.stopped, DM_ERR_FILE);
}

/* A folder can be opened, but not read. */
static void a_file_that_cannot_be_read_stops_it_and_is_named(void **state)
{
    struct stat found;
    char byte = 0;
    char words[128];
    struct transfer transfer;
    struct body of_folder;
    (void)state;

    body_init(&of_folder);
    const int folder = open(".", O_RDONLY | O_CLOEXEC);
    assert_int_equal(fstat(folder, &found), 0);
    body_append_file(
        &of_folder,
        &(struct file){.path = "a.jpg", .descriptor = folder, .size = (size_t)found.st_size, .changed = found.st_mtim});
    for (int sends = 1; sends <= 2; sends++) {
        begin(&transfer, LONG_MS);
        assert_true(transfer_begin(&transfer, &of_folder, false));
        for (int i = 0; i < sends; i++)
            transfer_note_send(&transfer);
        assert_int_equal(transfer_give_body(&byte, 1, 1, &transfer), CURL_READFUNC_ABORT);
        assert_int_equal(transfer.stopped, DM_ERR_FILE);
        transfer_describe_file(&transfer, words, sizeof words);
        assert_string_equal(words, "a file could not be read: Is a directory: \"a.jpg\"");
    }
    body_free(&of_folder);
}

/* If a line end is cut, some versions of libcurl pass its first byte to the callback. */
static void headers_end_with_a_line_feed(void **state)
{
    static const struct {
        char line[4];
        size_t length;
        bool ends;
    } cases[] = {{"\r", 1, false},  {"\r\r", 2, false}, {"\rx", 2, false},
                 {"\r\n", 2, true}, {"\n", 1, true},    {"\r\n\n", 3, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[4];
        struct transfer transfer;
        begin(&transfer, LONG_MS);
        memcpy(line, cases[i].line, sizeof line);
        assert_int_equal(transfer_take_header(line, 1, cases[i].length, &transfer), cases[i].length);
        assert_int_equal(transfer.headers_complete, cases[i].ends);
        reply_headers_free(&transfer.headers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_before_sending_is_not_a_stall),
        cmocka_unit_test(turns_are_due_four_times_in_the_stall_time),
        cmocka_unit_test(bytes_in_either_direction_and_headers_reset_the_stall_time),
        cmocka_unit_test(the_stall_time_without_data_aborts_it),
        cmocka_unit_test(time_while_the_process_is_stopped_is_not_a_stall),
        cmocka_unit_test(connecting_again_is_not_a_stall),
        cmocka_unit_test(the_first_reason_to_stop_stays),
        cmocka_unit_test(a_file_that_cannot_be_read_stops_it_and_is_named),
        cmocka_unit_test(headers_end_with_a_line_feed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
