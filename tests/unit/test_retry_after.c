#include "transport/retry_after.h"

#include "test.h"

#include <time.h>

#define NOW 1445412470 /* Wed, 21 Oct 2015 07:27:50 GMT */

/* With a 32-bit time_t, libcurl cannot parse dates after 2038. Then Retry-After is ignored. */
#define AFTER_2038(milliseconds) (sizeof(time_t) > 4 ? (milliseconds) : -1)

static void values_are_parsed_as_in_this_table(void **state)
{
    static const struct {
        const char *value;
        int64_t milliseconds; /* -1: nothing */
    } cases[] = {
        {"0", 0},
        {"7", 7000},
        {"007", 7000},
        {"86400", 86400000},
        {"922337203685477", INT64_C(922337203685477000)},
        {"9223372036854775", INT64_C(9223372036854775000)},
        {"9223372036854776", INT64_MAX},
        {"9223372036854775807", INT64_MAX},
        {"18446744073709551617", INT64_MAX},
        {"99999999999999999999999999999999999999999999", INT64_MAX},
        {"", -1},
        {"-7", -1},
        {"+7", -1},
        {"2.5", 2500},
        {"7.5", 7500},
        {"0.0", 0},
        {"0.001", 1},
        {"0.0001", 1},
        {"0.0010", 1},
        {"0.0011", 2},
        {"0.9991", 1000},
        {"1.25", 1250},
        {"9223372036854775.807", INT64_MAX},
        {"9223372036854775.806", INT64_C(9223372036854775806)},
        {"9223372036854775.9", INT64_MAX},
        {"9223372036854776.5", INT64_MAX},
        {"1.", -1},
        {".5", -1},
        {".", -1},
        {"1.2.3", -1},
        {"1.-5", -1},
        {"1,5", -1},
        {"1.5s", -1},
        {"7 seconds", -1},
        {"0x10", -1},
        {"soon", -1},
        {"Wed, 21 Oct 2015 07:28:00 GMT", 10000},
        {"Wednesday, 21-Oct-15 07:28:00 GMT", 10000},
        {"Wed Oct 21 07:28:00 2015", 10000},
        {"Wed, 21 Oct 2015 07:27:50 GMT", 0},
        {"Wed, 21 Oct 2015 07:27:49 GMT", 0},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Fri, 31 Dec 2199 23:59:59 GMT", AFTER_2038(INT64_C(5812705929000))},
        {"Wed, 21 Brumaire 2015 07:28:00 GMT", -1},
        {"Wed, 21 Oct 2015 27:28:00 GMT", -1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int64_t milliseconds = retry_after_ms(cases[i].value, NULL, NOW);
        if (milliseconds != cases[i].milliseconds)
            fail_msg("\"%s\": unexpected %lld ms", cases[i].value, (long long)milliseconds);
    }
}

/* Some versions of libcurl accept these dates, and others do not. */
static void a_date_in_a_too_large_year_is_never_or_ignored(void **state)
{
    static const char *const dates[] = {"Sun, 06 Nov 584556073 08:49:37 GMT", "Sun, 06 Nov 2147483647 08:49:37 GMT"};
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        const int64_t milliseconds = retry_after_ms(dates[i], NULL, NOW);
        assert_true(milliseconds == INT64_MAX || milliseconds == -1);
    }
}

/* The local clock may be wrong, so the Date header of the reply is used. */
static void a_date_is_compared_with_the_services_clock(void **state)
{
    static const char then[] = "Wed, 21 Oct 2015 07:28:00 GMT";
    (void)state;
    for (int64_t ours = 0; ours < 2 * (int64_t)NOW; ours += NOW / 2) {
        assert_int_equal(retry_after_ms(then, "Wed, 21 Oct 2015 07:27:58 GMT", ours), 2000);
        assert_int_equal(retry_after_ms(then, "Wed, 21 Oct 2015 07:29:00 GMT", ours), 0);
        assert_int_equal(retry_after_ms("7", "Wed, 21 Oct 2015 07:29:00 GMT", ours), 7000);
    }
    assert_int_equal(retry_after_ms(then, "today", NOW), 10000);
    assert_int_equal(retry_after_ms(then, "", NOW), 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_parsed_as_in_this_table),
        cmocka_unit_test(a_date_in_a_too_large_year_is_never_or_ignored),
        cmocka_unit_test(a_date_is_compared_with_the_services_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
