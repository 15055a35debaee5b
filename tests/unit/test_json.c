/* Which texts are JSON, and the limits on them. */
#include "base/json.h"
#include "json_test.h"

#include "test.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Right and wrong texts ---- */

static void assert_wrong(const char *json, size_t length, size_t offset, const char *reason)
{
    struct json_fault fault = {NULL, 0};
    if (scans(json, length, &fault))
        fail_msg("accepted although it is invalid: %s", json);
    if (strcmp(fault.reason, reason) != 0 || fault.offset != offset)
        fail_msg("%s: expected at byte %zu, %s; got at byte %zu, %s", json, offset, reason, fault.offset, fault.reason);
}

struct wrong_text {
    const char *json;
    size_t offset;
    const char *reason;
};

static void assert_all_wrong(const struct wrong_text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_wrong(texts[i].json, strlen(texts[i].json), texts[i].offset, texts[i].reason);
}

static void valid_texts_are_accepted_also_by_cjson(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "42",
        "-123",
        "1.5",
        "0.25e+10",
        "1E22",
        "1e-2",
        "0e1",
        "0e+1",
        "-0.0",
        "1e400",
        "123456789012345678901234567890",
        "\"\"",
        "\"text\"",
        "[]",
        "{}",
        " \t\r\n[ \t\r\n] \t\r\n",
        "{ }",
        "[1]",
        "[1,2 , 3]",
        "[[],[[]],{}]",
        "[null, 1, \"1\", {}]",
        "[[]   ]",
        "[\"\"]",
        "[false]",
        "[true]",
        "[ 4]",
        "[-1]",
        "[0.000000000000000000000000000000000000000000000000000000000001]",
        "[123.456789]",
        "[123.456e78]",
        "{\"a\":\"b\"}",
        "{\"a\":\"b\",\"a\":\"c\"}",
        "{\"\":0}",
        "{\"a\":[]}",
        "{ \"min\" : -1.0e+28 , \"max\" : 1.0e+28 }",
        "{\"title\":\"\\u041f\\u043e\"}",
        "{\n\"a\": \"b\"\n}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0001\\u000a\\u007F\\uabcd\\uABCD\\uFFFF\"",
        "\"\\uD834\\udd1e\\uDBFF\\uDFFF\"",
        "\"\\ud7ff\\ue000\"",
        "\"\\\\u0000\"",
        "\"\\\\n\\\\\"",
        "\"\x7f\"",
        "\"\xc2\x80\xc3\xa9\xdf\xbf\"",
        "\"\xe0\xa0\x80\xe2\x82\xac\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"",
        "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
        "\"\xef\xbb\xbf is no mark here\"",
        "\"/* no comment */\"",
        "\"{[}]:,\"",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct json_fault fault;
        if (!scans(texts[i], strlen(texts[i]), &fault))
            fail_msg("%s: at byte %zu, %s", texts[i], fault.offset, fault.reason);
        cJSON *parsed = cJSON_ParseWithLength(texts[i], strlen(texts[i]));
        assert_non_null(parsed);
        cJSON_Delete(parsed);
    }
}

static void valid_text_has_no_fault(void **state)
{
    struct json_fault fault = {"left over", 7};
    (void)state;
    assert_true(json_check("[1] ", 4, 1, &fault));
    assert_null(fault.reason);
}

