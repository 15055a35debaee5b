#include "base/failure.h"
#include "base/utf8.h"

#include "array.h"
#include "assert_status.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static void a_new_failure_is_ok_and_clears_the_error(void **state)
{
    static const dm_error zero;
    dm_error error;
    struct failure failure;
    (void)state;
    memset(&error, 0xa5, sizeof error);
    memset(&failure, 0xa5, sizeof failure);
    failure_init(&failure, &error);
    assert_int_equal(failure.status, DM_OK);
    assert_ptr_equal(failure.error, &error);
    assert_null(failure.secret);
    assert_memory_equal(&error, &zero, sizeof error);
}

static void setting_a_failure_fills_the_error_and_returns_false(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    error.http_status = 404;
    error.attempts = 3;
    strcpy(error.task_id.text, "7");
    strcpy(error.server_message, "words");
    assert_false(failure_set(&failure, DM_ERR_FILE, "%s[%d]: %s", "inputs", 3, "gone"));
    assert_status(failure.status, DM_ERR_FILE, &error);
    assert_int_equal(error.status, DM_ERR_FILE);
    assert_string_equal(error.message, "inputs[3]: gone");
    assert_int_equal(error.http_status, 404);
    assert_int_equal(error.attempts, 3);
    assert_string_equal(error.task_id.text, "7");
    assert_string_equal(error.server_message, "words");
}

/* The status of a good response is not that of the failure. */
static void a_cancellation_or_timeout_after_a_success_has_no_http_status(void **state)
{
    static const struct {
        dm_status status;
        int before;
        int after;
    } cases[] = {
        {DM_ERR_CANCELLED, 200, 0},   {DM_ERR_CANCELLED, 503, 503},    {DM_ERR_TIMEOUT, 200, 0},
        {DM_ERR_TIMEOUT, 503, 503},   {DM_ERR_BAD_RESPONSE, 200, 200}, {DM_ERR_TASK_FAILED, 200, 200},
        {DM_ERR_NOT_FOUND, 404, 404},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        dm_error error;
        struct failure failure;
        failure_init(&failure, &error);
        error.http_status = cases[i].before;
        failure_set(&failure, cases[i].status, "%s", "it failed");
        assert_int_equal(error.http_status, cases[i].after);
    }
}

static void the_first_failure_stays_and_later_ones_change_nothing(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    failure_set_server_message(&failure, "words", 5);
    failure_set(&failure, DM_ERR_NETWORK, "first");
    const dm_error first = error;
    assert_false(failure_set(&failure, DM_ERR_TIMEOUT, "second"));
    assert_false(failure_set(&failure, DM_OK, "third"));
    assert_false(failure_no_memory(&failure));
    assert_false(failure_check_written(&failure, DM_ERR_NO_MEMORY));
    assert_false(failure_check_written(&failure, DM_ERR_TOO_LARGE));
    failure_set_server_message(&failure, "others", 6);
    assert_status(failure.status, DM_ERR_NETWORK, &error);
    assert_memory_equal(&error, &first, sizeof error);
}

static void without_an_error_struct_only_the_status_is_returned(void **state)
{
    struct failure failure;
    (void)state;
    failure_init(&failure, NULL);
    failure_set_server_message(&failure, "words", 5);
    assert_false(failure_set(&failure, DM_ERR_TLS, "%d", 1));
    assert_int_equal(failure.status, DM_ERR_TLS);
    assert_false(failure_no_memory(&failure));
    assert_int_equal(failure.status, DM_ERR_TLS);

    failure_init(&failure, NULL);
    assert_false(failure_no_memory(&failure));
    assert_int_equal(failure.status, DM_ERR_NO_MEMORY);

    failure_init(&failure, NULL);
    assert_false(failure_check_written(&failure, DM_ERR_TOO_LARGE));
    assert_int_equal(failure.status, DM_ERR_INVALID_ARGUMENT);
}

static void after_a_forgiven_failure_another_one_can_be_set(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    failure_set(&failure, DM_ERR_NETWORK, "first");
    failure_forgive(&failure);
    assert_int_equal(failure.status, DM_OK);
    failure_set(&failure, DM_ERR_TIMEOUT, "second");
    assert_status(failure.status, DM_ERR_TIMEOUT, &error);
    assert_int_equal(error.status, DM_ERR_TIMEOUT);
    assert_string_equal(error.message, "second");
}

static void a_message_may_be_built_from_the_one_before(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    failure_set(&failure, DM_ERR_NETWORK, "first");
    failure_forgive(&failure);
    failure_set(&failure, DM_ERR_TIMEOUT, "%s, then %s", error.message, error.message);
    assert_string_equal(error.message, "first, then first");
}

