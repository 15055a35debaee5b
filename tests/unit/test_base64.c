#include "base/base64.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

static void valid_text_is_measured(void **state)
{
    static const struct {
        const char *text;
        size_t characters;
        size_t missing_padding;
    } texts[] = {
        {"QUJD", 4, 0},         {"QUI=", 4, 0}, {"QQ==", 4, 0},     {"QUI", 3, 1},
        {"QQ", 2, 2},           {"QQ=", 3, 1},  {"AZaz09+/", 8, 0}, {"QUJD\nQUJD\r\nQQ==\n", 12, 0},
        {" \tQ Q =\n= ", 4, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t characters = 99;
        size_t missing_padding = 99;
        size_t offset = 0;
        const char *reason = "";
        assert_true(
            base64_measure(texts[i].text, strlen(texts[i].text), &characters, &missing_padding, &reason, &offset));
        assert_int_equal(characters, texts[i].characters);
        assert_int_equal(missing_padding, texts[i].missing_padding);
        assert_null(reason);
    }
}

static void wrong_text_is_named_with_its_place(void **state)
{
    static const struct {
        const char *text;
        size_t offset;
        const char *reason;
    } texts[] = {
        {"QUJD!", 4, "it has a character that is not base64"},
        {"QU\x80J", 2, "it has a character that is not base64"},
        {"QUJD\vQUJD", 4, "it has a character that is not base64"},
        {"data:image/png;base64,QUJD", 4, "it has a character that is not base64"},
        {"QU-_", 2, "it uses the URL-safe alphabet; the API takes the standard one, with + and /"},
        {"QUJ_", 3, "it uses the URL-safe alphabet; the API takes the standard one, with + and /"},
        {"QQ==QQ==", 4, "something follows its padding"},
        {"QQ=Q", 3, "something follows its padding"},
        {"QQ===", 4, "there is too much padding"},
        {"QUI==", 5, "there is too much padding"},
        {"QUJD=", 5, "there is too much padding"},
        {"QUJDQ", 5, "its last group of characters is incomplete"},
        {"Q===", 3, "there is too much padding"},
        {" \n ", 3, "it contains only white space"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t characters;
        size_t missing_padding;
        size_t offset = 99;
        const char *reason = NULL;
        assert_false(
            base64_measure(texts[i].text, strlen(texts[i].text), &characters, &missing_padding, &reason, &offset));
        assert_string_equal(reason, texts[i].reason);
        assert_int_equal(offset, texts[i].offset);
    }
}

static void padding_alone_is_not_base64(void **state)
{
    static const char *const texts[] = {"=", "==", "= =\n"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t characters;
        size_t missing_padding;
        size_t offset;
        const char *reason = NULL;
        assert_false(base64_measure(texts[i], strlen(texts[i]), &characters, &missing_padding, &reason, &offset));
        assert_non_null(reason);
    }
}

static void text_with_a_nul_is_not_base64(void **state)
{
    size_t characters;
    size_t missing_padding;
    size_t offset = 99;
    const char *reason = NULL;
    (void)state;
    assert_false(base64_measure("QU\0J", 4, &characters, &missing_padding, &reason, &offset));
    assert_int_equal(offset, 2);
}

static void a_copy_leaves_white_space_out_in_steps_of_any_size(void **state)
{
    static const char text[] = "  QUJD\r\nQUJD\t QQ==\n ";
    static const char wanted[] = "QUJDQUJDQQ==";
    (void)state;
    for (size_t step = 1; step <= sizeof text; step++) {
        char copy[sizeof text] = "";
        size_t at = 0;
        size_t total = 0;
        size_t got = 0;
        do {
            got = base64_copy(text, strlen(text), &at, copy + total, step);
            assert_true(got <= step);
            total += got;
        } while (got > 0);
        assert_int_equal(total, strlen(wanted));
        assert_memory_equal(copy, wanted, total);
        assert_int_equal(at, strlen(text));
    }
}

static void the_measured_length_is_the_copied_length(void **state)
{
    enum { SIZE = 10000 };
    char *text = malloc(SIZE);
    char *copy = malloc(SIZE);
    size_t characters = 0;
    size_t missing_padding = 0;
    size_t offset = 0;
    size_t at = 0;
    const char *reason = NULL;
    (void)state;
    assert_non_null(text);
    assert_non_null(copy);
    for (size_t i = 0; i < SIZE; i++)
        text[i] = i % 77 == 76 ? '\n' : 'A';
    assert_true(base64_measure(text, SIZE, &characters, &missing_padding, &reason, &offset));
    assert_int_equal(base64_copy(text, SIZE, &at, copy, SIZE), characters);
    assert_int_equal((characters + missing_padding) % 4, 0);
    free(copy);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_text_is_measured),
        cmocka_unit_test(wrong_text_is_named_with_its_place),
        cmocka_unit_test(padding_alone_is_not_base64),
        cmocka_unit_test(text_with_a_nul_is_not_base64),
        cmocka_unit_test(a_copy_leaves_white_space_out_in_steps_of_any_size),
        cmocka_unit_test(the_measured_length_is_the_copied_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
