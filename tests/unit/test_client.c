#include "client/client.h"

#include "libcurl.h"
#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const dm_client_options good = {.api_key = "key", .api_url = "http://127.0.0.1:1", .proxy = ""};

static dm_client *new_client(void)
{
    dm_client *client = NULL;
    assert_int_equal(dm_client_new(&good, &client, NULL), DM_OK);
    assert_non_null(client);
    return client;
}

static void the_version_is_the_headers(void **state)
{
    (void)state;
    assert_string_equal(dm_library_version(), DM_VERSION);
}

static void a_null_for_a_new_client_is_refused(void **state)
{
    dm_error error;
    (void)state;
    assert_int_equal(dm_client_new(&good, NULL, &error), DM_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "client must not be NULL"));
    assert_int_equal(dm_client_new(&good, NULL, NULL), DM_ERR_INVALID_ARGUMENT);
}

static void a_client_that_cannot_be_made_is_null(void **state)
{
    const dm_client_options bad = {.api_key = "a\nb"};
    dm_client *client = (dm_client *)&good;
    dm_error error;
    (void)state;
    libcurl_needs_tls();

    assert_int_equal(dm_client_new(&bad, &client, &error), DM_ERR_INVALID_ARGUMENT);
    assert_null(client);
    assert_int_equal(error.status, DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(dm_client_new(&bad, &client, NULL), DM_ERR_INVALID_ARGUMENT);
}

static void success_clears_the_error(void **state)
{
    dm_client *client = NULL;
    dm_error clear = {.status = DM_OK};
    dm_error error;
    (void)state;

    memset(&clear, 0, sizeof clear);
    memset(&error, 'x', sizeof error);
    assert_int_equal(dm_client_new(&good, &client, &error), DM_OK);
    assert_memory_equal(&error, &clear, sizeof error);
    dm_client_free(client);
}

static void freeing_null_does_nothing(void **state)
{
    (void)state;
    dm_client_free(NULL);
}

static void the_settings_are_the_clients(void **state)
{
    dm_client *client = new_client();
    (void)state;
    assert_string_equal(client_settings(client)->transport.secret, "key");
    assert_string_equal(client_settings(client)->transport.base.data, "http://127.0.0.1:1/v0.7");
    dm_client_free(client);
}

static void keep_warning(dm_log_level level, const char *line, void *data)
{
    if (level == DM_LOG_WARNING && strstr(line, "not verified (options.insecure_skip_verify is set)") != NULL)
        ++*(int *)data;
}

static void a_client_without_verification_logs_a_warning(void **state)
{
    int warnings = 0;
    dm_client_options options = good;
    dm_client *client = NULL;
    (void)state;

    options.log = keep_warning;
    options.log_data = &warnings;
    assert_int_equal(dm_client_new(&options, &client, NULL), DM_OK);
    dm_client_free(client);
    assert_int_equal(warnings, 0);
    options.insecure_skip_verify = true;
    assert_int_equal(dm_client_new(&options, &client, NULL), DM_OK);
    dm_client_free(client);
    assert_int_equal(warnings, 1);
}

static void a_clients_random_numbers_are_fractions_that_differ(void **state)
{
    dm_client *client = new_client();
    double last = -1;
    (void)state;
    for (int i = 0; i < 100; i++) {
        const double fraction = client_random(client);
        assert_true(fraction >= 0 && fraction < 1);
        assert_true(fraction < last || fraction > last);
        last = fraction;
    }
    dm_client_free(client);
}

static void a_child_process_cannot_use_its_parents_client(void **state)
{
    int wait_status = 0;
    dm_client *client = new_client();
    (void)state;
    assert_true(client_is_ours(client));
    const pid_t child = fork();
    if (child == 0)
        _exit(client_is_ours(client) ? 1 : 0);
    assert_int_equal(waitpid(child, &wait_status, 0), child);
    assert_int_equal(wait_status, 0);
    dm_client_free(client);
}

/* ---- The pool ---- */

static void the_engine_given_back_last_is_taken_first(void **state)
{
    dm_client *client = new_client();
    (void)state;

    struct engine *one = client_take_engine(client);
    struct engine *other = client_take_engine(client);
    assert_non_null(one);
    assert_non_null(other);
    assert_ptr_not_equal(one, other);
    client_give_engine(client, one);
    client_give_engine(client, other);
    assert_ptr_equal(client_take_engine(client), other);
    assert_ptr_equal(client_take_engine(client), one);
    client_give_engine(client, one);
    client_give_engine(client, other);
    dm_client_free(client);
}

static void giving_back_null_does_nothing(void **state)
{
    dm_client *client = new_client();
    (void)state;
    client_give_engine(client, NULL);
    dm_client_free(client);
}

/* A leak checker detects whether the other four are freed. */
static void no_more_than_sixteen_engines_are_kept(void **state)
{
    enum { TAKEN = 20, KEPT = 16 };
    struct engine *engines[TAKEN];
    dm_client *client = new_client();
    (void)state;

    for (int i = 0; i < TAKEN; i++)
        engines[i] = client_take_engine(client);
    for (int i = 0; i < TAKEN; i++)
        client_give_engine(client, engines[i]);
    for (int i = KEPT - 1; i >= 0; i--)
        assert_ptr_equal(client_take_engine(client), engines[i]);
    for (int i = 0; i < KEPT; i++)
        client_give_engine(client, engines[i]);
    dm_client_free(client);
}

static void *use_engine(void *data)
{
    struct engine *taken = client_take_engine(data);
    const bool idle = engine_next(taken, 0) == NULL; /* asserts its owner */
    client_give_engine(data, taken);
    return idle ? data : NULL;
}

static void an_engine_can_move_from_thread_to_thread(void **state)
{
    dm_client *client = new_client();
    (void)state;

    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        void *result = NULL;
        assert_ptr_equal(use_engine(client), client);
        assert_int_equal(pthread_create(&thread, NULL, use_engine, client), 0);
        pthread_join(thread, &result);
        assert_ptr_equal(result, client);
    }
    dm_client_free(client);
}

