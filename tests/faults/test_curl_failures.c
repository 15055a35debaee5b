/* In every public call, each call of a libcurl function that can fail fails once; so do two system functions. */
#include "array.h"
#include "assert_status.h"
#include "points.h"

#include "test.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct kind {
    const char *name;
    struct trial trial;
};

static const struct kind kinds[] = {
    {"curl_global_init: out of memory", {{INJECT_GLOBAL_INIT, CURLE_OUT_OF_MEMORY, false}, DM_ERR_NO_MEMORY, false, 0}},
    {"curl_global_init: failed", {{INJECT_GLOBAL_INIT, CURLE_FAILED_INIT, false}, DM_ERR_SYSTEM, false, 0}},
    {"curl_easy_init", {{INJECT_EASY_INIT, 0, false}, DM_ERR_NO_MEMORY, false, 0}},
    {"curl_easy_setopt: out of memory", {{INJECT_EASY_SETOPT, CURLE_OUT_OF_MEMORY, false}, DM_ERR_NO_MEMORY, false, 0}},
    {"curl_easy_setopt: refused", {{INJECT_EASY_SETOPT, CURLE_BAD_FUNCTION_ARGUMENT, false}, DM_ERR_SYSTEM, false, 0}},
    /* Some options may be unknown to libcurl. */
    {"curl_easy_setopt: not built in", {{INJECT_EASY_SETOPT, CURLE_NOT_BUILT_IN, false}, DM_ERR_SYSTEM, true, 0}},
    {"curl_easy_setopt: unknown", {{INJECT_EASY_SETOPT, CURLE_UNKNOWN_OPTION, false}, DM_ERR_SYSTEM, true, 0}},
    {"curl_slist_append", {{INJECT_SLIST_APPEND, 0, false}, DM_ERR_NO_MEMORY, false, 0}},
    {"curl_multi_init", {{INJECT_MULTI_INIT, 0, false}, DM_ERR_NO_MEMORY, false, 0}},
    {"curl_multi_add_handle", {{INJECT_MULTI_ADD_HANDLE, CURLM_OUT_OF_MEMORY, false}, DM_ERR_NO_MEMORY, false, 0}},
    {"a transfer: out of memory", {{INJECT_TRANSFER, CURLE_OUT_OF_MEMORY, false}, DM_ERR_NO_MEMORY, false, 0}},
    /* After one failure of these functions, the loop tries again. */
    {"curl_multi_perform, once", {{INJECT_MULTI_PERFORM, CURLM_OUT_OF_MEMORY, false}, DM_ERR_NO_MEMORY, true, 0}},
    {"curl_multi_poll, once", {{INJECT_MULTI_POLL, CURLM_OUT_OF_MEMORY, false}, DM_ERR_NO_MEMORY, true, 0}},
    {"pthread_create", {{INJECT_THREAD, EAGAIN, false}, DM_ERR_SYSTEM, false, 0}},
    {"eventfd", {{INJECT_EVENTFD, EMFILE, false}, DM_ERR_SYSTEM, false, 0}},
    /* A client requires random numbers; an engine uses the clock if there are none. */
    {"getentropy", {{INJECT_GETENTROPY, ENOSYS, false}, DM_ERR_SYSTEM, true, 0}},
};

enum { KIND_COUNT = COUNT(kinds) };

static void print_row(const char *name, const size_t points[KIND_COUNT])
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        printf("%5zu", points[i]);
    printf("  %s\n", name);
}

static void print_columns(void)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        printf("%*s%s\n", (int)(5 * i + 4), "", kinds[i].name);
}

static void each_failure_is_reported(void **state)
{
    size_t sums[KIND_COUNT] = {0};
    size_t wrong = 0;

    (void)state;
    print_columns();
    for (size_t i = 0; i < scenario_count; i++) {
        size_t points[KIND_COUNT];
        if (!scenario_can_run(&scenarios[i]))
            continue;
        for (size_t j = 0; j < KIND_COUNT; j++) {
            const struct tally tally = fail_all_points(&scenarios[i], &kinds[j].trial);
            points[j] = tally.points;
            sums[j] += tally.points;
            wrong += tally.wrong;
            if (tally.wrong > 0)
                fprintf(stderr, "WRONG at %zu points: %s, %s\n", tally.wrong, scenarios[i].name, kinds[j].name);
        }
        print_row(scenarios[i].name, points);
    }
    print_row("points in all", sums);
    for (size_t j = 0; j < KIND_COUNT; j++)
        assert_true(sums[j] > 0);
    assert_int_equal(wrong, 0);
}

static const struct scenario *find_scenario(const char *name)
{
    for (size_t i = 0; i < scenario_count; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    fail_msg("unknown scenario %s", name);
    return NULL;
}

/* A loop that ignored these failures would run until the deadline, and then report a missing answer. */
static void a_call_ends_when_libcurl_can_neither_perform_nor_poll(void **state)
{
    static const struct trial trials[] = {
        {{INJECT_MULTI_PERFORM, CURLM_OUT_OF_MEMORY, true}, DM_ERR_NO_MEMORY, false, 300},
        {{INJECT_MULTI_POLL, CURLM_OUT_OF_MEMORY, true}, DM_ERR_NO_MEMORY, true, 300},
    };
    static const char *const names[] = {"dm_account_retrieve", "dm_spec_create", "dm_spec_infer, mixed",
                                        "dm_task_wait_all"};
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(trials); i++)
        for (size_t j = 0; j < COUNT(names); j++)
            wrong += fail_all_points(find_scenario(names[j]), &trials[i]).wrong;
    assert_int_equal(wrong, 0);
}

/* The pipe has two descriptors. */
static void without_a_descriptor_the_queue_reports_the_reason(void **state)
{
    static const struct injection no_descriptor = {INJECT_EVENTFD, EMFILE, false};
    struct fixture fixture;

    (void)state;
    fixture_open(&fixture, "http://127.0.0.1:1", 0);
    for (size_t point = 1; point <= 2; point++) {
        dm_queue *queue = UNTOUCHED;
        injection_arm(&no_descriptor, point);
        const dm_status status = dm_queue_new(fixture.client, NULL, &queue, &fixture.error);
        assert_int_equal(injection_disarm(), 1);
        assert_status(status, DM_ERR_SYSTEM, &fixture.error);
        assert_null(queue);
        assert_string_equal(fixture.error.message, "no file descriptor to wake a thread: Too many open files");
    }
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_is_reported),
        cmocka_unit_test(a_call_ends_when_libcurl_can_neither_perform_nor_poll),
        cmocka_unit_test(without_a_descriptor_the_queue_reports_the_reason),
    };
    points_set_up();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
