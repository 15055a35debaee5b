#include "codec/server_words.h"

#include "base/utf8.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_SIZE = sizeof((dm_error *)NULL)->server_message };

static void find_words(const struct text *body, char *words, size_t size)
{
    dm_error error;
    struct failure failure;
    failure_init(&failure, &error);
    server_words(body, &failure);
    snprintf(words, size, "%s", error.server_message);
}

static void words_of(const char *reply, size_t length, char *words, size_t size)
{
    struct text body;
    text_init(&body, TEXT_NO_LIMIT);
    text_append(&body, reply, length);
    memset(words, '#', size);
    find_words(&body, words, size);
    text_free(&body);
}

static void assert_words(const char *reply, const char *wanted)
{
    char words[WORDS_SIZE];
    words_of(reply, strlen(reply), words, sizeof words);
    assert_string_equal(words, wanted);
}

static void the_api_s_own_members_are_found(void **state)
{
    (void)state;
    assert_words("{\"detail\": \"Not found.\"}", "Not found.");
    assert_words("{\"error\": \"inputs must not be empty\"}", "inputs must not be empty");
    assert_words("{\"message\": \"No such thing\", \"code\": 3}", "No such thing");
    assert_words("{\"message\": \"c\", \"error\": \"b\", \"detail\": \"a\"}", "a");
    assert_words("{\"detail\": null, \"error\": \"b\"}", "b");
    assert_words("{\"error\": {\"message\": \"deep\", \"type\": \"x\"}}", "deep");
    assert_words("{\"detail\": [\"one\", \"two\"]}", "one two");
}

static void django_s_field_errors_become_the_message(void **state)
{
    (void)state;
    assert_words("{\"name\": [\"This field is required.\"]}", "name: This field is required.");
    assert_words("{\"name\": [\"Too long.\", \"Odd.\"], \"outputs\": [\"Empty.\"]}",
                 "name: Too long. Odd.; outputs: Empty.");
    assert_words("{\"inputs\": [{}, {\"image\": {\"source\": [\"Bad URL.\"]}}]}", "inputs: image: source: Bad URL.");
    assert_words("[\"one\", {\"detail\": \"two\"}]", "one two");
    assert_words("\"just text\"", "just text");
}

static void names_may_have_escapes_and_the_first_duplicate_is_used(void **state)
{
    (void)state;
    assert_words("{\"d\\u0065tail\": \"a\"}", "a");
    assert_words("{\"detail\": \"a\", \"detail\": \"b\"}", "a");
    assert_words("{\"detail\": null, \"detail\": \"b\", \"error\": \"c\"}", "c");
    assert_words("{\"Detail\": \"a\"}", "Detail: a");
    assert_words("\xef\xbb\xbf{\"detail\": \"a\"}", "a");
}

static void json_without_strings_has_no_message(void **state)
{
    static const char *const replies[] = {"", "{}", "[]", "null", "true", "42", "{\"detail\": \"\"}"};
    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
        assert_words(replies[i], "");
}

static void a_body_without_memory_has_no_message(void **state)
{
    struct text none;
    char words[8] = "####";
    (void)state;
    text_init(&none, TEXT_NO_LIMIT);
    find_words(&none, words, sizeof words);
    assert_string_equal(words, "");
}

static void only_the_title_of_a_page_is_read(void **state)
{
    (void)state;
    assert_words("<html><head><TITLE>502 Bad Gateway</TITLE></head><body>nginx</body>", "502 Bad Gateway");
    assert_words("\r\n <!DOCTYPE html><title>A\nB</title >", "A B");
    assert_words("<html><body>no title</body></html>", "");
    assert_words("<title>cut", "");
    assert_words("</title><title>", "");
}

static void the_first_line_of_plain_text_is_read(void **state)
{
    (void)state;
    assert_words("Service Unavailable", "Service Unavailable");
    assert_words("upstream timed out\r\nmore\n", "upstream timed out");
    assert_words("{\"detail\": \"cut sho", "{\"detail\": \"cut sho");
    assert_words("{\"detail\": 'python'}", "{\"detail\": 'python'}");
}

static void plain_text_may_begin_with_an_empty_line(void **state)
{
    (void)state;
    assert_words("\nService Unavailable\n", "Service Unavailable");
    assert_words(" \r\n\r\n  Service Unavailable", "Service Unavailable");
}