static void the_reason_why_a_request_could_not_be_written_is_reported(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    assert_true(failure_check_written(&failure, DM_OK));
    assert_status(failure.status, DM_OK, &error);
    assert_int_equal(error.status, DM_OK);
    assert_string_equal(error.message, "");
    assert_false(failure_check_written(&failure, DM_ERR_TOO_LARGE));
    assert_status(failure.status, DM_ERR_INVALID_ARGUMENT, &error);
    assert_string_equal(error.message, "the request is too large to be sent");

    failure_init(&failure, &error);
    assert_false(failure_check_written(&failure, DM_ERR_NO_MEMORY));
    assert_status(failure.status, DM_ERR_NO_MEMORY, &error);
    assert_string_equal(error.message, "out of memory; the client still works");
}

/* ---- Messages that are too long ---- */

/* The message of a failure with this text, from which the secret is removed. */
static const char *message_from(dm_error *error, const char *secret, const char *words)
{
    struct failure failure;
    failure_init(&failure, error);
    failure.secret = secret;
    failure_set(&failure, DM_ERR_SERVER, "%s", words);
    return error->message;
}

static const char *server_message_from(dm_error *error, const char *secret, const char *words)
{
    struct failure failure;
    failure_init(&failure, error);
    failure.secret = secret;
    failure_set_server_message(&failure, words, strlen(words));
    return error->server_message;
}

static void a_message_is_one_printable_line(void **state)
{
    dm_error error;
    (void)state;
    assert_string_equal(message_from(&error, NULL, "\"/none/\x1b[2J\xff\n\": gone"), "\"/none/ [2J? \": gone");
    assert_string_equal(server_message_from(&error, NULL, "a\r\nb\x1b\xff"), "a  b ?");
}

static void a_message_is_cut_to_what_fits(void **state)
{
    dm_error error;
    char long_text[3000];
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(strlen(message_from(&error, NULL, long_text)), sizeof error.message - 1);
    assert_int_equal(strlen(server_message_from(&error, NULL, long_text)), sizeof error.server_message - 1);
    long_text[sizeof error.message - 1] = '\0';
    assert_string_equal(message_from(&error, NULL, long_text), long_text);
    long_text[sizeof error.server_message - 1] = '\0';
    assert_string_equal(server_message_from(&error, NULL, long_text), long_text);
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
        message_from(&error, NULL, text);
        assert_true(utf8_valid(error.message, strlen(error.message)));
        assert_null(strchr(error.message, '?'));
        assert_in_range(strlen(error.message), sizeof error.message - 4, sizeof error.message - 1);
        server_message_from(&error, NULL, text);
        assert_true(utf8_valid(error.server_message, strlen(error.server_message)));
        assert_null(strchr(error.server_message, '?'));
        assert_in_range(strlen(error.server_message), sizeof error.server_message - 4, sizeof error.server_message - 1);
    }
}

