/* Tests of the fault server and the stalled listener, with plain sockets. */
#include "clock_ms.h"
#include "fault_server.h"
#include "http_reply.h"
#include "stalled_listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka needs the headers above first. */
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Long enough for everything that must happen, even under valgrind; short enough to wait for something that must not
 * happen. */
enum { MUST_HAPPEN_MS = 10000, MUST_NOT_HAPPEN_MS = 100 };

#define GET        "GET /v0.7/specs HTTP/1.1\r\nHost: localhost\r\nX-Test: yes\r\n\r\n"
#define POST_HEAD  "POST /v0.7/specs HTTP/1.1\r\ncontent-length: 10\r\n\r\n"
#define REPLY      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define WITH_REPLY .reply = REPLY, .reply_length = sizeof REPLY - 1

static struct fault_server *start(const struct fault_step *steps, size_t count)
{
    struct fault_server *server = fault_server_start(steps, count);

    assert_non_null(server);
    return server;
}

static struct sockaddr_in address_of(const char *url)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    address.sin_port = htons((uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10));
    return address;
}

static int connect_to(const struct fault_server *server)
{
    struct sockaddr_in address = address_of(fault_server_url(server));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void send_text(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static bool becomes(int fd, short event, int timeout_ms)
{
    struct pollfd watched = {.fd = fd, .events = event};

    return poll(&watched, 1, timeout_ms) == 1;
}

static void assert_silent(int fd)
{
    assert_false(becomes(fd, POLLIN, MUST_NOT_HAPPEN_MS));
}

static void assert_receives(int fd, const char *text)
{
    char received[1024];

    assert_true(strlen(text) < sizeof received);
    assert_true(becomes(fd, POLLIN, MUST_HAPPEN_MS));
    assert_int_equal(recv(fd, received, strlen(text), MSG_WAITALL), strlen(text));
    assert_memory_equal(received, text, strlen(text));
}

static void assert_ends(int fd)
{
    char byte;

    assert_true(becomes(fd, POLLIN, MUST_HAPPEN_MS));
    assert_int_equal(recv(fd, &byte, 1, 0), 0);
}

static void assert_was_reset(int fd)
{
    char byte;

    assert_true(becomes(fd, POLLIN, MUST_HAPPEN_MS));
    assert_int_equal(recv(fd, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
}

/* Far less than the 30 s for which callers let a server stall. */
static void assert_stops_promptly(struct fault_server *server)
{
    long long before = now_ms();

    fault_server_stop(server);
    assert_true(now_ms() - before < 5000);
}

static void replies_on_one_connection_and_records(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY}, 1);
    int fd = connect_to(server);

    (void)state;
    for (int i = 0; i < 3; i++) {
        send_text(fd, GET);
        assert_receives(fd, REPLY);
    }
    assert_int_equal(fault_server_connection_count(server), 1);
    assert_int_equal(fault_server_request_count(server), 3);
    const struct fault_request *request = fault_server_request(server, 2);
    assert_int_equal(request->connection, 1);
    assert_string_equal(request->method, "GET");
    assert_string_equal(request->target, "/v0.7/specs");
    assert_string_equal(request->head, GET);
    assert_int_equal(request->body_length, 0);
    assert_null(fault_server_request(server, 3));
    close(fd);
    fault_server_stop(server);
}

static void reads_the_whole_body_before_it_replies(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY}, 1);
    int fd = connect_to(server);

    (void)state;
    send_text(fd, POST_HEAD "01234");
    assert_silent(fd);
    assert_int_equal(fault_server_request_count(server), 0);
    send_text(fd, "56789");
    assert_receives(fd, REPLY);
    const struct fault_request *request = fault_server_request(server, 0);
    assert_int_equal(request->content_length, 10);
    assert_int_equal(request->body_length, 10);
    assert_string_equal(request->body, "0123456789");
    close(fd);
    fault_server_stop(server);
}

static void keeps_the_beginning_of_a_large_body(void **state)
{
    enum { LENGTH = 300 * 1000 };
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY}, 1);
    int fd = connect_to(server);
    char *body = malloc(LENGTH);

    (void)state;
    assert_non_null(body);
    memset(body, 'x', LENGTH);
    send_text(fd, "POST / HTTP/1.1\r\nContent-Length: 300000\r\n\r\n");
    assert_int_equal(send(fd, body, LENGTH, MSG_NOSIGNAL), LENGTH);
    assert_receives(fd, REPLY);
    const struct fault_request *request = fault_server_request(server, 0);
    assert_int_equal(request->body_length, LENGTH);
    assert_int_equal(request->body_kept, FAULT_BODY_KEPT);
    assert_memory_equal(request->body, body, FAULT_BODY_KEPT);
    free(body);
    close(fd);
    fault_server_stop(server);
}

