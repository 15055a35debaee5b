#include "base/c_locale.h"
#include "base/text.h"

#include "comma_locale.h"
#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void assert_half_is_written(const char *wanted)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%.1f", 0.5);
    assert_string_equal(digits, wanted);
}

static void *write_half(void *digits)
{
    snprintf(digits, 16, "%.1f", 0.5);
    return NULL;
}

static void the_application_s_locale_has_a_decimal_comma(void **state)
{
    (void)state;
    assert_half_is_written("0" DECIMAL_COMMA "5");
}

static void within_the_c_locale_numbers_have_a_decimal_point(void **state)
{
    locale_t c_locale;
    locale_t previous;
    (void)state;
    assert_true(c_locale_enter(&c_locale, &previous));
    assert_half_is_written("0.5");
    assert_true(strtod("2.5", NULL) > 2.4);
    assert_string_equal(localeconv()->decimal_point, ".");
    c_locale_leave(c_locale, previous);
    assert_half_is_written("0" DECIMAL_COMMA "5");
    assert_string_equal(localeconv()->decimal_point, DECIMAL_COMMA);
}

static void other_threads_keep_their_locale(void **state)
{
    char digits[16] = "";
    locale_t c_locale;
    locale_t previous;
    pthread_t thread;
    (void)state;
    assert_true(c_locale_enter(&c_locale, &previous));
    assert_int_equal(pthread_create(&thread, NULL, write_half, digits), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    c_locale_leave(c_locale, previous);
    assert_string_equal(digits, "0" DECIMAL_COMMA "5");
}

static void a_thread_s_own_locale_comes_back(void **state)
{
    locale_t c_locale;
    locale_t previous;
    (void)state;
    const locale_t own = duplocale(LC_GLOBAL_LOCALE);
    assert_true(own != (locale_t)0);
    const locale_t usual = uselocale(own);
    assert_true(c_locale_enter(&c_locale, &previous));
    c_locale_leave(c_locale, previous);
    const locale_t afterwards = uselocale(usual);
    assert_true(afterwards == own);
    freelocale(own);
}

static void writing_a_number_does_not_change_the_locale(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, TEXT_NO_LIMIT);
    text_append_number(&made, 0.5);
    assert_string_equal(made.data, "0.5");
    assert_half_is_written("0" DECIMAL_COMMA "5");
    text_free(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_application_s_locale_has_a_decimal_comma),
        cmocka_unit_test(within_the_c_locale_numbers_have_a_decimal_point),
        cmocka_unit_test(other_threads_keep_their_locale),
        cmocka_unit_test(a_thread_s_own_locale_comes_back),
        cmocka_unit_test(writing_a_number_does_not_change_the_locale),
    };
    return cmocka_run_group_tests(tests, enter_comma_locale, leave_comma_locale);
}
