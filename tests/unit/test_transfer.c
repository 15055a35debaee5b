#include "engine/transfer.h"

#include "base/clock.h"
#include "test.h"

#include <time.h>

enum { LIMIT = 100, LONG_MS = 60 * 1000 };

static void begin(transfer *of, const body *empty, int64_t stall_timeout_ms)
{
    *of = (transfer){.stall_timeout_ms = stall_timeout_ms, .stopped = DM_ERR_FILE, .sends = 7, .moved = 9};
    text_init(&of->reply, LIMIT);
    assert_true(transfer_begin(of, empty));
}

static void leave(transfer *of)
{
    assert_int_equal(transfer_note_send(of, NULL, NULL, 0, 0), CURL_PREREQFUNC_OK);
}

static void pass(long milliseconds)
{
    const struct timespec pause = {.tv_nsec = milliseconds * 1000000};
    assert_int_equal(nanosleep(&pause, NULL), 0);
}

static void before_anything_is_sent_nothing_stalls(void **state)
{
    body empty;
    transfer of;
    (void)state;

    body_init(&empty);
    begin(&of, &empty, 1);
    assert_true(transfer_stalls_at(&of) == CLOCK_NEVER);
    pass(5);
    assert_int_equal(transfer_watch(&of, 0, 0, 0, 0), 0);
    assert_int_equal(of.stopped, DM_OK);
}

static void a_transfer_stalls_so_long_after_its_last_byte(void **state)
{
    body empty;
    transfer of;
    (void)state;

    body_init(&empty);
    begin(&of, &empty, LONG_MS);
    const int64_t before = clock_now();
    leave(&of);
    const int64_t stalls_at = transfer_stalls_at(&of);
    assert_true(stalls_at >= before + LONG_MS && stalls_at <= clock_after(LONG_MS));

    of.stall_timeout_ms = INT64_MAX;
    assert_true(transfer_stalls_at(&of) == CLOCK_NEVER);
}

static void bytes_either_way_and_headers_are_progress_and_silence_is_none(void **state)
{
    char header[] = "Server: x\r\n";
    body empty;
    transfer of;
    (void)state;

    body_init(&empty);
    begin(&of, &empty, LONG_MS);
    leave(&of);
    for (int step = 0; step < 4; step++) {
        const int64_t before = transfer_stalls_at(&of);
        pass(5);
        if (step == 0)
            assert_int_equal(transfer_watch(&of, 0, 10, 0, 0), 0);
        else if (step == 1)
            assert_int_equal(transfer_watch(&of, 0, 10, 0, 10), 0);
        else if (step == 2)
            assert_int_equal(transfer_take_header(header, 1, sizeof header - 1, &of), sizeof header - 1);
        else
            assert_int_equal(transfer_watch(&of, 0, 10, 0, 10), 0);
        assert_int_equal(transfer_stalls_at(&of) > before, step < 3);
    }
}

static void a_transfer_that_stalls_is_stopped(void **state)
{
    body empty;
    transfer of;
    (void)state;

    body_init(&empty);
    begin(&of, &empty, 1);
    leave(&of);
    pass(5);
    assert_int_equal(transfer_watch(&of, 0, 10, 0, 0), 0); /* what has come in the meantime counts first */
    pass(5);
    assert_int_not_equal(transfer_watch(&of, 0, 10, 0, 0), 0);
    assert_int_equal(of.stopped, DM_ERR_TIMEOUT);
}

static void the_first_reason_to_stop_stays(void **state)
{
    body empty;
    transfer of;
    (void)state;

    body_init(&empty);
    begin(&of, &empty, 1);
    leave(&of);
    assert_int_not_equal(transfer_watch(&of, 0, LIMIT + 1, 0, 0), 0);
    pass(5);
    assert_int_not_equal(transfer_watch(&of, 0, LIMIT + 1, 0, 0), 0);
    assert_int_equal(of.stopped, DM_ERR_TOO_LARGE);

    of.stopped = DM_ERR_FILE;
    assert_int_not_equal(transfer_watch(&of, 0, LIMIT + 2, 0, 0), 0);
    assert_int_equal(of.stopped, DM_ERR_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_anything_is_sent_nothing_stalls),
        cmocka_unit_test(a_transfer_stalls_so_long_after_its_last_byte),
        cmocka_unit_test(bytes_either_way_and_headers_are_progress_and_silence_is_none),
        cmocka_unit_test(a_transfer_that_stalls_is_stopped),
        cmocka_unit_test(the_first_reason_to_stop_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
