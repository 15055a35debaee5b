#include "base/json.h"
#include "base/random.h"
#include "base/text.h"

#include "comma_locale.h"
#include "test.h"

#include <cjson/cJSON.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Growing ---- */

static void a_text_begins_empty(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, 10);
    assert_null(made.data);
    assert_int_equal(made.length, 0);
    assert_int_equal(made.status, DM_OK);
    text_free(&made);
}

static void appending_nothing_makes_an_empty_string(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, 10);
    text_append(&made, NULL, 0);
    assert_int_equal(made.status, DM_OK);
    assert_string_equal(made.data, "");
    text_free(&made);
}

static void pieces_follow_each_other_and_end_in_a_nul(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, TEXT_NO_LIMIT);
    text_append(&made, "a\0b", 3);
    text_append_string(&made, "cd");
    text_append_string(&made, "");
    assert_int_equal(made.length, 5);
    assert_memory_equal(made.data, "a\0bcd", 6);
    text_free(&made);
}

static void a_text_grows_as_needed(void **state)
{
    enum { COUNT = 20000 };
    struct text made;
    (void)state;
    text_init(&made, TEXT_NO_LIMIT);
    for (int i = 0; i < COUNT; i++)
        text_append(&made, "0123456789", 10);
    assert_int_equal(made.status, DM_OK);
    assert_int_equal(made.length, COUNT * 10);
    assert_int_equal(strlen(made.data), COUNT * 10);
    for (size_t i = 0; i < made.length; i++)
        assert_int_equal(made.data[i], '0' + i % 10);
    text_free(&made);
}

static void a_limit_is_kept_to_the_byte(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, 5);
    text_append_string(&made, "abcde");
    assert_int_equal(made.status, DM_OK);
    assert_string_equal(made.data, "abcde");
    text_append_string(&made, "f");
    assert_int_equal(made.status, DM_ERR_TOO_LARGE);
    assert_string_equal(made.data, "abcde");
    text_free(&made);
}

static void a_failure_sticks_until_the_text_is_cleared(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, 5);
    text_append_string(&made, "toolong");
    text_append_string(&made, "ok");
    text_append_integer(&made, 1);
    text_append_number(&made, 1);
    text_append_json_string(&made, "");
    text_append_url_segment(&made, "x");
    assert_int_equal(made.status, DM_ERR_TOO_LARGE);
    assert_int_equal(made.length, 0);
    text_clear(&made);
    text_append_string(&made, "ok");
    assert_int_equal(made.status, DM_OK);
    assert_string_equal(made.data, "ok");
    text_free(&made);
}

static void a_length_that_would_overflow_is_too_large(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, TEXT_NO_LIMIT);
    text_append_string(&made, "x");
    text_append(&made, "", SIZE_MAX);
    assert_int_equal(made.status, DM_ERR_TOO_LARGE);
    assert_string_equal(made.data, "x");
    text_free(&made);
}

static void clearing_keeps_the_memory_and_freeing_the_limit(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, 300);
    text_append_string(&made, "something");
    const char *data = made.data;
    const size_t capacity = made.capacity;
    text_clear(&made);
    assert_ptr_equal(made.data, data);
    assert_int_equal(made.capacity, capacity);
    assert_string_equal(made.data, "");
    text_free(&made);
    assert_null(made.data);
    assert_int_equal(made.limit, 300);
    text_clear(&made);
    text_free(&made);
}

/* ---- Numbers ---- */

static void assert_number(double number, const char *wanted)
{
    struct text made;
    text_init(&made, TEXT_NO_LIMIT);
    text_append_number(&made, number);
    assert_string_equal(made.data, wanted);
    text_free(&made);
}

static void integers_are_written_with_all_digits(void **state)
{
    struct text made;
    (void)state;
    text_init(&made, TEXT_NO_LIMIT);
    text_append_integer(&made, INT64_MIN);
    text_append_string(&made, " ");
    text_append_integer(&made, INT64_MAX);
    text_append_string(&made, " ");
    text_append_integer(&made, 0);
    text_append_string(&made, " ");
    text_append_integer(&made, -9007199254740991);
    assert_string_equal(made.data, "-9223372036854775808 9223372036854775807 0 -9007199254740991");
    text_free(&made);
}