static void wrong_numbers_are_refused(void **state)
{
    static const struct wrong_text texts[] = {
        {"01", 1, "a number begins with 0"},
        {"-01", 2, "a number begins with 0"},
        {"00", 1, "a number begins with 0"},
        {"1.", 2, "it ends too early"},
        {"[1.]", 3, "a number lacks a digit"},
        {"0.e1", 2, "a number lacks a digit"},
        {"1.e1", 2, "a number lacks a digit"},
        {"-", 1, "it ends too early"},
        {"--1", 1, "a number lacks a digit"},
        {"-.5", 1, "a number lacks a digit"},
        {"-Infinity", 1, "a number lacks a digit"},
        {"1e", 2, "it ends too early"},
        {"1e+", 3, "it ends too early"},
        {"1E-", 3, "it ends too early"},
        {"1eE2", 2, "a number lacks a digit"},
        {"1e+-2", 3, "a number lacks a digit"},
        {".5", 0, "a value is missing"},
        {"+1", 0, "a value is missing"},
        {"NaN", 0, "a value is missing"},
        {"Infinity", 0, "a value is missing"},
        {"0x10", 1, "something follows the value"},
        {"1 000", 2, "something follows the value"},
        {"1e5.5", 3, "something follows the value"},
        {"1.2.3", 3, "something follows the value"},
        {"1a", 1, "something follows the value"},
        {"1,5", 1, "something follows the value"},
        {"\xef\xbc\x91", 0, "a value is missing"},
    };
    (void)state;
    assert_all_wrong(texts, sizeof texts / sizeof texts[0]);
}

static void wrong_strings_are_refused(void **state)
{
    static const struct wrong_text texts[] = {
        {"\"", 1, "it ends too early"},
        {"\"a", 2, "it ends too early"},
        {"\"\\\"", 3, "it ends too early"},
        {"\"\\", 2, "it ends too early"},
        {"\"\\x00\"", 2, "a string has an unknown escape"},
        {"\"\\a\"", 2, "a string has an unknown escape"},
        {"\"\\'\"", 2, "a string has an unknown escape"},
        {"\"\\U0041\"", 2, "a string has an unknown escape"},
        {"\"\\\xc3\xa9\"", 2, "a string has an unknown escape"},
        {"\"\\u\"", 3, "\\u is not followed by four hexadecimal digits"},
        {"\"\\u00A\"", 3, "\\u is not followed by four hexadecimal digits"},
        {"\"\\u00G0\"", 3, "\\u is not followed by four hexadecimal digits"},
        {"\"\\u 041\"", 3, "\\u is not followed by four hexadecimal digits"},
        {"\"\\u-041\"", 3, "\\u is not followed by four hexadecimal digits"},
        {"\"\\u004", 6, "it ends too early"},
        {"\"\\u0000\"", 3, "a string holds the character NUL"},
        {"\"\\ud800\"", 3, "a string has an unpaired surrogate"},
        {"\"\\udc00\"", 3, "a string has an unpaired surrogate"},
        {"\"\\udfff\\ud800\"", 3, "a string has an unpaired surrogate"},
        {"\"\\ud800\\u0041\"", 3, "a string has an unpaired surrogate"},
        {"\"\\ud800\\ud800\"", 3, "a string has an unpaired surrogate"},
        {"\"\\ud800\\n\"", 3, "a string has an unpaired surrogate"},
        {"\"\\ud800\\udc0\"", 3, "a string has an unpaired surrogate"},
        {"\"\\ud800abcdef\"", 3, "a string has an unpaired surrogate"},
        {"\"\\ud800", 7, "it ends too early"},
        {"\"\t\"", 1, "a string contains an unescaped control character"},
        {"\"a\n\"", 2, "a string contains an unescaped control character"},
        {"\"\x1f\"", 1, "a string contains an unescaped control character"},
        {"\"\xff\"", 1, "it is not valid UTF-8"},
        {"\"\x80\"", 1, "it is not valid UTF-8"},
        {"\"\xc3\"", 1, "it is not valid UTF-8"},
        {"\"\xe2\x82", 3, "it ends too early"},
        {"\"\xc0\xaf\"", 1, "it is not valid UTF-8"},
        {"\"\xed\xa0\x80\"", 1, "it is not valid UTF-8"},
        {"\"\xf4\x90\x80\x80\"", 1, "it is not valid UTF-8"},
        {"'a'", 0, "a value is missing"},
    };
    (void)state;
    assert_all_wrong(texts, sizeof texts / sizeof texts[0]);
}

