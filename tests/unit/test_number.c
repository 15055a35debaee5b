#include "base/number.h"
#include "base/random.h"

#include "array.h"
#include "comma_locale.h"
#include "test.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_integer(const char *text, int64_t wanted)
{
    int64_t integer = 99;
    if (!number_to_integer(text, strlen(text), &integer) || integer != wanted)
        fail_msg("%s became %" PRId64, text, integer);
}

static void whole_numbers_are_integers_in_every_notation(void **state)
{
    (void)state;
    assert_integer("0", 0);
    assert_integer("-0", 0);
    assert_integer("-0.0e5", 0);
    assert_integer("0e99999999999999999999", 0);
    assert_integer("42.0", 42);
    assert_integer("4.2e1", 42);
    assert_integer("4200e-2", 42);
    assert_integer("12E+2", 1200);
    assert_integer("100", 100);
    assert_integer("1001000", 1001000);
    assert_integer("-10.010e3", -10010);
    assert_integer("999999999999999999", INT64_C(999999999999999999));
    assert_integer("9223372036854775807", INT64_MAX);
    assert_integer("-9223372036854775808", INT64_MIN);
    assert_integer("9223372036854775807.000000000000000000000000000000000000000000", INT64_MAX);
    assert_integer("-0.9223372036854775808e19", INT64_MIN);
    assert_integer("100000000000000000000000000000000000000000000000000000000e-56", 1);
}

static void numbers_that_are_not_int64_are_refused(void **state)
{
    static const char *const texts[] = {"9223372036854775808",
                                        "-9223372036854775809",
                                        "10000000000000000000",
                                        "99999999999999999999",
                                        "1e19",
                                        "1e400",
                                        "0.5",
                                        "-1.5",
                                        "1e-1",
                                        "1e-400",
                                        "9007199254740993.5",
                                        "1.0000000000000000000000000000000000000001",
                                        "12345678901234567890123e-3",
                                        "9223372036854775807.1",
                                        "1e99999999999999999999"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t integer;
        if (number_to_integer(texts[i], strlen(texts[i]), &integer))
            fail_msg("%s became %" PRId64, texts[i], integer);
    }
}

static void every_integer_that_is_printed_is_read(void **state)
{
    uint64_t random = 5;
    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[32];
        const int64_t wanted = (int64_t)(random_fraction(&random) * 18446744073709551615.0 - 9223372036854775808.0) >>
                               (int)(random_fraction(&random) * 63);
        snprintf(text, sizeof text, "%" PRId64, wanted);
        assert_integer(text, wanted);
    }
}

static uint64_t bits_of(double number)
{
    uint64_t bits = 0;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* To the bit. */
static void assert_double(const char *text, double wanted)
{
    double number = -1;
    assert_true(number_to_double(text, strlen(text), &number));
    if (bits_of(number) != bits_of(wanted))
        fail_msg("%s: expected %.17g, got %.17g", text, wanted, number);
}

static void doubles_are_the_nearest_ones(void **state)
{
    static const char *const texts[] = {"0",
                                        "-0",
                                        "-0.0",
                                        "0.1",
                                        "0.30000000000000004",
                                        "1e22",
                                        "1e23",
                                        "9007199254740992",
                                        "9007199254740993",
                                        "9007199254740993e1",
                                        "123456789012345678901234567890",
                                        "1e-400",
                                        "-1e-400",
                                        "1e400",
                                        "-1e400",
                                        "5e-324",
                                        "2.4703282292062327208e-324",
                                        "1.7976931348623157e308",
                                        "1.7976931348623159e308",
                                        "2.2250738585072011e-308",
                                        "0.000000000000000000000000000000000000000000000000000000000001",
                                        "100000000000000000000000e-23",
                                        "179769313486231580793728971405303415079934132710037826936173",
                                        "7450580596923828125e-26"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_double(texts[i], strtod(texts[i], NULL));
}

static double random_double(uint64_t *random)
{
    const double size = random_fraction(random) * 2 - 1;
    const int exponent = (int)(random_fraction(random) * 2000) - 1000;
    return random_fraction(random) < 0.5 ? size * 1000 : ldexp(size, exponent);
}

static void random_doubles_are_those_of_strtod(void **state)
{
    uint64_t random = 7;
    (void)state;
    for (int i = 0; i < 300000; i++) {
        char text[64];
        snprintf(text, sizeof text, random_fraction(&random) < 0.3 ? "%.*f" : "%.*g",
                 1 + (int)(random_fraction(&random) * 18), random_double(&random));
        if (strlen(text) <= 63)
            assert_double(text, strtod(text, NULL));
    }
}

static void a_decimal_comma_changes_no_double(void **state)
{
    (void)state;
    assert_double("0.30000000000000004", 0.30000000000000004);
    assert_double("0.5", 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_integers_in_every_notation),
        cmocka_unit_test(numbers_that_are_not_int64_are_refused),
        cmocka_unit_test(every_integer_that_is_printed_is_read),
        cmocka_unit_test(doubles_are_the_nearest_ones),
        cmocka_unit_test(random_doubles_are_those_of_strtod),
        cmocka_unit_test_setup_teardown(a_decimal_comma_changes_no_double, enter_comma_locale, leave_comma_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
