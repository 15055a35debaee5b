/* Uploads that are cut off. The answer of a server that rejects them early may be lost with the connection. The next
 * attempt sends only its headers, with "Expect: 100-continue", to get the answer before the body. */
#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

enum { IMAGE_SIZE = 8 * 1000 * 1000 }; /* more than fits into the buffers of both sockets */

static char *image_bytes;

static const char asks[] = "\r\nExpect: 100-continue\r\n";

/* The server reads the head of the first request, and resets the connection without an answer that the client can
 * read. */
static void begin_with_a_cut(struct scene *scene)
{
    scene_init(scene);
    scene_break(scene, FAULT_THEN_RESET)->reading = FAULT_READ_HEAD;
}

static dm_status submit(struct scene *scene)
{
    const dm_input image = dm_image_bytes(image_bytes, IMAGE_SIZE);
    return scene_submit(scene, &image, NULL);
}

static bool asked_first(const struct scene *scene, size_t index)
{
    return strstr(scene_request(scene, index)->head, asks) != NULL;
}

static void assert_answer_comes_before_the_body(const dm_client_options *options)
{
    struct scene scene;

    begin_with_a_cut(&scene);
    struct fault_step *refusal = scene_reply(&scene, "401 Unauthorized", "", "{\"detail\":\"no\"}");
    refusal->reading = FAULT_READ_HEAD;
    refusal->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, options);
    assert_status(submit(&scene), DM_ERR_CREDENTIALS, &scene.error);
    assert_int_equal(scene.error.attempts, 2);
    assert_int_equal(scene.error.http_status, 401);
    assert_false(scene.error.outcome_unknown);
    assert_int_equal(scene_requests(&scene), 2);
    assert_false(asked_first(&scene, 0));
    assert_true(asked_first(&scene, 1));
    assert_int_equal(scene_request(&scene, 1)->body_length, 0);
    scene_end(&scene);
}

static void after_a_cut_the_answer_is_read_before_the_body_is_sent(void **state)
{
    (void)state;
    assert_answer_comes_before_the_body(NULL);
}

/* The additional attempt that only gets the answer does not count for max_attempts. */
static void after_a_cut_the_answer_is_read_with_one_attempt_too(void **state)
{
    const dm_client_options once = {.max_attempts = 1};
    (void)state;
    assert_answer_comes_before_the_body(&once);
}

static void a_server_that_does_not_answer_the_expect_header_gets_the_body(void **state)
{
    struct scene scene;
    (void)state;

    begin_with_a_cut(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(submit(&scene), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    assert_true(asked_first(&scene, 1));
    assert_true(scene_request(&scene, 1)->body_length > IMAGE_SIZE);
    scene_end(&scene);
}

/* Some servers do not support "Expect: 100-continue", and answer with 417. */
static void assert_body_comes_after(const char *reply)
{
    struct scene scene;

    begin_with_a_cut(&scene);
    struct fault_step *refusal = scene_text(&scene, reply);
    refusal->reading = FAULT_READ_HEAD;
    refusal->ending = FAULT_THEN_CLOSE;
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(submit(&scene), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    assert_true(asked_first(&scene, 1));
    assert_false(asked_first(&scene, 2));
    assert_true(scene_request(&scene, 2)->body_length > IMAGE_SIZE);
    scene_end(&scene);
}

static void a_server_that_refuses_the_expect_header_gets_the_body(void **state)
{
    (void)state;
    assert_body_comes_after("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
    assert_body_comes_after("HTTP/1.0 417 Expectation Failed\r\n\r\n");
}

/* The next call begins as usual. */
static void the_expect_header_is_sent_after_a_cut_only(void **state)
{
    struct scene scene;
    (void)state;

    begin_with_a_cut(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(submit(&scene), DM_OK, &scene.error);
    assert_status(submit(&scene), DM_OK, &scene.error);
    assert_false(asked_first(&scene, 2));
    scene_end(&scene);
}

static int make_image(void **state)
{
    (void)state;
    image_bytes = calloc(1, IMAGE_SIZE);
    return image_bytes != NULL ? 0 : -1;
}

static int free_image(void **state)
{
    (void)state;
    free(image_bytes);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_cut_the_answer_is_read_before_the_body_is_sent),
        cmocka_unit_test(after_a_cut_the_answer_is_read_with_one_attempt_too),
        cmocka_unit_test(a_server_that_does_not_answer_the_expect_header_gets_the_body),
        cmocka_unit_test(a_server_that_refuses_the_expect_header_gets_the_body),
        cmocka_unit_test(the_expect_header_is_sent_after_a_cut_only),
    };
    return cmocka_run_group_tests(tests, make_image, free_image);
}
