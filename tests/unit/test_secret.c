#include "base/secret.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

static void wiping_overwrites_all_and_no_more(void **state)
{
    static const char wanted[] = "<\0\0\0\0\0\0>";
    char memory[] = "<secret>";
    (void)state;
    secret_wipe(memory + 1, 6);
    assert_memory_equal(memory, wanted, sizeof memory);
    secret_wipe(memory, 0);
    assert_int_equal(memory[0], '<');
}

/* A leak checker detects whether the string is freed. */
static void a_secret_and_null_can_be_freed(void **state)
{
    (void)state;
    char *secret = strdup("sk-0123456789");
    assert_non_null(secret);
    secret_free(secret);
    char *empty = strdup("");
    assert_non_null(empty);
    secret_free(empty);
    secret_free(NULL);
}

static void assert_redacted(const char *given, const char *secret, const char *wanted)
{
    char text[64];
    const size_t length = strlen(given);
    memcpy(text, given, length + 1);
    secret_redact(text, length, secret);
    assert_string_equal(text, wanted);
}

static void every_occurrence_of_a_secret_is_overwritten(void **state)
{
    (void)state;
    assert_redacted("key-1key-1 and key-1, not key-2", "key-1", "********** and *****, not key-2");
    assert_redacted("none here", "key-1", "none here");
    assert_redacted("", "key-1", "");
    assert_redacted("kkey-1", "key-1", "k*****");
    assert_redacted("aaaaaaaaa", "aaaa", "********a");
}

static void a_very_short_secret_leaves_words_readable(void **state)
{
    (void)state;
    assert_redacted("tasks of k: [k], k", "k", "tasks of *: [*], *");
    assert_redacted("kk abkc", "k", "kk abkc");
    assert_redacted("monkey and key", "key", "monkey and ***");
    assert_redacted("keys4 xkeys", "keys", "****4 x****");
}

/* The text is not cut, so a word at its end that is only a prefix of the secret is a different word. */
static void the_end_of_a_text_is_not_a_cut(void **state)
{
    (void)state;
    assert_redacted("GET /specs?limit=10", "0f3b", "GET /specs?limit=10");
    assert_redacted("you sent key-", "key-1", "you sent key-");
    assert_redacted("you sent key-1", "key-1", "you sent *****");
    assert_redacted("k%2B1%3", "k+1=", "k%2B1%3");
    assert_redacted("100%", "%1", "100%");
}

static void a_percent_encoded_secret_is_overwritten_too(void **state)
{
    (void)state;
    assert_redacted("/specs/k%2B1%3d/x", "k+1=", "/specs/********/x");
    assert_redacted("/specs/%6B+%31=/x", "k+1=", "/specs/********/x");
    assert_redacted("k%2B1%3D and k+1=", "k+1=", "******** and ****");
    assert_redacted("k%2B1%3E k%2C1=", "k+1=", "k%2B1%3E k%2C1=");
    assert_redacted("100%+1 %k", "+1", "100%** %k");
    assert_redacted("100% 100%25", "100%", "**** ****25");
    assert_redacted("ab%25cd ab%2525cd", "ab%25cd", "******* *********");
    assert_redacted("50%off and 50%25off", "50%off", "****** and ********");
    assert_redacted("\xc3\xa9 %C3%A9", "\xc3\xa9", "** ******");
}

static void bytes_after_the_text_are_not_changed(void **state)
{
    char text[] = "key-1\0key-1";
    (void)state;
    secret_redact(text, 5, "key-1");
    assert_memory_equal(text, "*****\0key-1", sizeof text);
    secret_redact(NULL, 0, "key-1");
}

static void an_empty_secret_is_in_no_text(void **state)
{
    (void)state;
    assert_redacted("as it was", "", "as it was");
    assert_redacted("as it was", NULL, "as it was");
}

/* A "key" at the end of a full line of 16 bytes may be the beginning of the secret; in a shorter line it is not. */
static void only_a_full_line_can_have_been_cut(void **state)
{
    static const char *const given[] = {"0123456789abkey", "0123456789akey", "012345678key",
                                        "01234567key",     "key-1",          "0123456789k%65%"};
    static const char *const wanted[] = {"0123456789ab***", "0123456789a***", "012345678***",
                                         "01234567key",     "*****",          "0123456789*****"};
    (void)state;
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        char line[16];
        memcpy(line, given[i], strlen(given[i]) + 1);
        secret_redact_line(line, sizeof line, "key-1");
        assert_string_equal(line, wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wiping_overwrites_all_and_no_more),
        cmocka_unit_test(a_secret_and_null_can_be_freed),
        cmocka_unit_test(every_occurrence_of_a_secret_is_overwritten),
        cmocka_unit_test(a_very_short_secret_leaves_words_readable),
        cmocka_unit_test(the_end_of_a_text_is_not_a_cut),
        cmocka_unit_test(a_percent_encoded_secret_is_overwritten_too),
        cmocka_unit_test(bytes_after_the_text_are_not_changed),
        cmocka_unit_test(an_empty_secret_is_in_no_text),
        cmocka_unit_test(only_a_full_line_can_have_been_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
