#include "base/line.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void a_line_is_printable(void **state)
{
    static const struct {
        const char *given;
        const char *wanted;
    } lines[] = {
        {"", ""},
        {"plain ~", "plain ~"},
        {"a\nb\r\n\tc", "a b   c"},
        {"\x1b[31mred", " [31mred"},
        {"\x7f|\x01|\x1f", " | | "},
        {"\xc2\x80|\xc2\x9b|\xc2\x9f", " | | "},
        {"\xc2\xa0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc2\xa0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\xff\xfe|\x80", "??|?"},
        {"cut \xe2\x82", "cut ??"},
        {"\xed\xa0\x80", "???"},
    };
    char line[64];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        line_copy(line, sizeof line, lines[i].given, strlen(lines[i].given));
        assert_string_equal(line, lines[i].wanted);
    }
}

static void a_nul_within_a_line_becomes_a_space(void **state)
{
    char line[8];
    (void)state;
    line_copy(line, sizeof line, "a\0b", 3);
    assert_string_equal(line, "a b");
}

static void only_the_given_length_is_copied(void **state)
{
    char line[8];
    (void)state;
    line_copy(line, sizeof line, "abcdef", 3);
    assert_string_equal(line, "abc");
}

static void a_line_is_cut_between_characters(void **state)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
    static const size_t kept[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    (void)state;
    for (size_t size = 1; size < sizeof kept / sizeof kept[0]; size++) {
        char line[16];
        memset(line, '#', sizeof line);
        line_copy(line, size, text, strlen(text));
        assert_int_equal(strlen(line), kept[size]);
        assert_memory_equal(line, text, kept[size]);
        assert_int_equal(line[size], '#');
    }
}

static void the_system_s_messages_are_english(void **state)
{
    char unknown[64];
    (void)state;
    snprintf(unknown, sizeof unknown, "%s", strerror(123456)); /* the next call may free these words */
    assert_string_equal(line_system_error(ENOENT), "No such file or directory"); /* in glibc and musl alike */
    assert_string_equal(line_system_error(EMFILE), strerror(EMFILE));            /* no locale has been set */
    assert_string_equal(line_system_error(123456), unknown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_printable),
        cmocka_unit_test(a_nul_within_a_line_becomes_a_space),
        cmocka_unit_test(only_the_given_length_is_copied),
        cmocka_unit_test(a_line_is_cut_between_characters),
        cmocka_unit_test(the_system_s_messages_are_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
