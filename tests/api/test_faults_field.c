/* Faults that real services and gateways have shown: each call ends as its user expects. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "field_test.h"
#include "framed_reply.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* ---- Transient failures ---- */

static void the_statuses_of_a_gateway_without_its_origin_are_retried(void **state)
{
    static const char *const statuses[] = {"520 Unknown Error", "522 Connection Timed Out", "530 Origin DNS Error"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        scene_reply(&scene, statuses[i], "", "");
        GOOD(&scene, SCENE_ACCOUNT);
    }
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 2 * (i + 1));
    }
    scene_end(&scene);
}

static void the_statuses_of_a_gateway_without_its_origin_do_not_end_a_wait(void **state)
{
    const dm_client_options once = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 5};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "520 Unknown Error", "", "");
    scene_reply(&scene, "522 Connection Timed Out", "", "");
    scene_reply(&scene, "530 Origin DNS Error", "", "");
    GOOD(&scene, SCENE_SUCCESS);
    scene_start(&scene, &once);
    assert_status(scene_wait(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 4);
    scene_end(&scene);
}

/* After a successful poll, the next HTTP 404 counts as the first one again. */
static void a_wait_forgives_one_404_at_a_time(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    NOT_THERE_YET(&scene);
    GOOD(&scene, SCENE_PENDING);
    NOT_THERE_YET(&scene);
    GOOD(&scene, SCENE_SUCCESS);
    scene_start(&scene, &quick);
    assert_status(scene_wait(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 4);
    scene_end(&scene);
}

static void a_wait_ends_with_two_404_in_a_row(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    NOT_THERE_YET(&scene);
    scene_start(&scene, &quick);
    assert_status(scene_wait(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_string_equal(scene.error.task_id.text, "123");
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void an_inference_forgives_one_404_of_its_new_task(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    NOT_THERE_YET(&scene);
    GOOD(&scene, SCENE_SUCCESS);
    scene_start(&scene, &quick);
    assert_status(scene_infer(&scene, &image, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

static void an_inference_ends_with_two_404_in_a_row(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    NOT_THERE_YET(&scene);
    scene_start(&scene, &quick);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_string_equal(scene.error.task_id.text, "123");
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

#define WITHOUT_LENGTH "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"

static void a_reply_without_a_length_that_is_cut_within_its_json_is_retried(void **state)
{
    static const char reply[] = WITHOUT_LENGTH
        "\xef\xbb\xbf {\"a\":[true,false,null,-1.5e3],\"s\":\"\\ud83d\\ude00\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\\n\"}";
    const size_t cuts = sizeof reply - sizeof WITHOUT_LENGTH;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t cut = 0; cut < cuts; cut++) {
        scene_bytes(&scene, reply, sizeof WITHOUT_LENGTH - 1 + cut)->ending = FAULT_THEN_CLOSE;
        GOOD(&scene, SCENE_ACCOUNT);
    }
    scene_start(&scene, NULL);
    for (size_t cut = 0; cut < cuts; cut++) {
        if (scene_get(&scene, NULL) != DM_OK)
            fail_msg("behind byte %zu of the body: %s", cut, scene.error.message);
        assert_int_equal(scene_requests(&scene), 2 * (cut + 1));
    }
    scene_end(&scene);
}

/* Such a reply would be the same again. */
static void a_reply_without_a_length_that_holds_wrong_json_is_not_retried(void **state)
{
    static const char *const replies[] = {WITHOUT_LENGTH "{\"a\":nul}", WITHOUT_LENGTH "[\"\\udc00",
                                          WITHOUT_LENGTH "{\"a\":\"\xff", WITHOUT_LENGTH "tru"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(replies); i++)
        scene_text(&scene, replies[i])->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(replies); i++) {
        assert_status(scene_get(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
        assert_int_equal(scene_requests(&scene), i + 1);
    }
    scene_end(&scene);
}

/* White space is not content: a second delete would find nothing. */
static void a_delete_that_is_answered_with_white_space_is_not_retried(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, WITHOUT_LENGTH "\r\n")->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 1);
    scene_end(&scene);
}

/* Also if the connection ends directly after the headers. For a delete, such a reply is complete. */
static void a_reply_without_a_length_that_is_cut_after_its_headers_is_retried(void **state)
{
    static const char cut[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, cut)->ending = FAULT_THEN_CLOSE;
    GOOD(&scene, SCENE_ACCOUNT);
    scene_text(&scene, cut)->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

/* The header takes precedence over the retry delay, which may be far longer. */
static void retry_after_may_be_a_fraction_of_a_second(void **state)
{
    const dm_client_options slow = {.retry_delay_ms = LONG_MS, .max_retry_delay_ms = LONG_MS};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "Retry-After: 0.3\r\n", "");
    GOOD(&scene, SCENE_ACCOUNT);
    scene_start(&scene, &slow);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_in_range(now_ms() - begun, 300, TOO_LONG_MS);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void the_error_has_a_retry_after_of_a_fraction_of_a_second(void **state)
{
    const dm_client_options once = {.max_attempts = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "Retry-After: 0.3\r\n", "");
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_int_equal(scene.error.retry_after_ms, 300);
    scene_end(&scene);
}

/* ---- Long ids ---- */

enum { LONG_IDS = 100, REQUEST_LINE_LIMIT = 4094 };

static void write_long_ids(dm_task_id *ids)
{
    for (int i = 0; i < LONG_IDS; i++)
        snprintf(ids[i].text, sizeof ids[i].text, "01234567-89ab-cdef-0123-%012d", i);
}

static bool was_asked_for(const struct scene *scene, const dm_task_id *id)
{
    bool asked = false;
    for (size_t i = 0; i < scene_requests(scene); i++)
        asked |= strstr(scene_request(scene, i)->target, id->text) != NULL;
    return asked;
}

static void check_long_ids(const struct scene *scene, const dm_task_id *ids)
{
    for (size_t i = 0; i < scene_requests(scene); i++)
        assert_true(strcspn(scene_request(scene, i)->head, "\r") < REQUEST_LINE_LIMIT);
    for (size_t i = 0; i < LONG_IDS; i++)
        assert_true(was_asked_for(scene, &ids[i]));
}

static void the_request_lines_for_many_long_ids_stay_short(void **state)
{
    dm_task_id ids[LONG_IDS];
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    write_long_ids(ids);
    assert_int_equal(strlen(ids[0].text), 36);
    scene_init(&scene);
    GOOD(&scene, LAST_PAGE(""));
    scene_start(&scene, &quick);
    dm_status status = dm_task_list(scene.client, ids, LONG_IDS, NULL, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    check_long_ids(&scene, ids);
    dm_tasks_free(tasks);

    status = dm_task_wait_all(scene.client, ids, LONG_IDS, NULL, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2 + 2 * 2); /* unknown ids are polled twice */
    check_long_ids(&scene, ids);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* ---- Content ---- */

static void add_framed(struct scene *scene, const struct framing *framing, const char *status, const void *body,
                       size_t length)
{
    struct framed_reply reply = framed_reply_new(framing, status, "", body, length);
    assert_non_null(reply.bytes);
    scene_bytes(scene, reply.bytes, reply.length);
    framed_reply_free(&reply);
}

/* If the id could not be read, the submission would be lost. */
static void a_byte_order_mark_and_nul_bytes_around_json_are_ignored(void **state)
{
    static const char marked[] = "\xEF\xBB\xBF" SCENE_TASK_ID;
    static const char padded[] = SCENE_TASK_ID "\0\0\0";
    static const struct framing framing = {.kind = FRAMING_LENGTH};
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_framed(&scene, &framing, "201 Created", marked, sizeof marked - 1);
    add_framed(&scene, &framing, "201 Created", padded, sizeof padded - 1);
    scene_start(&scene, NULL);
    assert_status(scene_submit(&scene, &image, NULL), DM_OK, &scene.error);
    assert_status(scene_submit(&scene, &image, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_statuses_of_a_gateway_without_its_origin_are_retried),
        cmocka_unit_test(the_statuses_of_a_gateway_without_its_origin_do_not_end_a_wait),
        cmocka_unit_test(a_wait_forgives_one_404_at_a_time),
        cmocka_unit_test(a_wait_ends_with_two_404_in_a_row),
        cmocka_unit_test(an_inference_forgives_one_404_of_its_new_task),
        cmocka_unit_test(an_inference_ends_with_two_404_in_a_row),
        cmocka_unit_test(a_reply_without_a_length_that_is_cut_within_its_json_is_retried),
        cmocka_unit_test(a_reply_without_a_length_that_holds_wrong_json_is_not_retried),
        cmocka_unit_test(a_delete_that_is_answered_with_white_space_is_not_retried),
        cmocka_unit_test(a_reply_without_a_length_that_is_cut_after_its_headers_is_retried),
        cmocka_unit_test(retry_after_may_be_a_fraction_of_a_second),
        cmocka_unit_test(the_error_has_a_retry_after_of_a_fraction_of_a_second),
        cmocka_unit_test(the_request_lines_for_many_long_ids_stay_short),
        cmocka_unit_test(a_byte_order_mark_and_nul_bytes_around_json_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