static void wrong_arrays_and_objects_are_refused(void **state)
{
    static const struct wrong_text texts[] = {
        {"[", 1, "it ends too early"},
        {"[1", 2, "it ends too early"},
        {"[1,", 3, "it ends too early"},
        {"[1,]", 3, "a value is missing"},
        {"[,1]", 1, "a value is missing"},
        {"[1,,2]", 3, "a value is missing"},
        {"[,]", 1, "a value is missing"},
        {"[1 2]", 3, "a comma or a closing bracket is missing"},
        {"[\"a\" \"b\"]", 5, "a comma or a closing bracket is missing"},
        {"[1:2]", 2, "a comma or a closing bracket is missing"},
        {"[1}", 2, "a comma or a closing bracket is missing"},
        {"[}", 1, "a value is missing"},
        {"[]]", 2, "something follows the value"},
        {"]", 0, "a value is missing"},
        {"{", 1, "it ends too early"},
        {"{]", 1, "a member's name is missing"},
        {"}", 0, "a value is missing"},
        {"{\"a\"", 4, "it ends too early"},
        {"{\"a\":", 5, "it ends too early"},
        {"{\"a\":1", 6, "it ends too early"},
        {"{\"a\":1,", 7, "it ends too early"},
        {"{\"a\":1,}", 7, "a member's name is missing"},
        {"{,\"a\":1}", 1, "a member's name is missing"},
        {"{\"a\" 1}", 5, "a member's colon is missing"},
        {"{\"a\",1}", 4, "a member's colon is missing"},
        {"{\"a\"::1}", 5, "a value is missing"},
        {"{\"a\":}", 5, "a value is missing"},
        {"{\"a\":1 \"b\":2}", 7, "a comma or a closing bracket is missing"},
        {"{\"a\":1]", 6, "a comma or a closing bracket is missing"},
        {"{a:1}", 1, "a member's name is missing"},
        {"{'a':1}", 1, "a member's name is missing"},
        {"{1:1}", 1, "a member's name is missing"},
        {"{null:1}", 1, "a member's name is missing"},
        {"{[]:1}", 1, "a member's name is missing"},
        {"{\"\\u0000\":1}", 4, "a string holds the character NUL"},
        {"[{}", 3, "it ends too early"},
        {"{\"a\":[}", 6, "a value is missing"},
    };
    (void)state;
    assert_all_wrong(texts, sizeof texts / sizeof texts[0]);
}

static void text_that_is_not_a_single_value_is_refused(void **state)
{
    static const struct wrong_text texts[] = {
        {"", 0, "it ends too early"},
        {" \n", 2, "it ends too early"},
        {"nul", 3, "it ends too early"},
        {"nulx", 0, "a value is missing"},
        {"True", 0, "a value is missing"},
        {"nan", 0, "a value is missing"},
        {"truex", 4, "something follows the value"},
        {"nullnull", 4, "something follows the value"},
        {"{} {}", 3, "something follows the value"},
        {"{} xyz", 3, "something follows the value"},
        {"[1]\x01", 3, "something follows the value"},
        {"// x\n1", 0, "a value is missing"},
        {"[1/**/]", 2, "a comma or a closing bracket is missing"},
        {"1 # x", 2, "something follows the value"},
        {"\f1", 0, "a value is missing"},
        {"\v1", 0, "a value is missing"},
        {"\xc2\xa0\x31", 0, "a value is missing"},
        {"\xef\xbb\xbf{}", 0, "a value is missing"},
        {"<html>", 0, "a value is missing"},
        {"*", 0, "a value is missing"},
    };
    (void)state;
    assert_all_wrong(texts, sizeof texts / sizeof texts[0]);
}

