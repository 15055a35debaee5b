#include "transport/sockets.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* Idle connections, and their other ends. */
struct stage {
    struct sockets list;
    int ours[3];
    int theirs[3];
};

static void open_stage(struct stage *stage)
{
    stage->list = (struct sockets){.count = 0};
    for (int i = 0; i < 3; i++) {
        int pair[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
        stage->ours[i] = pair[0];
        stage->theirs[i] = pair[1];
        sockets_note_idle(&stage->list, stage->ours[i]);
    }
}

/* Closes the remaining sockets through the list. */
static void close_stage(struct stage *stage)
{
    for (int i = 0; i < 3; i++) {
        if (stage->ours[i] != CURL_SOCKET_BAD)
            assert_int_equal(sockets_close(&stage->list, stage->ours[i]), 0);
        close(stage->theirs[i]);
    }
    assert_int_equal(stage->list.count, 0);
}

static void a_socket_is_not_inherited_and_a_failure_sets_errno(void **state)
{
    struct curl_sockaddr address = {.family = -1, .socktype = SOCK_STREAM};
    struct sockets list = {.count = 0};
    (void)state;

    assert_int_equal(sockets_open(&address), CURL_SOCKET_BAD);
    assert_int_equal(errno, EAFNOSUPPORT);
    address.family = AF_UNIX;
    const curl_socket_t opened = sockets_open(&address);
    assert_int_not_equal(opened, CURL_SOCKET_BAD);
    assert_true((fcntl(opened, F_GETFD) & FD_CLOEXEC) != 0);
    assert_int_equal(sockets_close(&list, opened), 0);
}

static void the_kernel_buffers_at_most_16_kib_of_unsent_data(void **state)
{
    const struct curl_sockaddr address = {.family = AF_INET, .socktype = SOCK_STREAM, .protocol = IPPROTO_TCP};
    struct sockets list = {.count = 0};
    int most = 0;
    socklen_t size = sizeof most;
    (void)state;

    if (ONLY_PORTABLE) {
        print_message("skipped: without TCP_NOTSENT_LOWAT, the size of the kernel's buffer is not limited\n");
        skip();
    }
    const curl_socket_t opened = sockets_open(&address);
    assert_int_equal(getsockopt(opened, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, &size), 0);
    assert_int_equal(most, 16 * 1024);
    assert_int_equal(sockets_close(&list, opened), 0);
}

static void unread_bytes_are_detected_on_any_socket(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct stage stage;
        open_stage(&stage);
        assert_false(sockets_doubtful(&stage.list));
        assert_int_equal(write(stage.theirs[i], "x", 1), 1);
        assert_true(sockets_doubtful(&stage.list));
        assert_true(sockets_doubtful(&stage.list)); /* they still exist */
        close_stage(&stage);
    }
}

/* The application may soon reuse its number for another file. */
static void a_closed_socket_is_no_longer_idle_and_the_others_are(void **state)
{
    (void)state;
    for (int closed = 0; closed < 3; closed++) {
        const int other = (closed + 2) % 3;
        struct stage stage;
        open_stage(&stage);
        assert_int_equal(sockets_close(&stage.list, stage.ours[closed]), 0);
        stage.ours[closed] = CURL_SOCKET_BAD;
        assert_int_equal(stage.list.count, 2);
        assert_int_equal(write(stage.theirs[other], "x", 1), 1);
        assert_true(sockets_doubtful(&stage.list));
        close_stage(&stage);
    }
}

static void a_socket_that_never_was_idle_can_be_closed(void **state)
{
    struct stage stage;
    int pair[2];
    (void)state;

    open_stage(&stage);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(sockets_close(&stage.list, pair[0]), 0);
    assert_int_equal(stage.list.count, 3);
    close(pair[1]);
    close_stage(&stage);
}

static void a_socket_is_noted_once_and_an_invalid_one_is_not(void **state)
{
    struct stage stage;
    (void)state;

    open_stage(&stage);
    for (int i = 0; i < 2 * MAX_IDLE_SOCKETS; i++)
        sockets_note_idle(&stage.list, stage.ours[i % 3]);
    sockets_note_idle(&stage.list, CURL_SOCKET_BAD);
    assert_int_equal(stage.list.count, 3);
    close_stage(&stage);
}

static void a_closed_idle_connection_is_doubtful(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct stage stage;
        open_stage(&stage);
        assert_int_equal(shutdown(stage.theirs[i], SHUT_WR), 0);
        assert_true(sockets_doubtful(&stage.list));
        close_stage(&stage);
    }
}

/* A connection that cannot be watched must not be used. */
static void beyond_the_limit_no_socket_is_noted_and_every_connection_is_doubtful(void **state)
{
    int pairs[MAX_IDLE_SOCKETS + 1][2];
    struct sockets list = {.count = 0};
    (void)state;

    for (int i = 0; i <= MAX_IDLE_SOCKETS; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]), 0);
        assert_false(sockets_doubtful(&list));
        sockets_note_idle(&list, pairs[i][0]);
    }
    assert_int_equal(list.count, MAX_IDLE_SOCKETS);
    assert_true(sockets_doubtful(&list));
    for (int i = 0; i <= MAX_IDLE_SOCKETS; i++) {
        assert_int_equal(sockets_close(&list, pairs[i][0]), 0);
        close(pairs[i][1]);
    }
    assert_int_equal(list.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_socket_is_not_inherited_and_a_failure_sets_errno),
        cmocka_unit_test(the_kernel_buffers_at_most_16_kib_of_unsent_data),
        cmocka_unit_test(unread_bytes_are_detected_on_any_socket),
        cmocka_unit_test(a_closed_socket_is_no_longer_idle_and_the_others_are),
        cmocka_unit_test(a_socket_that_never_was_idle_can_be_closed),
        cmocka_unit_test(a_socket_is_noted_once_and_an_invalid_one_is_not),
        cmocka_unit_test(a_closed_idle_connection_is_doubtful),
        cmocka_unit_test(beyond_the_limit_no_socket_is_noted_and_every_connection_is_doubtful),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
