#include "base/error.h"
#include "base/utf8.h"

#include "test.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static void every_status_has_its_own_name(void **state)
{
    static const char *const names[] = {
        "DM_OK",
        "DM_DONE",
        "DM_ERR_INVALID_ARGUMENT",
        "DM_ERR_NO_MEMORY",
        "DM_ERR_SYSTEM",
        "DM_ERR_FILE",
        "DM_ERR_CANCELLED",
        "DM_ERR_TIMEOUT",
        "DM_ERR_NETWORK",
        "DM_ERR_TLS",
        "DM_ERR_CREDENTIALS",
        "DM_ERR_NOT_FOUND",
        "DM_ERR_REJECTED",
        "DM_ERR_RATE_LIMITED",
        "DM_ERR_SERVER",
        "DM_ERR_REDIRECT",
        "DM_ERR_BAD_RESPONSE",
        "DM_ERR_TOO_LARGE",
        "DM_ERR_TASK_FAILED",
    };
    (void)state;
    assert_int_equal(sizeof names / sizeof names[0], DM_ERR_TASK_FAILED + 1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(dm_status_name((dm_status)i), names[i]);
}

static void other_numbers_are_no_status(void **state)
{
    static const int numbers[] = {-1, INT_MIN, INT_MAX, DM_ERR_TASK_FAILED + 1, 1000};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_string_equal(dm_status_name((dm_status)numbers[i]), "unknown dm_status");
}

static void clearing_leaves_nothing(void **state)
{
    static const dm_error zero;
    dm_error error;
    (void)state;
    memset(&error, 0xa5, sizeof error);
    error_clear(&error);
    assert_memory_equal(&error, &zero, sizeof error);
    error_clear(NULL);
}

static void a_failure_is_filled_in_and_returned(void **state)
{
    dm_error error = {.http_status = 404, .attempts = 3, .task_id = {"7"}, .server_message = "words"};
    (void)state;
    assert_int_equal(error_set(&error, DM_ERR_FILE, "%s[%d]: %s", "inputs", 3, "gone"), DM_ERR_FILE);
    assert_int_equal(error.status, DM_ERR_FILE);
    assert_string_equal(error.message, "inputs[3]: gone");
    assert_int_equal(error.http_status, 404);
    assert_int_equal(error.attempts, 3);
    assert_string_equal(error.task_id.text, "7");
    assert_string_equal(error.server_message, "words");
}

static void who_wants_no_error_gets_the_status_only(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, DM_ERR_TLS, "%d", 1), DM_ERR_TLS);
    assert_int_equal(error_no_memory(NULL), DM_ERR_NO_MEMORY);
    assert_int_equal(error_of_text(NULL, DM_ERR_TOO_LARGE), DM_ERR_INVALID_ARGUMENT);
    error_redact(NULL, "secret");
}

static void a_message_may_be_built_from_itself(void **state)
{
    dm_error error;
    (void)state;
    error_set(&error, DM_ERR_NETWORK, "first");
    error_set(&error, DM_ERR_TIMEOUT, "%s, then %s", error.message, error.message);
    assert_string_equal(error.message, "first, then first");
}

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
        error_copy_line(line, sizeof line, lines[i].given, strlen(lines[i].given));
        assert_string_equal(line, lines[i].wanted);
    }
}

static void a_nul_within_a_line_becomes_a_space(void **state)
{
    char line[8];
    (void)state;
    error_copy_line(line, sizeof line, "a\0b", 3);
    assert_string_equal(line, "a b");
}

static void only_the_given_length_is_copied(void **state)
{
    char line[8];
    (void)state;
    error_copy_line(line, sizeof line, "abcdef", 3);
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
        error_copy_line(line, size, text, strlen(text));
        assert_int_equal(strlen(line), kept[size]);
        assert_memory_equal(line, text, kept[size]);
        assert_int_equal(line[size], '#');
    }
}

static void a_message_is_cut_to_what_fits(void **state)
{
    dm_error error;
    char long_text[3000];
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    error_set(&error, DM_ERR_SERVER, "%s", long_text);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    error_set(&error, DM_ERR_SERVER, "%.511s", long_text);
    assert_int_equal(strlen(error.message), 511);
}

static void a_cut_message_is_valid_text(void **state)
{
    dm_error error;
    (void)state;
    for (int before = 0; before < 8; before++) {
        char text[1600] = "";
        memset(text, 'x', (size_t)before);
        for (size_t at = (size_t)before; at + 4 < sizeof text; at += 3)
            memcpy(text + at, "\xe2\x82\xac", 4);
        error_set(&error, DM_ERR_SERVER, "%s", text);
        assert_true(utf8_valid(error.message, strlen(error.message)));
        assert_null(strchr(error.message, '?'));
        assert_in_range(strlen(error.message), sizeof error.message - 4, sizeof error.message - 1);
    }
}