static void records_an_upload_that_is_cut_off(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY}, 1);
    int fd = connect_to(server);

    (void)state;
    send_text(fd, POST_HEAD "0123");
    close(fd);
    assert_true(fault_server_await_requests(server, 1, MUST_HAPPEN_MS));
    assert_int_equal(fault_server_request(server, 0)->body_length, 4);
    fault_server_stop(server);
}

static void plays_its_steps_in_order_and_repeats_the_last(void **state)
{
    const struct fault_step steps[] = {{.reply = "one", .reply_length = 3}, {.reply = "two", .reply_length = 3}};
    struct fault_server *server = start(steps, 2);
    int first = connect_to(server);
    int second = connect_to(server);

    (void)state;
    send_text(second, GET);
    assert_receives(second, "one");
    send_text(first, GET);
    assert_receives(first, "two");
    send_text(second, GET);
    assert_receives(second, "two");
    assert_int_equal(fault_server_request(server, 0)->connection, 2);
    assert_int_equal(fault_server_request(server, 1)->connection, 1);
    close(first);
    close(second);
    fault_server_stop(server);
}

static void closes_after_the_reply(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY, .ending = FAULT_THEN_CLOSE}, 1);
    int fd = connect_to(server);

    (void)state;
    send_text(fd, GET);
    assert_receives(fd, REPLY);
    assert_ends(fd);
    close(fd);
    fault_server_stop(server);
}

static void resets_after_the_reply(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY, .ending = FAULT_THEN_RESET}, 1);
    int fd = connect_to(server);

    (void)state;
    send_text(fd, GET);
    assert_receives(fd, REPLY);
    assert_was_reset(fd);
    close(fd);
    fault_server_stop(server);
}

static void closes_on_accept(void **state)
{
    const struct fault_step steps[] = {{.reading = FAULT_READ_NOTHING, .ending = FAULT_THEN_CLOSE}, {WITH_REPLY}};
    struct fault_server *server = start(steps, 2);
    int refused = connect_to(server);

    (void)state;
    assert_ends(refused);
    int served = connect_to(server);
    send_text(served, GET);
    assert_receives(served, REPLY);
    assert_int_equal(fault_server_connection_count(server), 2);
    assert_int_equal(fault_server_request_count(server), 1);
    close(refused);
    close(served);
    fault_server_stop(server);
}

static void resets_on_accept(void **state)
{
    const struct fault_step step = {.reading = FAULT_READ_NOTHING, .ending = FAULT_THEN_RESET};
    struct fault_server *server = start(&step, 1);
    int fd = connect_to(server);

    (void)state;
    assert_was_reset(fd);
    close(fd);
    fault_server_stop(server);
}

/* The stall also delays no other connection, and the stop ends it. */
static void stalls_in_the_reply(void **state)
{
    const struct fault_step steps[] = {{.reply = "HTTP/1.1 ", .reply_length = 9, .ending = FAULT_THEN_STALL},
                                       {WITH_REPLY}};
    struct fault_server *server = start(steps, 2);
    int stalled = connect_to(server);

    (void)state;
    send_text(stalled, GET);
    assert_receives(stalled, "HTTP/1.1 ");
    assert_silent(stalled);
    int served = connect_to(server);
    send_text(served, GET);
    assert_receives(served, REPLY);
    assert_silent(stalled);
    assert_stops_promptly(server);
    assert_ends(stalled);
    close(served);
    close(stalled);
}

static void reports_when_a_step_was_played(void **state)
{
    const struct fault_step steps[] = {{WITH_REPLY, .unasked = REPLY}, {WITH_REPLY, .ending = FAULT_THEN_CLOSE}};
    struct fault_server *server = start(steps, sizeof steps / sizeof steps[0]);
    int fd = connect_to(server);

    (void)state;
    assert_false(fault_server_await_played(server, 1, 0));
    send_text(fd, GET);
    assert_true(fault_server_await_played(server, 1, MUST_HAPPEN_MS));
    assert_true(becomes(fd, POLLIN, 0));
    assert_receives(fd, REPLY REPLY);
    send_text(fd, GET);
    assert_true(fault_server_await_played(server, 2, MUST_HAPPEN_MS));
    assert_false(fault_server_await_played(server, 3, 0));
    assert_receives(fd, REPLY);
    assert_ends(fd);
    close(fd);
    fault_server_stop(server);
}

/* Sends until the socket accepts no more bytes, at most `limit`. Returns their number. */
static size_t send_until_stuck(int fd, size_t limit)
{
    static const char zeros[64 * 1024];
    size_t total = 0;

    while (total < limit && becomes(fd, POLLOUT, 1000)) {
        ssize_t sent = send(fd, zeros, sizeof zeros, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent < 0 && errno != EAGAIN)
            break;
        total += sent > 0 ? (size_t)sent : 0;
    }
    return total;
}