static void numbers_have_as_few_digits_as_possible(void **state)
{
    static const struct {
        double number;
        const char *wanted;
    } numbers[] = {
        {0, "0"},
        {-0.0, "-0"},
        {1, "1"},
        {0.5, "0.5"},
        {0.1, "0.1"},
        {0.347, "0.347"},
        {0.990304172, "0.990304172"},
        {100, "100"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {9007199254740991, "9007199254740991"},
        {1e15, "1e+15"},
        {1e22, "1e+22"},
        {1e-7, "1e-07"},
        {5e-324, "4.94065645841247e-324"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {-DBL_MIN, "-2.2250738585072014e-308"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_number(numbers[i].number, numbers[i].wanted);
}

static void assert_reads_back(double number)
{
    struct text made;
    struct json_fault fault;
    text_init(&made, 24);
    text_append_number(&made, number);
    assert_int_equal(made.status, DM_OK);
    assert_true(json_check(made.data, made.length, 1, &fault));
    cJSON *parsed = cJSON_ParseWithLength(made.data, made.length);
    assert_non_null(parsed);
    assert_memory_equal(&parsed->valuedouble, &number, sizeof number);
    cJSON_Delete(parsed);
    text_free(&made);
}

static void random_coordinates_read_back_to_the_bit(void **state)
{
    uint64_t random = 1;
    (void)state;
    for (int i = 0; i < 5000; i++)
        assert_reads_back(random_fraction(&random));
}

static void random_bit_patterns_read_back_to_the_bit(void **state)
{
    uint64_t random = 2;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        double number;
        const uint64_t bits =
            (uint64_t)(random_fraction(&random) * 0x1p53) << 11 ^ (uint64_t)(random_fraction(&random) * 0x1p53);
        memcpy(&number, &bits, sizeof number);
        if (isfinite(number))
            assert_reads_back(number);
    }
}

/* cJSON parses numbers by the locale, so the test uses our own parser. */
static void a_decimal_comma_changes_no_number(void **state)
{
    uint64_t random = 3;
    (void)state;
    assert_string_equal(localeconv()->decimal_point, DECIMAL_COMMA);
    assert_number(0.5, "0.5");
    assert_number(-1234.5678, "-1234.5678");
    assert_number(0.1 + 0.2, "0.30000000000000004");
    assert_number(2.5e-300, "2.5e-300");
    for (int i = 0; i < 1000; i++) {
        struct text made;
        text_init(&made, 24);
        text_append_number(&made, random_fraction(&random));
        assert_null(strchr(made.data, ','));
        text_free(&made);
    }
}

/* ---- JSON strings ---- */

static void assert_json_string(const char *given, const char *wanted)
{
    struct text made;
    text_init(&made, TEXT_NO_LIMIT);
    text_append_json_string(&made, given);
    assert_string_equal(made.data, wanted);
    text_free(&made);
}

static void json_strings_are_escaped(void **state)
{
    (void)state;
    assert_json_string("", "\"\"");
    assert_json_string("plain / text'", "\"plain / text'\"");
    assert_json_string("say \"hi\"", "\"say \\\"hi\\\"\"");
    assert_json_string("C:\\dir\\", "\"C:\\\\dir\\\\\"");
    assert_json_string("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
    assert_json_string("\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"");
    assert_json_string("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

static void every_character_survives_a_json_string(void **state)
{
    char given[128];
    struct json_fault fault;
    struct text made;
    (void)state;
    for (size_t i = 0; i < 127; i++)
        given[i] = (char)(i + 1);
    given[127] = '\0';
    text_init(&made, TEXT_NO_LIMIT);
    text_append_json_string(&made, given);
    assert_true(json_check(made.data, made.length, 1, &fault));
    cJSON *parsed = cJSON_ParseWithLength(made.data, made.length);
    assert_string_equal(cJSON_GetStringValue(parsed), given);
    cJSON_Delete(parsed);
    text_free(&made);
}

/* ---- URL segments ---- */

static void assert_segment(const char *given, const char *wanted)
{
    struct text made;
    text_init(&made, TEXT_NO_LIMIT);
    text_append_url_segment(&made, given);
    assert_string_equal(made.data != NULL ? made.data : "", wanted);
    text_free(&made);
}

static void a_segment_keeps_what_needs_no_encoding(void **state)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    (void)state;
    assert_segment(unreserved, unreserved);
    assert_segment("", "");
}

static void a_segment_cannot_leave_its_place(void **state)
{
    (void)state;
    assert_segment("a/../../accounts/me", "a%2F..%2F..%2Faccounts%2Fme");
    assert_segment("a b?c#d&e=f+g%h", "a%20b%3Fc%23d%26e%3Df%2Bg%25h");
    assert_segment("\r\n\x01\x7f\\@:", "%0D%0A%01%7F%5C%40%3A");
    assert_segment("\xc3\xa9\xff", "%C3%A9%FF");
}

/* ---- URL queries ---- */

static void assert_query(const char *given, size_t length, const char *wanted)
{
    struct text made;
    text_init(&made, TEXT_NO_LIMIT);
    text_append_string(&made, "?");
    text_append_url_query(&made, given, length);
    assert_string_equal(made.data, wanted);
    text_free(&made);
}

static void a_query_that_is_encoded_already_stays_as_it_is(void **state)
{
    static const char query[] = "a=1&b=%2F%20x+y&c[]=~!*'();:@$,/?-._|^`{}\\\"<>#";
    (void)state;
    assert_query(query, strlen(query), "?a=1&b=%2F%20x+y&c[]=~!*'();:@$,/?-._|^`{}\\\"<>#");
    assert_query(query, 3, "?a=1");
    assert_query("", 0, "?");
}

static void characters_that_an_address_must_not_contain_are_encoded_in_a_query(void **state)
{
    (void)state;
    assert_query("a b\r\n\x01\x1f\x7f", 8, "?a%20b%0D%0A%01%1F%7F");
    assert_query("\xc3\xa9\xff", 3, "?%C3%A9%FF");
    assert_query("a\0b", 3, "?a%00b");
}

static void reserved_room_is_used_without_moving(void **state)
{
    struct text text;
    (void)state;
    text_init(&text, 1000);
    text_reserve(&text, 500);
    assert_string_equal(text.data, "");
    const char *data = text.data;
    for (int i = 0; i < 500; i++)
        text_append_string(&text, "x");
    assert_ptr_equal(text.data, data);
    text_reserve(&text, 10);
    assert_ptr_equal(text.data, data);
    text_reserve(&text, 1001); /* more than the limit */
    assert_int_equal(text.status, DM_OK);
    assert_int_equal(strspn(text.data, "x"), 500);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_begins_empty),
        cmocka_unit_test(appending_nothing_makes_an_empty_string),
        cmocka_unit_test(pieces_follow_each_other_and_end_in_a_nul),
        cmocka_unit_test(a_text_grows_as_needed),
        cmocka_unit_test(a_limit_is_kept_to_the_byte),
        cmocka_unit_test(a_failure_sticks_until_the_text_is_cleared),
        cmocka_unit_test(a_length_that_would_overflow_is_too_large),
        cmocka_unit_test(clearing_keeps_the_memory_and_freeing_the_limit),
        cmocka_unit_test(integers_are_written_with_all_digits),
        cmocka_unit_test(numbers_have_as_few_digits_as_possible),
        cmocka_unit_test(random_coordinates_read_back_to_the_bit),
        cmocka_unit_test(random_bit_patterns_read_back_to_the_bit),
        cmocka_unit_test_setup_teardown(a_decimal_comma_changes_no_number, enter_comma_locale, leave_comma_locale),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(every_character_survives_a_json_string),
        cmocka_unit_test(a_segment_keeps_what_needs_no_encoding),
        cmocka_unit_test(a_segment_cannot_leave_its_place),
        cmocka_unit_test(a_query_that_is_encoded_already_stays_as_it_is),
        cmocka_unit_test(characters_that_an_address_must_not_contain_are_encoded_in_a_query),
        cmocka_unit_test(reserved_room_is_used_without_moving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