static void a_message_of_double_width_controls_still_ends_within(void **state)
{
    dm_error error;
    char text[1600] = "";
    (void)state;
    for (size_t at = 0; at + 3 < sizeof text; at += 2)
        memcpy(text + at, "\xc2\x9b", 3);
    error_set(&error, DM_ERR_SERVER, "%s", text);
    assert_int_equal(strspn(error.message, " "), strlen(error.message));
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

static void the_secret_is_redacted_wherever_it_stands(void **state)
{
    dm_error error = {.message = "key-1key-1 and key-1, not key-2", .server_message = "you sent key-1"};
    (void)state;
    error_redact(&error, "key-1");
    assert_string_equal(error.message, "********** and *****, not key-2");
    assert_string_equal(error.server_message, "you sent *****");
}

static void a_secret_that_overlaps_itself_leaves_no_whole_copy(void **state)
{
    dm_error error = {.message = "aaaaa"};
    (void)state;
    error_redact(&error, "aa");
    assert_string_equal(error.message, "****a");
}

static void an_empty_secret_redacts_nothing(void **state)
{
    dm_error error = {.message = "as it was"};
    (void)state;
    error_redact(&error, "");
    assert_string_equal(error.message, "as it was");
}

/* What the limit left of the key is most of the key. */
static void a_secret_that_was_cut_is_redacted_too(void **state)
{
    static const char key[] = "sk-0123456789abcdefghijklmnop";
    dm_error error;
    char echo[600];
    (void)state;
    error_clear(&error);
    error_set(&error, DM_ERR_SERVER, "%491s%s", "", key);
    const int length = snprintf(echo, sizeof echo, "%411s%s", "", key);
    error_copy_line(error.server_message, sizeof error.server_message, echo, (size_t)length);
    error_redact(&error, key);
    assert_null(strstr(error.message, "sk-0123456789"));
    assert_null(strstr(error.server_message, "sk-0123456789"));
}

static void a_whole_word_that_only_begins_like_the_secret_stays(void **state)
{
    dm_error error = {.message = "the name is sk"};
    (void)state;
    error_redact(&error, "sk-0123456789");
    assert_string_equal(error.message, "the name is sk");
}

static void what_ended_a_text_is_told(void **state)
{
    dm_error error;
    (void)state;
    error_clear(&error);
    assert_int_equal(error_of_text(&error, DM_OK), DM_OK);
    assert_int_equal(error.status, DM_OK);
    assert_string_equal(error.message, "");
    assert_int_equal(error_of_text(&error, DM_ERR_TOO_LARGE), DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(error.message, "the request is too large to be sent");
    assert_int_equal(error_of_text(&error, DM_ERR_NO_MEMORY), DM_ERR_NO_MEMORY);
    assert_non_null(strstr(error.message, "out of memory"));
}

static void the_system_s_words_are_english(void **state)
{
    (void)state;
    assert_string_equal(error_system_text(ENOENT), "No such file or directory");
    assert_string_equal(error_system_text(EMFILE), "Too many open files");
    assert_non_null(strstr(error_system_text(123456), "123456"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_name),
        cmocka_unit_test(other_numbers_are_no_status),
        cmocka_unit_test(clearing_leaves_nothing),
        cmocka_unit_test(a_failure_is_filled_in_and_returned),
        cmocka_unit_test(who_wants_no_error_gets_the_status_only),
        cmocka_unit_test(a_message_may_be_built_from_itself),
        cmocka_unit_test(a_line_is_printable),
        cmocka_unit_test(a_nul_within_a_line_becomes_a_space),
        cmocka_unit_test(only_the_given_length_is_copied),
        cmocka_unit_test(a_line_is_cut_between_characters),
        cmocka_unit_test(a_message_is_cut_to_what_fits),
        cmocka_unit_test(a_cut_message_is_valid_text),
        cmocka_unit_test(a_message_of_double_width_controls_still_ends_within),
        cmocka_unit_test(the_secret_is_redacted_wherever_it_stands),
        cmocka_unit_test(a_secret_that_overlaps_itself_leaves_no_whole_copy),
        cmocka_unit_test(an_empty_secret_redacts_nothing),
        cmocka_unit_test(a_secret_that_was_cut_is_redacted_too),
        cmocka_unit_test(a_whole_word_that_only_begins_like_the_secret_stays),
        cmocka_unit_test(what_ended_a_text_is_told),
        cmocka_unit_test(the_system_s_words_are_english),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