static void assert_upload_stalls(const struct fault_step *step, size_t requests)
{
    enum { LIMIT = 16 * 1024 * 1024 };
    struct fault_server *server = start(step, 1);
    int fd = connect_to(server);

    send_text(fd, "POST / HTTP/1.1\r\nContent-Length: 67108864\r\n\r\n");
    assert_in_range(send_until_stuck(fd, LIMIT), 1, LIMIT - 1);
    assert_false(becomes(fd, POLLOUT, MUST_NOT_HAPPEN_MS));
    assert_int_equal(fault_server_request_count(server), requests);
    assert_stops_promptly(server);
    close(fd);
}

static void stalls_an_upload(void **state)
{
    (void)state;
    assert_upload_stalls(&(struct fault_step){.reading = FAULT_READ_HEAD, .ending = FAULT_THEN_STALL}, 1);
    assert_upload_stalls(&(struct fault_step){.reading = FAULT_READ_NOTHING, .ending = FAULT_THEN_STALL}, 0);
}

static void sends_a_reply_byte_by_byte(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY, .drip = true}, 1);
    int fd = connect_to(server);
    char received[sizeof REPLY] = "";
    size_t total = 0;
    int pieces = 0;

    (void)state;
    send_text(fd, GET);
    while (total < sizeof REPLY - 1 && becomes(fd, POLLIN, MUST_HAPPEN_MS)) {
        total += (size_t)recv(fd, received + total, sizeof REPLY - 1 - total, 0);
        pieces++;
    }
    assert_string_equal(received, REPLY);
    assert_true(pieces > 1);
    close(fd);
    fault_server_stop(server);
}

static void repeats_an_endless_tail(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY, .endless_tail = 2}, 1);
    int fd = connect_to(server);

    (void)state;
    send_text(fd, GET);
    assert_receives(fd, REPLY);
    for (int i = 0; i < 1000; i++)
        assert_receives(fd, "{}");
    assert_stops_promptly(server); /* although the upload is stuck */
    close(fd);
}

static void waits_for_counts_within_bounds(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY}, 1);

    (void)state;
    assert_false(fault_server_await_connections(server, 1, MUST_NOT_HAPPEN_MS));
    int fd = connect_to(server);
    assert_true(fault_server_await_connections(server, 1, MUST_HAPPEN_MS));
    assert_false(fault_server_await_requests(server, 1, MUST_NOT_HAPPEN_MS));
    send_text(fd, GET);
    assert_true(fault_server_await_requests(server, 1, MUST_HAPPEN_MS));
    close(fd);
    fault_server_stop(server);
}

static void serves_very_many_connections(void **state)
{
    struct fault_server *server = start(&(struct fault_step){WITH_REPLY, .ending = FAULT_THEN_CLOSE}, 1);

    (void)state;
    for (int i = 0; i < 2000; i++) {
        int fd = connect_to(server);

        send_text(fd, GET);
        assert_receives(fd, REPLY);
        assert_ends(fd);
        close(fd);
    }
    assert_int_equal(fault_server_request_count(server), 2000);
    fault_server_stop(server);
}

static void a_connect_to_the_stalled_listener_hangs(void **state)
{
    struct stalled_listener *stalled = stalled_listener_start();

    (void)state;
    assert_non_null(stalled);
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = address_of(stalled_listener_url(stalled));
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), -1);
        assert_int_equal(errno, EINPROGRESS);
        assert_false(becomes(fd, POLLOUT, 2500)); /* longer than until the kernel's second SYN */
        close(fd);
    }
    stalled_listener_stop(stalled);
}

static void builds_a_reply_that_fits_or_none(void **state)
{
    static const char expected[] = "HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 3\r\n\r\nabc";
    char buffer[sizeof expected];

    (void)state;
    assert_int_equal(http_reply(buffer, sizeof buffer, "404 Not Found", "X-A: b\r\n", "abc"), strlen(expected));
    assert_string_equal(buffer, expected);
    assert_int_equal(http_reply(buffer, sizeof buffer - 1, "404 Not Found", "X-A: b\r\n", "abc"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_on_one_connection_and_records),
        cmocka_unit_test(reads_the_whole_body_before_it_replies),
        cmocka_unit_test(keeps_the_beginning_of_a_large_body),
        cmocka_unit_test(records_an_upload_that_is_cut_off),
        cmocka_unit_test(plays_its_steps_in_order_and_repeats_the_last),
        cmocka_unit_test(closes_after_the_reply),
        cmocka_unit_test(resets_after_the_reply),
        cmocka_unit_test(closes_on_accept),
        cmocka_unit_test(resets_on_accept),
        cmocka_unit_test(stalls_in_the_reply),
        cmocka_unit_test(reports_when_a_step_was_played),
        cmocka_unit_test(stalls_an_upload),
        cmocka_unit_test(sends_a_reply_byte_by_byte),
        cmocka_unit_test(repeats_an_endless_tail),
        cmocka_unit_test(waits_for_counts_within_bounds),
        cmocka_unit_test(serves_very_many_connections),
        cmocka_unit_test(a_connect_to_the_stalled_listener_hangs),
        cmocka_unit_test(builds_a_reply_that_fits_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
