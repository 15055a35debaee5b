/* libcurl with some TLS libraries, and older versions of libcurl, write to dead sockets in a way that raises SIGPIPE.
 * The installed one never does. So this test wraps each libcurl function that may write, and raises SIGPIPE there. */
#include <deepomatic.h>

#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <curl/curl.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t arrived;
static int raised_in_perform;
static int raised_in_remove_handle;
static int raised_in_easy_cleanup;
static int raised_in_multi_cleanup;

static void count_arrival(int signal_number)
{
    (void)signal_number;
    arrived++;
}

/* Raises the signal as the kernel does when a thread writes to a closed connection. */
static void write_to_a_dead_peer(int *counter)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
    (*counter)++;
}

/* The linker defines these names. NOLINTBEGIN(bugprone-reserved-identifier) */
CURLMcode __real_curl_multi_perform(CURLM *multi, int *running);
CURLMcode __real_curl_multi_remove_handle(CURLM *multi, CURL *easy);
void __real_curl_easy_cleanup(CURL *easy);
CURLMcode __real_curl_multi_cleanup(CURLM *multi);

CURLMcode __wrap_curl_multi_perform(CURLM *multi, int *running);
CURLMcode __wrap_curl_multi_remove_handle(CURLM *multi, CURL *easy);
void __wrap_curl_easy_cleanup(CURL *easy);
CURLMcode __wrap_curl_multi_cleanup(CURLM *multi);

CURLMcode __wrap_curl_multi_perform(CURLM *multi, int *running)
{
    write_to_a_dead_peer(&raised_in_perform);
    return __real_curl_multi_perform(multi, running);
}

CURLMcode __wrap_curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
    write_to_a_dead_peer(&raised_in_remove_handle);
    return __real_curl_multi_remove_handle(multi, easy);
}

void __wrap_curl_easy_cleanup(CURL *easy)
{
    write_to_a_dead_peer(&raised_in_easy_cleanup);
    __real_curl_easy_cleanup(easy);
}

CURLMcode __wrap_curl_multi_cleanup(CURLM *multi)
{
    write_to_a_dead_peer(&raised_in_multi_cleanup);
    return __real_curl_multi_cleanup(multi);
}

/* NOLINTEND(bugprone-reserved-identifier) */

static int watch_for_arrivals(void **state)
{
    const struct sigaction counting = {.sa_handler = count_arrival};
    (void)state;
    arrived = 0;
    raised_in_perform = raised_in_remove_handle = raised_in_easy_cleanup = raised_in_multi_cleanup = 0;
    return sigaction(SIGPIPE, &counting, NULL);
}

static void no_sigpipe_arrives_from_a_call(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_true(raised_in_perform > 0);
    assert_true(raised_in_remove_handle > 0);
    assert_int_equal(arrived, 0);
    scene_end(&scene);
}

static void no_sigpipe_arrives_from_a_call_that_is_aborted(void **state)
{
    const dm_call_options call = {.timeout_ms = 50};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_true(raised_in_remove_handle > 0);
    assert_int_equal(arrived, 0);
    scene_end(&scene);
}

/* The queue's thread blocks all signals, so a signal that is raised there stays pending. */
static void no_sigpipe_arrives_from_a_queue(void **state)
{
    const dm_input input = scene_image();
    struct scene scene;
    dm_queue *queue = NULL;
    dm_result *result = NULL;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(dm_queue_new(scene.client, NULL, &queue, &scene.error), DM_OK, &scene.error);
    assert_status(dm_queue_push_spec(queue, dm_public_spec("p"), &input, 1, NULL, NULL, &scene.error), DM_OK,
                  &scene.error);
    assert_status(dm_queue_next(queue, NULL, &result, &scene.error), DM_OK, &scene.error);
    assert_status(result->status, DM_ERR_NOT_FOUND, &result->error);
    dm_result_free(result);
    dm_queue_free(queue);
    assert_true(raised_in_perform > 0);
    assert_true(raised_in_multi_cleanup > 0);
    assert_int_equal(arrived, 0);
    scene_end(&scene);
}

static void no_sigpipe_arrives_when_a_client_closes_its_connections(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
    assert_true(raised_in_easy_cleanup > 0);
    assert_true(raised_in_multi_cleanup > 0);
    assert_int_equal(arrived, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(no_sigpipe_arrives_from_a_call, watch_for_arrivals),
        cmocka_unit_test_setup(no_sigpipe_arrives_from_a_call_that_is_aborted, watch_for_arrivals),
        cmocka_unit_test_setup(no_sigpipe_arrives_from_a_queue, watch_for_arrivals),
        cmocka_unit_test_setup(no_sigpipe_arrives_when_a_client_closes_its_connections, watch_for_arrivals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
