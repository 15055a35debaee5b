/* Replies without an end, and replies that are too large. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* Gets one reply with a limit of 64 KiB, which fails; then a valid one: the client must still work. */
static void expect_too_large(struct scene *scene, const char *words)
{
    const dm_client_options options = {.max_response_bytes = 64 * 1024};

    scene_reply(scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(scene, &options);
    assert_status(scene_get(scene, NULL), DM_ERR_TOO_LARGE, &scene->error);
    assert_int_equal(scene->error.attempts, 1);
    assert_non_null(strstr(scene->error.message, words));
    assert_status(scene_get(scene, NULL), DM_OK, &scene->error);
    scene_end(scene);
}

static void an_endless_body_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\n\r\n[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,")->endless_tail = 32;
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void an_endless_chunked_body_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0,0,0,0,0,0,0,0,\r\n")
        ->endless_tail = strlen("10\r\n0,0,0,0,0,0,0,0,\r\n");
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void an_announced_length_above_the_limit_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n[0,0,0,0,0,0,0,0,")->endless_tail = 16;
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void an_endless_error_body_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 404 Not Found\r\n\r\n                ")->endless_tail = 16;
    expect_too_large(&scene, "the limit of 65536 bytes");
}

/* 4 KiB that decompress to 4 MiB of spaces. */
static void a_gzip_bomb_is_too_large(void **state)
{
    static const char begin[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x81\x00\x00\x00\x00\xc3\x20\x95\xf9"
                                "\x53\x1e\xe4\x55\x01";
    static const char end[] = "\x7c\x1b\x15\x3e\xfa\xfc\x00\x00\x40\x00";
    enum { SIZE = 4099 };
    char reply[SIZE + 256] = {0};
    struct scene scene;
    (void)state;

    const int head = snprintf(reply, sizeof reply,
                              "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", (int)SIZE);
    memset(reply + head, 0, SIZE);
    memcpy(reply + head, begin, sizeof begin - 1);
    memcpy(reply + head + SIZE - (sizeof end - 1), end, sizeof end - 1);
    scene_init(&scene);
    scene_bytes(&scene, reply, (size_t)head + SIZE);
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void endless_headers_are_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nX-Filler: 0123456789012345678901234567890123456789\r\n")->endless_tail =
        strlen("X-Filler: 0123456789012345678901234567890123456789\r\n");
    expect_too_large(&scene, "headers");
}

/* The limit of a line is libcurl's. */
static void expect_endless_line(struct scene *scene, const char *begin)
{
    scene_init(scene);
    scene_text(scene, begin)->endless_tail = 40;
    scene_reply(scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(scene, NULL);
    assert_status(scene_get(scene, NULL), DM_ERR_TOO_LARGE, &scene->error);
    assert_int_equal(scene->error.attempts, 1);
    assert_non_null(strstr(scene->error.message, "102400 bytes"));
    assert_status(scene_get(scene, NULL), DM_OK, &scene->error);
    scene_end(scene);
}

static void an_endless_header_line_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    expect_endless_line(&scene, "HTTP/1.1 200 OK\r\nX-Filler: 0123456789012345678901234567890123456789");
}

static void an_endless_status_line_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    expect_endless_line(&scene, "HTTP/1.1 200 0123456789012345678901234567890123456789");
}

/* A service that sends one such line after each submission must not be sent the same image again. */
static void an_endless_header_line_leaves_the_outcome_of_a_submission_unknown(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nX-Filler: 0123456789012345678901234567890123456789")->endless_tail = 40;
    scene_start(&scene, NULL);
    assert_status(scene_submit_image(&scene, NULL), DM_ERR_TOO_LARGE, &scene.error);
    assert_int_equal(scene.error.attempts, 1);
    assert_true(scene.error.outcome_unknown);
    scene_end(&scene);
}

static void endless_1xx_replies_are_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 102 Processing\r\n\r\n")->endless_tail = strlen("HTTP/1.1 102 Processing\r\n\r\n");
    expect_too_large(&scene, "headers");
}

static void a_reply_may_be_as_large_as_the_limit_and_no_larger(void **state)
{
    dm_client_options options = {.max_response_bytes = strlen(SCENE_ACCOUNT), .max_attempts = 1};
    (void)state;
    for (int less = 0; less < 2; less++) {
        struct scene scene;
        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        options.max_response_bytes -= (size_t)less;
        scene_start(&scene, &options);
        assert_status(scene_get(&scene, NULL), less == 0 ? DM_OK : DM_ERR_TOO_LARGE, &scene.error);
        scene_end(&scene);
    }
}

static void a_reply_that_was_too_large_does_not_spoil_an_empty_one(void **state)
{
    const dm_client_options options = {.max_response_bytes = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_reply(&scene, "204 No Content", "", "");
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_ERR_TOO_LARGE, &scene.error);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_endless_body_is_too_large),
        cmocka_unit_test(an_endless_chunked_body_is_too_large),
        cmocka_unit_test(an_announced_length_above_the_limit_is_too_large),
        cmocka_unit_test(an_endless_error_body_is_too_large),
        cmocka_unit_test(a_gzip_bomb_is_too_large),
        cmocka_unit_test(endless_headers_are_too_large),
        cmocka_unit_test(an_endless_header_line_is_too_large),
        cmocka_unit_test(an_endless_status_line_is_too_large),
        cmocka_unit_test(an_endless_header_line_leaves_the_outcome_of_a_submission_unknown),
        cmocka_unit_test(endless_1xx_replies_are_too_large),
        cmocka_unit_test(a_reply_may_be_as_large_as_the_limit_and_no_larger),
        cmocka_unit_test(a_reply_that_was_too_large_does_not_spoil_an_empty_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
