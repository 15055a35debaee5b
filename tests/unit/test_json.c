#include "base/json.h"
#include "base/random.h"

#include "test.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Right and wrong texts ---- */

/* In a buffer of its own that ends with the NUL, so that reading past it is seen. */
static char *exact_copy(const char *json, size_t length)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, json, length);
    copy[length] = '\0';
    return copy;
}

static bool scans(const char *json, size_t length, struct json_fault *fault)
{
    char *copy = exact_copy(json, length);
    const bool passes = json_check(copy, length, JSON_DEPTH_OF_VALUE, fault);
    free(copy);
    return passes;
}

static void assert_wrong(const char *json, size_t length, size_t offset, const char *reason)
{
    struct json_fault fault = {NULL, 0};
    if (scans(json, length, &fault))
        fail_msg("passes: %s", json);
    if (strcmp(fault.reason, reason) != 0 || fault.offset != offset)
        fail_msg("%s: at byte %zu, %s; not: at byte %zu, %s", json, fault.offset, fault.reason, offset, reason);
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

static void right_texts_pass_and_cjson_takes_them(void **state)
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

static void a_text_that_passes_has_no_fault(void **state)
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
        {"1.", 2, "a number lacks a digit"},
        {"[1.]", 3, "a number lacks a digit"},
        {"0.e1", 2, "a number lacks a digit"},
        {"1.e1", 2, "a number lacks a digit"},
        {"-", 1, "a number lacks a digit"},
        {"--1", 1, "a number lacks a digit"},
        {"-.5", 1, "a number lacks a digit"},
        {"-Infinity", 1, "a number lacks a digit"},
        {"1e", 2, "a number lacks a digit"},
        {"1e+", 3, "a number lacks a digit"},
        {"1E-", 3, "a number lacks a digit"},
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
        {"\"\\", 2, "a string has an unknown escape"},
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
        {"\"\\u004", 3, "\\u is not followed by four hexadecimal digits"},
        {"\"\\u0000\"", 3, "a string holds the character NUL"},
        {"\"\\ud800\"", 7, "a string has an unpaired surrogate"},
        {"\"\\udc00\"", 7, "a string has an unpaired surrogate"},
        {"\"\\udfff\\ud800\"", 7, "a string has an unpaired surrogate"},
        {"\"\\ud800\\u0041\"", 7, "a string has an unpaired surrogate"},
        {"\"\\ud800\\ud800\"", 7, "a string has an unpaired surrogate"},
        {"\"\\ud800\\n\"", 7, "a string has an unpaired surrogate"},
        {"\"\\ud800\\udc0\"", 7, "a string has an unpaired surrogate"},
        {"\"\\ud800abcdef\"", 7, "a string has an unpaired surrogate"},
        {"\"\\ud800", 7, "a string has an unpaired surrogate"},
        {"\"\t\"", 1, "a string holds a raw control character"},
        {"\"a\n\"", 2, "a string holds a raw control character"},
        {"\"\x1f\"", 1, "a string holds a raw control character"},
        {"\"\xff\"", 1, "it is not valid UTF-8"},
        {"\"\x80\"", 1, "it is not valid UTF-8"},
        {"\"\xc3\"", 1, "it is not valid UTF-8"},
        {"\"\xe2\x82", 1, "it is not valid UTF-8"},
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

static void what_is_no_single_value_is_refused(void **state)
{
    static const struct wrong_text texts[] = {
        {"", 0, "it ends too early"},
        {" \n", 2, "it ends too early"},
        {"nul", 0, "a value is missing"},
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

static void a_nul_is_a_character_like_any_other_wrong_one(void **state)
{
    (void)state;
    assert_wrong("\0", 1, 0, "a value is missing");
    assert_wrong("[\0]", 3, 1, "a value is missing");
    assert_wrong("[1\0]", 4, 2, "a comma or a closing bracket is missing");
    assert_wrong("{\0}", 3, 1, "a member's name is missing");
    assert_wrong("{}\0", 3, 2, "something follows the value");
    assert_wrong("\"\0\"", 3, 1, "a string holds a raw control character");
    assert_wrong("\"\\\0\"", 4, 2, "a string has an unknown escape");
    assert_wrong("\"\\u00\0\x30\"", 8, 3, "\\u is not followed by four hexadecimal digits");
    assert_wrong("1\0", 2, 1, "something follows the value");
    assert_wrong("-\0", 2, 1, "a number lacks a digit");
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
    assert_wrong(number, JSON_MAX_NUMBER + 1, 64, "a number has more than 63 characters");
    number[0] = '-';
    assert_wrong(number, JSON_MAX_NUMBER + 1, 64, "a number has more than 63 characters");
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

static void a_million_brackets_do_not_hurt(void **state)
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

/* ---- Generated texts ---- */

enum { MAX_GENERATED = 4000, GENERATED_COUNT = 3000, MUTATIONS = 8, GENERATED_DEPTH = 6 };

struct generator {
    uint64_t random;
    char json[2 * MAX_GENERATED];
    size_t length;
};

static size_t below(struct generator *generator, size_t bound)
{
    return (size_t)(random_fraction(&generator->random) * (double)bound);
}

static void add(struct generator *generator, const char *piece)
{
    const size_t length = strlen(piece);
    memcpy(generator->json + generator->length, piece, length + 1);
    generator->length += length;
}

static void add_one_of(struct generator *generator, const char *const *pieces, size_t count)
{
    add(generator, pieces[below(generator, count)]);
}

#define ADD_ONE_OF(generator, pieces) add_one_of(generator, pieces, sizeof(pieces) / sizeof((pieces)[0]))

static void add_space(struct generator *generator)
{
    static const char *const spaces[] = {"", "", "", "", " ", "\n", "\t ", "\r\n"};
    ADD_ONE_OF(generator, spaces);
}

static void add_string(struct generator *generator)
{
    static const char *const parts[] = {
        "a",        "name",         "{[\\\"]}",        "\\u006e", "\\\\", "\\/", "\\ud83d\\ude00",
        "\xc3\xa9", "\xe2\x82\xac", "\\b\\f\\n\\r\\t", ", :",     "\x7f"};
    add(generator, "\"");
    for (size_t i = below(generator, 4); i > 0; i--)
        ADD_ONE_OF(generator, parts);
    add(generator, "\"");
}

/* The member names that the slices are asked for are among these, in plain and in escaped form. */
static void add_name(struct generator *generator)
{
    static const char *const names[] = {"\"a\"",    "\"metadata\"", "\"\\u006detadata\"",  "\"Metadata\"", "\"\"",
                                        "\"data\"", "\"dat\"",      "\"d\\u0061t\\u0061\""};
    if (below(generator, 4) == 0)
        add_string(generator);
    else
        ADD_ONE_OF(generator, names);
}

static void add_value(struct generator *generator, size_t depth);

static void add_array(struct generator *generator, size_t depth)
{
    add(generator, "[");
    add_space(generator);
    for (size_t i = 0, count = below(generator, 5); i < count; i++) {
        if (i > 0)
            add(generator, ",");
        add_value(generator, depth + 1);
    }
    add(generator, "]");
}

static void add_object(struct generator *generator, size_t depth)
{
    add(generator, "{");
    add_space(generator);
    for (size_t i = 0, count = below(generator, 5); i < count; i++) {
        if (i > 0)
            add(generator, ",");
        add_space(generator);
        add_name(generator);
        add_space(generator);
        add(generator, ":");
        add_value(generator, depth + 1);
    }
    add(generator, "}");
}

static void add_scalar(struct generator *generator)
{
    static const char *const scalars[] = {"null",
                                          "true",
                                          "false",
                                          "0",
                                          "-1",
                                          "1.5e-3",
                                          "9007199254740993",
                                          "12345678901234567890",
                                          "0.30000000000000004"};
    if (below(generator, 3) == 0)
        add_string(generator);
    else
        ADD_ONE_OF(generator, scalars);
}

static void add_value(struct generator *generator, size_t depth)
{
    const size_t kind = depth < GENERATED_DEPTH && generator->length < MAX_GENERATED ? below(generator, 4) : 0;
    add_space(generator);
    if (depth == 0 ? kind < 2 : kind == 2)
        add_object(generator, depth);
    else if (depth == 0 || kind == 3)
        add_array(generator, depth);
    else
        add_scalar(generator);
    add_space(generator);
}

static void generate(struct generator *generator)
{
    generator->length = 0;
    add_value(generator, 0);
}

static void assert_cjson_takes(const char *json, size_t length)
{
    cJSON *parsed = cJSON_ParseWithLength(json, length);
    if (parsed == NULL)
        fail_msg("passes, but not with cJSON: %.*s", (int)length, json);
    cJSON_Delete(parsed);
}

static void what_is_generated_passes_and_cjson_takes_it(void **state)
{
    struct generator made = {.random = 11};
    struct json_fault fault;
    (void)state;
    for (int i = 0; i < GENERATED_COUNT; i++) {
        generate(&made);
        if (!scans(made.json, made.length, &fault))
            fail_msg("%s: at byte %zu, %s", made.json, fault.offset, fault.reason);
        assert_cjson_takes(made.json, made.length);
    }
}

/* One byte overwritten, left out or doubled. */
static void mutate(struct generator *generator)
{
    static const char bytes[] = "\"\\{}[],:0-.eE+ \n\x01u\xc3\xff\xed"
                                "dt";
    const size_t at = below(generator, generator->length);
    const size_t way = below(generator, 3);
    if (way == 0) {
        generator->json[at] = bytes[below(generator, sizeof bytes)];
    } else if (way == 1) {
        memmove(generator->json + at, generator->json + at + 1, generator->length - at);
        generator->length--;
    } else {
        memmove(generator->json + at + 1, generator->json + at, generator->length - at + 1);
        generator->length++;
    }
}

static void what_passes_of_mutated_texts_cjson_takes_too(void **state)
{
    struct generator made = {.random = 12};
    struct json_fault fault;
    size_t passed = 0;
    size_t refused = 0;
    (void)state;
    for (int i = 0; i < GENERATED_COUNT * MUTATIONS; i++) {
        if (i % MUTATIONS == 0)
            generate(&made);
        if (made.length > 0)
            mutate(&made);
        if (scans(made.json, made.length, &fault)) {
            assert_cjson_takes(made.json, made.length);
            passed++;
        } else {
            assert_true(fault.offset <= made.length);
            refused++;
        }
    }
    assert_true(passed > GENERATED_COUNT / 10);
    assert_true(refused > GENERATED_COUNT);
}

/* ---- Reading ---- */

static void begin(struct json *json, const char *text)
{
    json_begin(json, text, strlen(text), JSON_DEPTH_OF_REPLY);
}

static void assert_string(struct json_string string, const char *wanted)
{
    char copy[64];
    json_string_copy(&string, copy, sizeof copy);
    assert_string_equal(copy, wanted);
    assert_true(json_string_is(&string, wanted));
}

static void assert_slice(struct json_slice slice, const char *wanted)
{
    assert_int_equal(slice.length, strlen(wanted));
    assert_memory_equal(slice.start, wanted, slice.length);
}

static void a_text_is_read_in_its_order(void **state)
{
    struct json json;
    (void)state;
    begin(&json, " { \"a\" : [ 1.50 , true,\"\\u0078\", null ] , \"\\u0062\":{}, \"c\":false} ");
    assert_int_equal(json_kind(&json), JSON_OBJECT);
    json_enter(&json);
    assert_true(json_next(&json));
    assert_string(json_name(&json), "a");
    assert_int_equal(json_kind(&json), JSON_ARRAY);
    json_enter(&json);
    assert_true(json_next(&json));
    assert_slice(json_number(&json), "1.50");
    assert_true(json_next(&json));
    assert_true(json_boolean(&json));
    assert_true(json_next(&json));
    assert_string(json_string(&json), "x");
    assert_true(json_next(&json));
    assert_int_equal(json_kind(&json), JSON_NULL);
    assert_slice(json_skip(&json), "null");
    assert_false(json_next(&json));
    assert_true(json_next(&json));
    assert_false(json_try_name(&json, "b", 1));
    assert_string(json_name(&json), "b");
    assert_slice(json_skip(&json), "{}");
    assert_true(json_next(&json));
    assert_false(json_try_name(&json, "d", 1));
    assert_false(json_try_name(&json, "cc", 2));
    assert_true(json_try_name(&json, "c", 1));
    assert_false(json_boolean(&json));
    assert_false(json_next(&json));
    assert_int_equal(json.depth, 0);
    assert_true(json_finish(&json));
}

static void what_is_skipped_is_given_as_it_stands(void **state)
{
    static const char *const values[] = {
        "5", "-1.5e+3", "\"a\\\"]\"", "[ 1 , [ ] ]", "{\"]\":[{}] , \"b\":null}", "[[[[1]]]]", "true", "{}", "[]"};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char text[64];
        struct json json;
        snprintf(text, sizeof text, "[ %s , 7]", values[i]);
        begin(&json, text);
        json_enter(&json);
        assert_true(json_next(&json));
        assert_slice(json_skip(&json), values[i]);
        assert_true(json_next(&json));
        assert_slice(json_number(&json), "7");
        assert_false(json_next(&json));
        assert_true(json_finish(&json));
    }
}

static void a_short_integer_is_read_at_once(void **state)
{
    static const char *const others[] = {"1.0", "1e2", "1E2", "01", "-", "-01", "\"1\"", "1234567890123456789", ""};
    struct json json;
    int64_t integer = 0;
    (void)state;
    begin(&json, "[0 , -0,-17, 999999999999999999,-999999999999999999 ]");
    json_enter(&json);
    for (int i = 0; i < 5; i++) {
        static const int64_t wanted[] = {0, 0, -17, INT64_C(999999999999999999), INT64_C(-999999999999999999)};
        assert_true(json_next(&json));
        assert_true(json_try_integer(&json, &integer));
        assert_true(integer == wanted[i]);
    }
    assert_false(json_next(&json));
    assert_true(json_finish(&json));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        begin(&json, others[i]);
        assert_false(json_try_integer(&json, &integer));
        assert_ptr_equal(json.position, others[i]);
    }
}

/* Whoever reads on after a fault is done soon, and gets nothing. */
static void a_fault_ends_every_loop(void **state)
{
    struct json json;
    size_t items = 0;
    (void)state;
    begin(&json, "[[1, 2}, 3], 4]");
    for (json_enter(&json); json_next(&json); items++)
        for (json_enter(&json); json_next(&json); items++)
            json_number(&json);
    assert_int_equal(items, 3);
    assert_int_equal(json_kind(&json), JSON_NONE);
    assert_int_equal(json_string(&json).length, 0);
    assert_int_equal(json_name(&json).length, 0);
    assert_int_equal(json_skip(&json).length, 0);
    assert_false(json_finish(&json));
    assert_string_equal(json.fault.reason, "a comma or a closing bracket is missing");
    assert_int_equal(json.fault.offset, 6);
}

static void a_received_text_may_begin_with_a_mark_and_end_with_zeros(void **state)
{
    static const char text[] = "\xef\xbb\xbf[1]\0\0";
    struct json json;
    (void)state;
    json_begin_received(&json, text, sizeof text - 1, JSON_DEPTH_OF_REPLY);
    assert_slice(json_skip(&json), "[1]");
    assert_true(json_finish(&json));
    json_begin_received(&json, "[1]x", 4, JSON_DEPTH_OF_REPLY);
    json_skip(&json);
    assert_false(json_finish(&json));
    assert_int_equal(json.fault.offset, 3);
}

/* ---- cJSON reads the same ---- */

static void assert_same_value(struct json *json, const cJSON *wanted);

static void assert_same_members(struct json *json, const cJSON *object)
{
    const cJSON *member = object->child;
    for (json_enter(json); json_next(json); member = member->next) {
        const struct json_string name = json_name(json);
        assert_non_null(member);
        assert_true(json_string_is(&name, member->string));
        assert_same_value(json, member);
    }
    assert_null(member);
}

static void assert_same_items(struct json *json, const cJSON *array)
{
    const cJSON *item = array->child;
    for (json_enter(json); json_next(json); item = item->next) {
        assert_non_null(item);
        assert_same_value(json, item);
    }
    assert_null(item);
}

static void assert_same_value(struct json *json, const cJSON *wanted)
{
    switch (json_kind(json)) {
    case JSON_OBJECT:
        assert_true(cJSON_IsObject(wanted));
        assert_same_members(json, wanted);
        break;
    case JSON_ARRAY:
        assert_true(cJSON_IsArray(wanted));
        assert_same_items(json, wanted);
        break;
    case JSON_STRING: {
        const struct json_string string = json_string(json);
        assert_true(cJSON_IsString(wanted) && json_string_is(&string, wanted->valuestring));
        break;
    }
    case JSON_BOOL:
        assert_true(cJSON_IsBool(wanted) && json_boolean(json) == cJSON_IsTrue(wanted));
        break;
    case JSON_NUMBER:
        assert_true(cJSON_IsNumber(wanted) && strtod(json_number(json).start, NULL) == wanted->valuedouble);
        break;
    default:
        assert_int_equal(json_kind(json), JSON_NULL);
        assert_true(cJSON_IsNull(wanted));
        json_skip(json);
    }
}

static void cjson_reads_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct generator generator = {.random = seed};
        struct json json;
        generate(&generator);
        begin(&json, generator.json);
        cJSON *parsed = cJSON_Parse(generator.json);
        assert_non_null(parsed);
        assert_same_value(&json, parsed);
        assert_true(json_finish(&json));
        cJSON_Delete(parsed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_texts_pass_and_cjson_takes_them),
        cmocka_unit_test(a_text_that_passes_has_no_fault),
        cmocka_unit_test(wrong_numbers_are_refused),
        cmocka_unit_test(wrong_strings_are_refused),
        cmocka_unit_test(wrong_arrays_and_objects_are_refused),
        cmocka_unit_test(what_is_no_single_value_is_refused),
        cmocka_unit_test(a_nul_is_a_character_like_any_other_wrong_one),
        cmocka_unit_test(a_number_has_63_characters_at_most),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(a_million_brackets_do_not_hurt),
        cmocka_unit_test(many_containers_beside_each_other_are_not_deep),
        cmocka_unit_test(the_number_of_values_is_limited),
        cmocka_unit_test(what_is_generated_passes_and_cjson_takes_it),
        cmocka_unit_test(what_passes_of_mutated_texts_cjson_takes_too),
        cmocka_unit_test(a_text_is_read_in_its_order),
        cmocka_unit_test(what_is_skipped_is_given_as_it_stands),
        cmocka_unit_test(a_short_integer_is_read_at_once),
        cmocka_unit_test(a_fault_ends_every_loop),
        cmocka_unit_test(a_received_text_may_begin_with_a_mark_and_end_with_zeros),
        cmocka_unit_test(cjson_reads_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