static void a_nul_is_an_invalid_character(void **state)
{
    (void)state;
    assert_wrong("\0", 1, 0, "a value is missing");
    assert_wrong("[\0]", 3, 1, "a value is missing");
    assert_wrong("[1\0]", 4, 2, "a comma or a closing bracket is missing");
    assert_wrong("{\0}", 3, 1, "a member's name is missing");
    assert_wrong("{}\0", 3, 2, "something follows the value");
    assert_wrong("\"\0\"", 3, 1, "a string contains an unescaped control character");
    assert_wrong("\"\\\0\"", 4, 2, "a string has an unknown escape");
    assert_wrong("\"\\u00\0\x30\"", 8, 3, "\\u is not followed by four hexadecimal digits");
    assert_wrong("1\0", 2, 1, "something follows the value");
    assert_wrong("-\0", 2, 1, "a number lacks a digit");
}

/* ---- Texts that end early ---- */

static bool ends_early(const char *text, size_t length)
{
    char *copy = exact_copy(text, length);
    struct json json;
    json_begin_received(&json, copy, length);
    json_skip(&json);
    const bool is_early = json_ends_early(&json);
    assert_false(json_finish(&json) && is_early);
    assert_true(!is_early || strcmp(json.fault.reason, "it ends too early") == 0);
    free(copy);
    return is_early;
}

static void every_part_of_a_container_ends_early(void **state)
{
    static const char *const texts[] = {
        "{\"t\":true,\"f\": false ,\"n\":null,\"\\u00e9\":[-1.5e+7,0,{}, [ ]],\"s\":\"\\ud83d\\udE00 \\n\\u0041\"}",
        "[\"\xc3\xa9\xe0\xa0\x80\xe2\x82\xac\xed\x9f\xbf\xf0\x90\x80\x80\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\"]",
        "\xef\xbb\xbf{\"marked\":[1, 2]}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const size_t length = strlen(texts[i]);
        for (size_t part = 0; part < length; part++)
            if (!ends_early(texts[i], part))
                fail_msg("%.*s", (int)part, texts[i]);
        assert_false(ends_early(texts[i], length));
    }
}

/* More text cannot make these valid. */
static void a_wrong_text_does_not_end_early(void **state)
{
    static const char *const texts[] = {
        "[1]x",
        "[nulx",
        "[True",
        "[\"\\x",
        "[\"\\u00g",
        "[\"\\ud800\\n",
        "[\"\\udc00",
        "[\"\\udc",
        "[\"\\ud800\\u0",
        "[\"\\ud800\\ud80",
        "[\"\\ud800\\ue",
        "[\"\\ud800x",
        "[\"\\u0000",
        "[\"\xff",
        "[\"\xc0",
        "[\"\x80",

        "[\"\xe2\x82x",
        "[\"\xf0\"]",
        "[\"\xf0\x9f\x98x",
        "[01",
        "[1.x",
        "[--",
        "{x",
        "[\"\x01",
        "[1}",
    };
    char number[70] = "[";
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (ends_early(texts[i], strlen(texts[i])))
            fail_msg("%s", texts[i]);
    memset(number + 1, '1', JSON_MAX_NUMBER + 1);
    assert_true(ends_early(number, JSON_MAX_NUMBER + 1));
    assert_false(ends_early(number, JSON_MAX_NUMBER + 2));
}

/* ---- Limits ---- */

static void a_number_has_63_characters_at_most(void **state)
{
    char number[65];
    struct json_fault fault;
    (void)state;
    memset(number, '1', sizeof number);
    assert_true(scans(number, JSON_MAX_NUMBER, &fault));
    cJSON *parsed = cJSON_ParseWithLength(number, JSON_MAX_NUMBER);
    assert_true(cJSON_IsNumber(parsed));
    cJSON_Delete(parsed);
    number[64] = '\0';
    assert_wrong(number, JSON_MAX_NUMBER + 1, 0, "a number has more than 63 characters");
    number[0] = '-';
    assert_wrong(number, JSON_MAX_NUMBER + 1, 0, "a number has more than 63 characters");
}

