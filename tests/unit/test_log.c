#include "transport/log.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

enum { MAX_LINES = 4, NOW = 5000 };

struct journal {
    int count;
    dm_log_level levels[MAX_LINES];
    char lines[MAX_LINES][2048];
};

static void keep(dm_log_level level, const char *line, void *data)
{
    struct journal *journal = data;
    assert_true(journal->count < MAX_LINES);
    assert_true(strlen(line) < sizeof journal->lines[0]);
    journal->levels[journal->count] = level;
    strcpy(journal->lines[journal->count++], line);
}

static char key[] = "the-key";
static char base[] = "http://host/v0.7";
#define ADDRESS .base = {.data = base, .length = sizeof base - 1}, .origin = {.data = base, .length = 11}

/* Logs an attempt of a GET of this target. */
static void log_one(struct journal *journal, char *target, const struct outcome *last, bool finished)
{
    const struct transport_settings settings = {ADDRESS, .secret = key, .log = keep, .log_data = journal};
    const struct request sent = {.method = "GET", .target = {.data = target, .length = strlen(target)}};
    struct exchange exchange = {.request = &sent, .attempts = 1, .ready_at = NOW + 250};
    log_attempt(&settings, &exchange, last);
    exchange.last = *last;
    if (!finished)
        log_retry(&settings, &exchange, NOW);
}

static void an_answered_attempt_is_one_line(void **state)
{
    const struct outcome last = {.end = ATTEMPT_ANSWERED,
                                 .http_status = 200,
                                 .milliseconds = 17,
                                 .bytes_sent = 5,
                                 .bytes_received = INT64_C(12345678901)};
    char target[] = "/accounts/me";
    struct journal kept = {0};
    (void)state;

    log_one(&kept, target, &last, true);
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.levels[0], DM_LOG_INFO);
    assert_string_equal(kept.lines[0],
                        "GET /v0.7/accounts/me: HTTP 200, 17 ms, 5 bytes sent, 12345678901 bytes received, attempt 2");
}

static void an_attempt_that_will_be_repeated_is_a_warning_too(void **state)
{
    const struct outcome last = {.end = ATTEMPT_BROKEN, .http_status = 0, .detail = "Connection reset by peer"};
    char target[] = "/x";
    struct journal kept = {0};
    (void)state;

    log_one(&kept, target, &last, false);
    assert_int_equal(kept.count, 2);
    assert_string_equal(kept.lines[0],
                        "GET /v0.7/x: Connection reset by peer, 0 ms, 0 bytes sent, 0 bytes received, attempt 2");
    assert_int_equal(kept.levels[1], DM_LOG_WARNING);
    assert_string_equal(kept.lines[1], "GET /v0.7/x: Connection reset by peer; next attempt in 250 ms");
}

static void resends_by_libcurl_are_counted(void **state)
{
    const struct outcome last = {.end = ATTEMPT_ANSWERED, .http_status = 200, .resends = 1};
    char target[] = "/x";
    struct journal kept = {0};
    (void)state;

    log_one(&kept, target, &last, true);
    assert_non_null(strstr(kept.lines[0], "attempt 3"));
}

static void after_a_redirect_the_path_is_the_new_one(void **state)
{
    char there[] = "/v0.7/there/";
    struct journal kept = {0};
    const struct transport_settings settings = {ADDRESS, .secret = key, .log = keep, .log_data = &kept};
    const struct request sent = {.method = "GET", .target = {.data = there, .length = 2}};
    const struct exchange exchange = {.request = &sent,
                                      .location = {.data = there, .length = strlen(there)},
                                      .attempts = 1,
                                      .ready_at = NOW,
                                      .last = {.end = ATTEMPT_ANSWERED, .http_status = 302}};
    const struct outcome last = {.end = ATTEMPT_ANSWERED, .http_status = 200};
    (void)state;

    log_attempt(&settings, &exchange, &last);
    assert_int_equal(strncmp(kept.lines[0], "GET /v0.7/there/: HTTP 200,", 27), 0);
    log_retry(&settings, &exchange, NOW);
    assert_string_equal(kept.lines[1], "GET /v0.7/there/: HTTP 302; next attempt in 0 ms");
}