static void a_message_of_two_byte_control_characters_fits(void **state)
{
    dm_error error;
    char text[1600] = "";
    (void)state;
    for (size_t at = 0; at + 3 < sizeof text; at += 2)
        memcpy(text + at, "\xc2\x9b", 3);
    message_from(&error, NULL, text);
    assert_int_equal(strspn(error.message, " "), strlen(error.message));
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

/* ---- The service's words ---- */

static void the_services_message_is_in_a_field_of_its_own(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    failure_set_server_message(&failure, "Not found.and more", 10);
    assert_int_equal(failure.status, DM_OK);
    assert_string_equal(error.server_message, "Not found.");
    assert_string_equal(error.message, "");
    failure_set(&failure, DM_ERR_NOT_FOUND, "gone");
    assert_string_equal(error.server_message, "Not found.");
}

static void empty_and_blank_server_messages_are_ignored(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    failure_set_server_message(&failure, "words", 5);
    failure_set_server_message(&failure, NULL, 0);
    failure_set_server_message(&failure, " \r\n\x1b ", 5);
    assert_string_equal(error.server_message, "words");
}

/* ---- The secret ---- */

static void the_secret_is_removed_wherever_it_occurs(void **state)
{
    dm_error error;
    (void)state;
    assert_string_equal(message_from(&error, "key-1", "key-1key-1 and key-1, not key-2"),
                        "********** and *****, not key-2");
    assert_string_equal(server_message_from(&error, "key-1", "you sent key-1"), "you sent *****");
}

static void the_secret_is_removed_in_percent_encoding_too(void **state)
{
    dm_error error;
    (void)state;
    assert_string_equal(message_from(&error, "a/b c", "?key=a%2Fb%20c&x"), "?key=*********&x");
    assert_string_equal(message_from(&error, "a/b c", "?key=%61%2f%62%20%63&x"), "?key=***************&x");
    assert_string_equal(server_message_from(&error, "a/b c", "?key=a%2fb%20c&x"), "?key=*********&x");
}

static void a_secret_that_overlaps_itself_leaves_no_whole_copy(void **state)
{
    dm_error error;
    (void)state;
    assert_string_equal(message_from(&error, "aaaa", "aaaaaaaaa"), "********a");
}

static void an_empty_secret_and_none_are_in_no_text(void **state)
{
    dm_error error;
    (void)state;
    assert_string_equal(message_from(&error, "", "as it was"), "as it was");
    assert_string_equal(message_from(&error, NULL, "as it was"), "as it was");
    assert_string_equal(server_message_from(&error, "", "as it was"), "as it was");
}

static void a_whole_word_that_only_begins_like_the_secret_is_kept(void **state)
{
    dm_error error;
    (void)state;
    assert_string_equal(message_from(&error, "sk-0123456789", "the name is sk"), "the name is sk");
    assert_string_equal(server_message_from(&error, "sk-0123456789", "the name is sk"), "the name is sk");
}

/* The text is cut twice: in a buffer of twice the size, and in the message. A part of the key that remains after a cut
 * is secret, too. The beginning of the key occurs nowhere else in the text. */
static void assert_cut_anywhere_it_is_not_shown(const char *secret, const char *written, const char *beginning)
{
    for (size_t before = 0; before < 2 * sizeof((dm_error *)NULL)->message; before++) {
        dm_error error;
        char text[2048];
        memset(text, '.', before);
        snprintf(text + before, sizeof text - before, "%s and more", written);
        assert_null(strstr(message_from(&error, secret, text), beginning));
        assert_null(strstr(server_message_from(&error, secret, text), beginning));
    }
}

static void a_secret_that_a_limit_cuts_is_not_shown(void **state)
{
    static const char secret[] = "sk-0123456789abcdefghijklmnop/+ q";
    (void)state;
    assert_cut_anywhere_it_is_not_shown(secret, secret, "s");
    assert_cut_anywhere_it_is_not_shown(secret, "sk-0123456789abcdefghijklmnop%2F%2b%20q", "s");
    assert_cut_anywhere_it_is_not_shown("/key/", "%2Fkey%2f", "%");
}

/* Spaces are shorter than the control characters that they replace, so text from beyond the cut may become visible. */
static void a_secret_after_control_characters_is_not_shown(void **state)
{
    static const char secret[] = "sk-0123456789abcdefghijklmnop";
    (void)state;
    for (size_t controls = 0; controls < 520; controls++) {
        dm_error error;
        char text[2048] = "";
        for (size_t i = 0; i < controls; i++)
            memcpy(text + 2 * i, "\xc2\x9b", 3);
        snprintf(text + 2 * controls, sizeof text - 2 * controls, "%s", secret);
        assert_null(strstr(message_from(&error, secret, text), "sk"));
        assert_null(strstr(server_message_from(&error, secret, text), "sk"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_failure_is_ok_and_clears_the_error),
        cmocka_unit_test(setting_a_failure_fills_the_error_and_returns_false),
        cmocka_unit_test(a_cancellation_or_timeout_after_a_success_has_no_http_status),
        cmocka_unit_test(the_first_failure_stays_and_later_ones_change_nothing),
        cmocka_unit_test(without_an_error_struct_only_the_status_is_returned),
        cmocka_unit_test(after_a_forgiven_failure_another_one_can_be_set),
        cmocka_unit_test(a_message_may_be_built_from_the_one_before),
        cmocka_unit_test(the_reason_why_a_request_could_not_be_written_is_reported),
        cmocka_unit_test(a_message_is_one_printable_line),
        cmocka_unit_test(a_message_is_cut_to_what_fits),
        cmocka_unit_test(a_cut_message_is_valid_text),
        cmocka_unit_test(a_message_of_two_byte_control_characters_fits),
        cmocka_unit_test(the_services_message_is_in_a_field_of_its_own),
        cmocka_unit_test(empty_and_blank_server_messages_are_ignored),
        cmocka_unit_test(the_secret_is_removed_wherever_it_occurs),
        cmocka_unit_test(the_secret_is_removed_in_percent_encoding_too),
        cmocka_unit_test(a_secret_that_overlaps_itself_leaves_no_whole_copy),
        cmocka_unit_test(an_empty_secret_and_none_are_in_no_text),
        cmocka_unit_test(a_whole_word_that_only_begins_like_the_secret_is_kept),
        cmocka_unit_test(a_secret_that_a_limit_cuts_is_not_shown),
        cmocka_unit_test(a_secret_after_control_characters_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
