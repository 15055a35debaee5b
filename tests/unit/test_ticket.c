/* Failures of images in a queue. */
#include "api/ticket.h"

#include "assert_status.h"
#include "test.h"

#include <string.h>

/* The error of an image that times out. The id is that of its task, or "". */
static dm_error time_out(dm_task_id id, const struct obstacles *obstacles)
{
    const dm_client_options options = {.api_key = "key", .api_url = "http://127.0.0.1:9"};
    dm_client *client = NULL;
    assert_int_equal(dm_client_new(&options, &client, NULL), DM_OK);
    struct ticket *ticket = ticket_new(client, 1000, NULL);
    assert_non_null(ticket);
    ticket->task_id = id;
    ticket_fail_timeout(ticket, obstacles);
    assert_int_equal(ticket_close(ticket), DM_ERR_TIMEOUT);
    const dm_error error = ticket->result.error;
    ticket_free(ticket);
    dm_client_free(client);
    return error;
}

/* The error of an image that times out before it is sent. */
static dm_error fail_unsent(int64_t pause_ms, bool is_limited)
{
    return time_out((dm_task_id){""}, &(struct obstacles){pause_ms, is_limited, ""});
}

static void a_task_that_was_not_done_in_time_says_how_long_the_service_asks_to_wait(void **state)
{
    (void)state;
    const dm_error error = time_out((dm_task_id){"7"}, &(struct obstacles){2500, true, "HTTP 429"});
    assert_int_equal(error.status, DM_ERR_TIMEOUT);
    assert_string_equal(error.task_id.text, "7");
    assert_non_null(strstr(error.message, "the queue's last poll failed: HTTP 429"));
    assert_int_equal(error.retry_after_ms, 2500);
}

static void an_image_that_was_not_sent_in_time_is_reported_as_such(void **state)
{
    (void)state;
    const dm_error error = fail_unsent(0, false);
    assert_status(error.status, DM_ERR_TIMEOUT, &error);
    assert_string_equal(error.message, "the image could not be sent before its timeout");
    assert_int_equal(error.retry_after_ms, 0);
    assert_int_equal(error.attempts, 0);
}

static void an_image_that_was_not_sent_because_of_a_pause_reports_the_pause(void **state)
{
    (void)state;
    const dm_error error = fail_unsent(3500, true);
    assert_status(error.status, DM_ERR_TIMEOUT, &error);
    assert_string_equal(error.message, "the image could not be sent before its timeout, because the service asks to "
                                       "wait another 4 s (HTTP 429 or 503)");
    assert_int_equal(error.retry_after_ms, 3500);
}

static void an_image_that_was_not_sent_at_a_limited_rate_reports_the_limit(void **state)
{
    (void)state;
    const dm_error error = fail_unsent(0, true);
    assert_status(error.status, DM_ERR_TIMEOUT, &error);
    assert_string_equal(error.message, "the image could not be sent before its timeout; the service limits the rate of "
                                       "requests (HTTP 429 or 503)");
    assert_int_equal(error.retry_after_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_that_was_not_done_in_time_says_how_long_the_service_asks_to_wait),
        cmocka_unit_test(an_image_that_was_not_sent_in_time_is_reported_as_such),
        cmocka_unit_test(an_image_that_was_not_sent_because_of_a_pause_reports_the_pause),
        cmocka_unit_test(an_image_that_was_not_sent_at_a_limited_rate_reports_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
