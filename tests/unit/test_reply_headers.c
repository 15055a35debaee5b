#include "transport/reply_headers.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

static void take(struct reply_headers *headers, const char *line)
{
    reply_headers_take(headers, line, strlen(line));
}

static void each_value_is_taken_without_its_blanks(void **state)
{
    struct reply_headers headers = {0};
    (void)state;

    reply_headers_clear(&headers);
    take(&headers, "Server: x\r\n");
    take(&headers, "Retry-After-All: 3\r\n");
    take(&headers, "Retry-After : 4\r\n");
    take(&headers, "Date\r\n");
    take(&headers, "");
    assert_string_equal(headers.retry_after, "");
    assert_string_equal(headers.date, "");
    assert_int_equal(headers.location.length, 0);
    take(&headers, "retry-AFTER:\t 7 \t\r\n");
    take(&headers, "Date:Wed, 21 Oct 2015 07:28:00 GMT\n");
    take(&headers, "Location: /a b \r\n");
    assert_string_equal(headers.retry_after, "7");
    assert_string_equal(headers.date, "Wed, 21 Oct 2015 07:28:00 GMT");
    assert_string_equal(headers.location.data, "/a b");
    reply_headers_clear(&headers);
    assert_string_equal(headers.retry_after, "");
    assert_string_equal(headers.date, "");
    assert_int_equal(headers.location.length, 0);
    reply_headers_free(&headers);
}

static void the_first_of_two_equal_headers_counts(void **state)
{
    struct reply_headers headers = {0};
    (void)state;

    reply_headers_clear(&headers);
    take(&headers, "Location:\r\n");
    take(&headers, "Location: /1\r\n");
    take(&headers, "Location: /2\r\n");
    take(&headers, "Retry-After: 1\r\n");
    take(&headers, "Retry-After: 2\r\n");
    assert_string_equal(headers.location.data, "/1");
    assert_string_equal(headers.retry_after, "1");
    reply_headers_free(&headers);
}

static void a_value_that_is_too_long_is_dropped_and_not_cut(void **state)
{
    enum { LONG = 70 * 1024 };
    struct reply_headers headers = {0};
    char *line = malloc(LONG + 1);
    (void)state;

    assert_non_null(line);
    reply_headers_clear(&headers);
    memset(line, '7', LONG);
    line[LONG] = '\0';
    memcpy(line, "Location:", strlen("Location:"));
    take(&headers, line);
    assert_int_equal(headers.location.status, DM_ERR_TOO_LARGE);
    for (size_t length = MAX_SHORT_VALUE; length >= MAX_SHORT_VALUE - 1; length--) {
        memcpy(line, "Date:   ", strlen("Date:   "));
        reply_headers_take(&headers, line, strlen("Date:   ") + length);
        assert_int_equal(strlen(headers.date), length < MAX_SHORT_VALUE ? length : 0);
    }
    reply_headers_free(&headers);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_is_taken_without_its_blanks),
        cmocka_unit_test(the_first_of_two_equal_headers_counts),
        cmocka_unit_test(a_value_that_is_too_long_is_dropped_and_not_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