static void a_page_is_shown_with_its_query(void **state)
{
    char target[] = "/recognition/specs?offset=1";
    struct journal kept = {0};
    const struct transport_settings settings = {ADDRESS, .secret = key, .log = keep, .log_data = &kept};
    const struct request sent = {.method = "GET", .target = {.data = target, .length = strlen(target)}};
    const struct exchange exchange = {
        .request = &sent, .ready_at = NOW, .last = {.end = ATTEMPT_ANSWERED, .http_status = 503}};
    (void)state;

    log_retry(&settings, &exchange, NOW);
    assert_string_equal(kept.lines[0], "GET /v0.7/recognition/specs?offset=1: HTTP 503; next attempt in 0 ms");
}

static void a_line_is_printable_and_bounded(void **state)
{
    struct outcome last = {.end = ATTEMPT_BROKEN};
    char target[4000];
    struct journal kept = {0};
    (void)state;

    memset(target, 'x', sizeof target);
    target[sizeof target - 1] = '\0';
    memset(last.detail, 'y', sizeof last.detail - 1);
    memcpy(last.detail, "a\nb\x1b[31m\xff", 10);
    last.detail[10] = 'z';
    log_one(&kept, target, &last, false);
    assert_int_equal(kept.count, 2);
    assert_true(strlen(kept.lines[0]) < 1024);
    assert_non_null(strstr(kept.lines[0], "a b [31m?"));
    assert_non_null(strstr(kept.lines[0], "attempt 2"));
    assert_null(strchr(kept.lines[0], '\n'));
}

static void the_key_is_in_no_line_not_even_where_it_is_cut(void **state)
{
    const struct outcome last = {.end = ATTEMPT_ANSWERED, .http_status = 503};
    (void)state;
    for (size_t before = 0; before < 700; before++) {
        char target[1000];
        struct journal kept = {0};
        memset(target, 'x', before);
        strcpy(target + before, key);
        strcat(target, "&more");
        log_one(&kept, target, &last, false);
        assert_int_equal(kept.count, 2);
        for (int i = 0; i < kept.count; i++)
            assert_null(strstr(kept.lines[i], "the-"));
    }
}

static void the_key_is_not_in_the_message_of_a_failure_either(void **state)
{
    (void)state;
    for (size_t before = 0; before < 256; before++) {
        struct outcome last = {.end = ATTEMPT_BROKEN};
        char target[] = "/x";
        struct journal kept = {0};
        memset(last.detail, 'y', before);
        snprintf(last.detail + before, sizeof last.detail - before, "%s and more", key);
        log_one(&kept, target, &last, false);
        assert_int_equal(kept.count, 2);
        for (int i = 0; i < kept.count; i++)
            assert_null(strstr(kept.lines[i], "the-"));
    }
}

static void without_a_callback_nothing_is_logged(void **state)
{
    const struct transport_settings settings = {.skip_verify = true};
    const struct request sent = {.method = "GET"};
    const struct exchange exchange = {.request = &sent, .attempts = 1};
    (void)state;
    log_attempt(&settings, &exchange, &exchange.last);
    log_retry(&settings, &exchange, NOW);
    log_tls_unverified(&settings, "");
    log_look_ups_block(&settings);
}

static void tls_that_is_not_verified_is_a_warning(void **state)
{
    struct journal kept = {0};
    struct transport_settings settings = {.log = keep, .log_data = &kept, .skip_verify = true};
    (void)state;

    log_tls_unverified(&settings, "the reason");
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.levels[0], DM_LOG_WARNING);
    assert_non_null(strstr(kept.lines[0], "not verified (the reason)"));
    settings.skip_verify = false;
    log_tls_unverified(&settings, "");
    assert_int_equal(kept.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answered_attempt_is_one_line),
        cmocka_unit_test(an_attempt_that_will_be_repeated_is_a_warning_too),
        cmocka_unit_test(resends_by_libcurl_are_counted),
        cmocka_unit_test(after_a_redirect_the_path_is_the_new_one),
        cmocka_unit_test(a_page_is_shown_with_its_query),
        cmocka_unit_test(a_line_is_printable_and_bounded),
        cmocka_unit_test(the_key_is_in_no_line_not_even_where_it_is_cut),
        cmocka_unit_test(the_key_is_not_in_the_message_of_a_failure_either),
        cmocka_unit_test(without_a_callback_nothing_is_logged),
        cmocka_unit_test(tls_that_is_not_verified_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
