#include "base/utf8.h"

#include "test.h"

#include <string.h>

static void well_formed_text_is_valid(void **state)
{
    static const char *const texts[] = {"",
                                        "plain",
                                        "\xc3\xa9",
                                        "\xe2\x82\xac",
                                        "\xf0\x9f\x98\x80",
                                        "\xf4\x8f\xbf\xbf",
                                        "\xed\x9f\xbf",
                                        "\xee\x80\x80",
                                        "\xc2\x80",
                                        "\xdf\xbf",
                                        "\xe0\xa0\x80",
                                        "\xe1\x80\x80",
                                        "\xef\xbf\xbf",
                                        "\xf0\x90\x80\x80",
                                        "\xf1\x80\x80\x80"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_true(utf8_valid(texts[i], strlen(texts[i])));
}

static void malformed_text_is_invalid(void **state)
{
    static const char *const texts[] = {
        "\x80",         "\xc3",         "\xc0\xaf",  "\xc1\xbf",         "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82",  "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80",     "\xff",         "a\xc3\x28", "\xe2\x28\xa1",     "\xf0\x9f\x98"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(utf8_valid(texts[i], strlen(texts[i])));
}

static void a_sequence_is_not_read_past_its_end(void **state)
{
    (void)state;
    assert_int_equal(utf8_sequence("\xe2\x82\xac", 3), 3);
    assert_int_equal(utf8_sequence("\xe2\x82\xac", 2), 0);
    assert_int_equal(utf8_sequence("", 0), 0);
    assert_true(utf8_is_cut("\xe2\x82", 2));
    assert_true(utf8_is_cut("\xf0", 1));
    assert_false(utf8_is_cut("\xe2\x82\xac", 3));
    assert_false(utf8_is_cut("\xe2x", 2));
    assert_false(utf8_is_cut("\xff", 1));
    assert_false(utf8_is_cut("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_text_is_valid),
        cmocka_unit_test(malformed_text_is_invalid),
        cmocka_unit_test(a_sequence_is_not_read_past_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
