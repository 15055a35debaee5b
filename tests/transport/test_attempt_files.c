/* Attempts that upload files, which may change during the upload, and uploads that libcurl repeats by itself. */
#include "attempt_test.h"
#include "transport/attempt_outcome.h"

#include "fault_server.h"
#include "temp_files.h"
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A request with a file of 1 MiB as its body. Its path is to be freed. */
static char *new_file_request(struct stage *stage, const char *folder)
{
    char *path = temp_path(folder, "image");
    struct file opened;

    assert_true(write_file_of_size(path, 1024 * 1024, "x", 1));
    assert_int_equal(file_open(path, &opened), FILE_FINE);
    new_request(stage, "POST", MEDIA_MULTIPART, "");
    body_append_file(&stage->request.body, &opened);
    finish(&stage->request);
    return path;
}

static void a_file_that_changed_is_not_sent(void **state)
{
    const struct text nowhere = {.data = NULL};
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    char *path = new_file_request(&stage, folder);
    assert_int_equal(truncate(path, 10), 0);
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_ERR_FILE);
    assert_int_equal(fault_server_connection_count(stage.server), 0);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

/* The outcome of an attempt whose file changes its size before it is read. */
static struct outcome attempt_with_resized_file(off_t size)
{
    const struct text nowhere = {.data = NULL};
    char *folder = temp_folder_new();
    struct stage stage;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    char *path = new_file_request(&stage, folder);
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    assert_int_equal(truncate(path, size), 0);
    const struct outcome got = attempt_outcome(stage.attempt, curl_easy_perform(stage.attempt->easy));
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.status, DM_ERR_FILE);
    assert_false(got.completely_sent); /* a part may have been sent */
    assert_non_null(strstr(got.detail, "a file changed while the call used it: \""));
    assert_non_null(strstr(got.detail, path));
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
    return got;
}

static void a_file_that_shrinks_while_it_is_sent_is_an_error_and_not_a_stall(void **state)
{
    (void)state;
    struct outcome got = attempt_with_resized_file(10);
    outcome_free(&got);
}

static void a_file_that_grows_while_it_is_sent_is_not_sent_completely(void **state)
{
    (void)state;
    struct outcome got = attempt_with_resized_file(2 * 1024 * 1024);
    assert_true(got.bytes_sent < 1024 * 1024); /* so that the service cannot take the request as complete */
    outcome_free(&got);
}

/* A connection that closes at the second request, so that libcurl sends that request again by itself. */
static void open_stage_that_repeats(struct stage *stage)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = "", .ending = FAULT_THEN_CLOSE},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    open_stage_of(stage, steps, 3, (dm_client_options){0});
    new_request(stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt(stage);
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    outcome_free(&got);
}

static void a_file_that_is_as_it_was_is_sent_again_from_its_start(void **state)
{
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage_that_repeats(&stage);
    char *path = new_file_request(&stage, folder);
    struct outcome got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    assert_int_equal(got.resends, 1);
    assert_int_equal(fault_server_request_count(stage.server), 3);
    for (size_t i = 1; i < 3; i++) {
        assert_int_equal(fault_server_request(stage.server, i)->body_length, 1024 * 1024);
        assert_int_equal(fault_server_request(stage.server, i)->body[0], 'x');
    }
    outcome_free(&got);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

static void retry_after_is_read_from_the_answer_to_what_was_sent_again(void **state)
{
    static const char later[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n";
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = "", .ending = FAULT_THEN_CLOSE},
                                              {.reply = later, .reply_length = sizeof later - 1}};
    struct stage stage;
    (void)state;

    open_stage_of(&stage, steps, 3, (dm_client_options){0});
    new_request(&stage, "GET", MEDIA_NONE, "");
    for (int resends = 0; resends < 2; resends++) {
        struct outcome got = attempt(&stage);
        assert_int_equal(got.end, ATTEMPT_ANSWERED);
        assert_int_equal(got.resends, resends);
        assert_int_equal(got.retry_after_ms, resends > 0 ? 7000 : -1);
        outcome_free(&got);
    }
    close_stage(&stage);
}

/* libcurl reports that it is about to send the request again. */
static int touch_before_repetition(CURL *easy, curl_infotype type, char *words, size_t length, void *path)
{
    static const char announcement[] = "retrying a fresh connect";
    static const struct timespec long_ago[] = {{.tv_sec = 1}, {.tv_sec = 1}};
    (void)easy;
    if (type == CURLINFO_TEXT && memmem(words, length, announcement, strlen(announcement)) != NULL)
        assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    return 0;
}

/* Half of one image followed by half of another must not be sent. */
static void a_file_that_changes_before_libcurl_sends_it_again_is_not_sent_again(void **state)
{
    const struct text nowhere = {.data = NULL};
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage_that_repeats(&stage);
    char *path = new_file_request(&stage, folder);
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    curl_easy_setopt(stage.attempt->easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(stage.attempt->easy, CURLOPT_DEBUGFUNCTION, touch_before_repetition);
    curl_easy_setopt(stage.attempt->easy, CURLOPT_DEBUGDATA, path);
    struct outcome got = attempt_outcome(stage.attempt, curl_easy_perform(stage.attempt->easy));
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.status, DM_ERR_FILE);
    assert_non_null(strstr(got.detail, "changed while the call used it"));
    assert_true(got.completely_sent);
    assert_int_equal(fault_server_request_count(stage.server), 2);
    outcome_free(&got);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_changed_is_not_sent),
        cmocka_unit_test(a_file_that_shrinks_while_it_is_sent_is_an_error_and_not_a_stall),
        cmocka_unit_test(a_file_that_grows_while_it_is_sent_is_not_sent_completely),
        cmocka_unit_test(a_file_that_is_as_it_was_is_sent_again_from_its_start),
        cmocka_unit_test(retry_after_is_read_from_the_answer_to_what_was_sent_again),
        cmocka_unit_test(a_file_that_changes_before_libcurl_sends_it_again_is_not_sent_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