/* ---- Paces ---- */

enum { LEARNERS = 4, TASKS_OF_EACH = 200, TASK_MS = 100 };

static void *learn_often(void *data)
{
    dm_client *client = data;
    for (int i = 0; i < TASKS_OF_EACH; i++) {
        const struct pace_key key = pace_key_version(i % (2 * PACE_TABLE_SIZE));
        client_learn_pace(client, key, &(struct pace_observation){TASK_MS, TASK_MS, 0});
        const struct pace pace = client_pace(client, key);
        if (pace.count > 0 && pace.mean_ms != TASK_MS)
            return data;
    }
    return NULL;
}

/* A pace is read and written atomically: a mixture of two paces would have a different mean. */
static void threads_learn_paces_together(void **state)
{
    dm_client *client = new_client();
    pthread_t threads[LEARNERS];
    (void)state;

    for (size_t i = 0; i < LEARNERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, learn_often, client), 0);
    for (size_t i = 0; i < LEARNERS; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    assert_true(client_pace(client, pace_key_version(TASKS_OF_EACH % (2 * PACE_TABLE_SIZE) - 1)).count > 0);
    dm_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_is_the_headers),
        cmocka_unit_test(a_null_for_a_new_client_is_refused),
        cmocka_unit_test(a_client_that_cannot_be_made_is_null),
        cmocka_unit_test(success_clears_the_error),
        cmocka_unit_test(freeing_null_does_nothing),
        cmocka_unit_test(the_settings_are_the_clients),
        cmocka_unit_test(a_client_without_verification_logs_a_warning),
        cmocka_unit_test(a_clients_random_numbers_are_fractions_that_differ),
        cmocka_unit_test(a_child_process_cannot_use_its_parents_client),
        cmocka_unit_test(the_engine_given_back_last_is_taken_first),
        cmocka_unit_test(giving_back_null_does_nothing),
        cmocka_unit_test(no_more_than_sixteen_engines_are_kept),
        cmocka_unit_test(an_engine_can_move_from_thread_to_thread),
        cmocka_unit_test(threads_learn_paces_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
