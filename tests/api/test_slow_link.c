/* A slow link does not count as a stall: the stall time begins when the last byte has been sent, not when the kernel
 * has buffered it. */
#include <deepomatic.h>

#include "assert_status.h"
#include "clock_ms.h"
#include "loopback.h"
#include "scene.h"
#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel could buffer the whole image at once, but needs longer than the stall time to send it. */
enum { IMAGE_SIZE = 600 * 1000, BYTES_A_TURN = 8 * 1000, TURN_MS = 20, STALL_MS = 1000, PATIENCE_MS = 20 * 1000 };

#define REPLY "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n" SCENE_TASK_ID

/* A server that reads slowly from one connection, until nothing arrives for half of the stall time. */
struct slow_reader {
    int listener;
    size_t received;
    pthread_t thread;
};

static bool has_something(int descriptor, int timeout_ms)
{
    struct pollfd pollfd = {.fd = descriptor, .events = POLLIN};
    return poll(&pollfd, 1, timeout_ms) > 0;
}

static void take_turns(struct slow_reader *reader, int connection)
{
    char bytes[BYTES_A_TURN];
    ssize_t got = 1;

    while (got > 0 && has_something(connection, STALL_MS / 2)) {
        got = recv(connection, bytes, sizeof bytes, 0);
        reader->received += got > 0 ? (size_t)got : 0;
        sleep_ms(TURN_MS);
    }
}

static void *serve(void *argument)
{
    struct slow_reader *reader = argument;
    const int connection = has_something(reader->listener, PATIENCE_MS) ? accept(reader->listener, NULL, NULL) : -1;
    if (connection < 0)
        return NULL;
    take_turns(reader, connection);
    send(connection, REPLY, sizeof REPLY - 1, MSG_NOSIGNAL);
    close(connection);
    return NULL;
}

static void a_slow_upload_is_not_a_stall(void **state)
{
    (void)state;
    if (ONLY_PORTABLE) {
        print_message("skipped: without TCP_NOTSENT_LOWAT, a slow upload may count as stalled\n");
        skip();
    }
    const dm_client_options options = {.stall_timeout_ms = STALL_MS, .max_attempts = 1};
    struct slow_reader server = {.listener = loopback_listen(1, 4096)};
    char url[LOOPBACK_URL_SIZE];
    char *bytes = calloc(1, IMAGE_SIZE);
    const dm_input image = dm_image_bytes(bytes, IMAGE_SIZE);
    struct scene scene;

    assert_true(server.listener >= 0 && bytes != NULL);
    loopback_url(server.listener, url);
    assert_int_equal(pthread_create(&server.thread, NULL, serve, &server), 0);
    scene_init(&scene);
    scene_start_at(&scene, url, &options);
    assert_status(scene_submit(&scene, &image, NULL), DM_OK, &scene.error);
    assert_int_equal(pthread_join(server.thread, NULL), 0);
    assert_true(server.received > IMAGE_SIZE);
    scene_end(&scene);
    close(server.listener);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_slow_upload_is_not_a_stall)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