static void words_are_made_printable(void **state)
{
    (void)state;
    assert_words("{\"detail\": \"a\\nb\\u001b[2J\\u009bc\"}", "a b [2J c");
    assert_words("caf\xe9\x01 x", "caf?  x");
    assert_words("{\"caf\xc3\xa9\": [\"\\u20ac \\ud83d\\ude00\"]}", "caf\xc3\xa9: \xe2\x82\xac \xf0\x9f\x98\x80");
}

static void nul_bytes_are_harmless(void **state)
{
    char words[WORDS_SIZE];
    (void)state;
    words_of("\0\0\0", 3, words, sizeof words);
    assert_string_equal(words, "");
    words_of("text\0more", 9, words, sizeof words);
    assert_string_equal(words, "text");
    words_of("<\0<title>x</title>", 18, words, sizeof words);
    assert_string_equal(words, "");
}

static void words_are_cut_between_characters(void **state)
{
    (void)state;
    for (int before = WORDS_SIZE - 8; before < WORDS_SIZE; before++) {
        char reply[2 * WORDS_SIZE];
        char words[WORDS_SIZE];
        snprintf(reply, sizeof reply, "{\"detail\": \"%0*d\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\"}", before, 0);
        words_of(reply, strlen(reply), words, sizeof words);
        assert_true(utf8_valid(words, strlen(words)));
        assert_true(strlen(words) > WORDS_SIZE - 4);
        assert_int_equal(strspn(words, "0"), before);
    }
}

/* The reply {"detail": "xxx..."} with this number of x's. */
static void assert_long_detail_is_kept(size_t count)
{
    char words[WORDS_SIZE];
    struct text reply;
    text_init(&reply, TEXT_NO_LIMIT);
    text_append_string(&reply, "{\"detail\": \"");
    for (size_t i = 0; i < count; i++)
        text_append_string(&reply, "x");
    text_append_string(&reply, "\"}");
    words_of(reply.data, reply.length, words, sizeof words);
    assert_int_equal(strspn(words, "x"), WORDS_SIZE - 1);
    text_free(&reply);
}

static void a_very_long_message_is_cut(void **state)
{
    (void)state;
    assert_long_detail_is_kept(1000);
    assert_long_detail_is_kept(4096);
    assert_long_detail_is_kept(4097);
    assert_long_detail_is_kept(100000);
}

static void deep_nesting_is_harmless(void **state)
{
    char words[WORDS_SIZE];
    char reply[264] = "";
    (void)state;
    memset(reply, '[', 130);
    memset(reply + 130, ']', 130);
    words_of(reply, 260, words, sizeof words);
    assert_string_equal(words, "");
    memset(reply, '[', sizeof reply);
    words_of(reply, sizeof reply, words, sizeof words);
    assert_int_equal(words[0], '[');
}

/* ---- Replies that were cut short ---- */

static void a_reply_cut_at_any_byte_does_not_crash_the_decoder(void **state)
{
    static const char reply[] = "{\"inputs\": [{\"image\": {\"source\": [\"Bad \\u20ac URL.\"]}}], \"x\": 1.5e3}";
    char words[WORDS_SIZE];
    (void)state;
    for (size_t length = 0; length < sizeof reply; length++) {
        words_of(reply, length, words, sizeof words);
        assert_true(strlen(words) < sizeof words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_api_s_own_members_are_found),
        cmocka_unit_test(django_s_field_errors_become_the_message),
        cmocka_unit_test(names_may_have_escapes_and_the_first_duplicate_is_used),
        cmocka_unit_test(json_without_strings_has_no_message),
        cmocka_unit_test(a_body_without_memory_has_no_message),
        cmocka_unit_test(only_the_title_of_a_page_is_read),
        cmocka_unit_test(the_first_line_of_plain_text_is_read),
        cmocka_unit_test(plain_text_may_begin_with_an_empty_line),
        cmocka_unit_test(words_are_made_printable),
        cmocka_unit_test(nul_bytes_are_harmless),
        cmocka_unit_test(words_are_cut_between_characters),
        cmocka_unit_test(a_very_long_message_is_cut),
        cmocka_unit_test(deep_nesting_is_harmless),
        cmocka_unit_test(a_reply_cut_at_any_byte_does_not_crash_the_decoder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