/* Brackets of one kind, or objects within arrays, `depth` deep. */
static void assert_depth(size_t depth, size_t most_depth, bool wanted)
{
    char json[16 * JSON_DEPTH_OF_REPLY] = "";
    struct json_fault fault;
    size_t length = 0;
    for (size_t i = 0; i < depth; i++)
        length += (size_t)sprintf(json + length, i % 2 == 0 ? "[ " : "{\"k\":");
    length += (size_t)sprintf(json + length, "0");
    for (size_t i = depth; i-- > 0;)
        length += (size_t)sprintf(json + length, i % 2 == 0 ? "]" : "}");
    assert_int_equal(json_check(json, length, most_depth, &fault), wanted);
    if (!wanted)
        assert_string_equal(fault.reason, "it is nested too deeply");
}

static void nesting_is_limited(void **state)
{
    (void)state;
    assert_depth(JSON_DEPTH_OF_VALUE, JSON_DEPTH_OF_VALUE, true);
    assert_depth(JSON_DEPTH_OF_VALUE + 1, JSON_DEPTH_OF_VALUE, false);
    assert_depth(JSON_DEPTH_OF_REPLY, JSON_DEPTH_OF_REPLY, true);
    assert_depth(JSON_DEPTH_OF_REPLY + 1, JSON_DEPTH_OF_REPLY, false);
    assert_depth(1, 1, true);
    assert_depth(2, 1, false);
}

static void a_million_brackets_are_harmless(void **state)
{
    enum { COUNT = 1000000 };
    char *json = malloc(COUNT + 1);
    struct json_fault fault;
    (void)state;
    assert_non_null(json);
    memset(json, '[', COUNT);
    json[COUNT] = '\0';
    assert_false(json_check(json, COUNT, JSON_DEPTH_OF_REPLY, &fault));
    assert_int_equal(fault.offset, JSON_DEPTH_OF_REPLY);
    free(json);
}

static void many_containers_beside_each_other_are_not_deep(void **state)
{
    char json[4096] = "[[]";
    struct json_fault fault;
    (void)state;
    size_t length = strlen(json);
    for (int i = 0; i < 500; i++)
        length += (size_t)sprintf(json + length, i % 2 == 0 ? ",[]" : ",{}");
    json[length++] = ']';
    json[length] = '\0';
    assert_true(json_check(json, length, 2, &fault));
}

/* An array of zeros with so many values, itself included. */
static char *zeros(size_t values, size_t *length)
{
    char *json = malloc(2 * values);
    assert_non_null(json);
    json[0] = '[';
    for (size_t i = 1; i < values; i++) {
        json[2 * i - 1] = '0';
        json[2 * i] = ',';
    }
    *length = 2 * values - 1;
    json[*length - 1] = ']';
    json[*length] = '\0';
    return json;
}

static void the_number_of_values_is_limited(void **state)
{
    struct json_fault fault;
    size_t length = 0;
    (void)state;
    char *json = zeros(2000000, &length);
    assert_true(json_check(json, length, 1, &fault));
    free(json);
    json = zeros(2000001, &length);
    assert_false(json_check(json, length, 1, &fault));
    assert_string_equal(fault.reason, "it holds more than 2000000 values");
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_texts_are_accepted_also_by_cjson),
        cmocka_unit_test(valid_text_has_no_fault),
        cmocka_unit_test(wrong_numbers_are_refused),
        cmocka_unit_test(wrong_strings_are_refused),
        cmocka_unit_test(wrong_arrays_and_objects_are_refused),
        cmocka_unit_test(text_that_is_not_a_single_value_is_refused),
        cmocka_unit_test(a_nul_is_an_invalid_character),
        cmocka_unit_test(every_part_of_a_container_ends_early),
        cmocka_unit_test(a_wrong_text_does_not_end_early),
        cmocka_unit_test(a_number_has_63_characters_at_most),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(a_million_brackets_are_harmless),
        cmocka_unit_test(many_containers_beside_each_other_are_not_deep),
        cmocka_unit_test(the_number_of_values_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
