/* json-c must accept every text that the cursor accepts, and read the same values. The cursor must accept every text
 * that json-c accepts in strict mode, apart from its limits and the differences listed below. */
#include "check.h"
#include "shape.h"

#include "base/json.h"
#include "base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void claim_same(struct json *json, struct json_object *wanted);

static char *unescaped(const struct json_string *string)
{
    char *copy = exact_memory(string->length + 1);
    json_string_copy(string, copy, string->length + 1);
    claim_text(copy);
    return copy;
}

static void claim_same_items(struct json *json, struct json_object *array)
{
    size_t count = 0;
    for (json_enter(json); json_next(json); count++)
        claim_same(json, json_object_array_get_idx(array, count));
    CLAIM(count == json_object_array_length(array));
}

/* json-c may regard two different names as equal. */
static void claim_same_members(struct json *json, struct json_object *object)
{
    int count = 0;
    for (json_enter(json); json_next(json); count++) {
        struct json_object *member = NULL;
        const struct json_string string = json_name(json);
        char *name = unescaped(&string);
        const bool is_found = json_object_object_get_ex(object, name, &member);
        CLAIM(is_found || string.has_escapes); /* json-c may decode it differently: see shape_is_string */
        if (is_found)
            claim_same(json, member);
        else
            json_skip(json);
        free(name);
    }
    CLAIM(count >= json_object_object_length(object));
}

/* Both functions that read an integer must agree. */
static void claim_short_integer(struct json json)
{
    int64_t quick = 0;
    int64_t integer = 0;
    struct json other = json;
    const struct json_slice text = json_number(&other);
    if (!json_try_integer(&json, &quick))
        return;
    CLAIM(number_to_integer(text.start, text.length, &integer) && integer == quick);
    CLAIM(json.position == other.position && json.values == other.values);
}

/* json-c clamps integers to their range. */
static void claim_same_integer(const struct json_slice *text, int64_t wanted)
{
    int64_t integer = 0;
    if (number_to_integer(text->start, text->length, &integer))
        CLAIM(integer == wanted);
    else
        CLAIM(wanted == INT64_MAX || wanted == INT64_MIN);
}

static uint64_t bits_of(double number)
{
    uint64_t bits = 0;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static void claim_same_number(const struct json_slice *text, struct json_object *wanted)
{
    char *copy = exact_string(text->start, text->length);
    const double nearest = strtod(copy, NULL);
    double number = 0;
    CLAIM(number_to_double(text->start, text->length, &number));
    CLAIM(bits_of(number) == bits_of(nearest));
    if (json_object_is_type(wanted, json_type_int))
        claim_same_integer(text, json_object_get_int64(wanted));
    else
        CLAIM(json_object_get_double(wanted) == number);
    free(copy);
}

static void claim_same_string(struct json *json, struct json_object *wanted)
{
    const struct json_string string = json_string(json);
    char *copy = unescaped(&string);
    CLAIM(json_object_is_type(wanted, json_type_string));
    CLAIM(shape_is_string(wanted, copy));
    free(copy);
}

static void claim_same(struct json *json, struct json_object *wanted)
{
    const enum json_kind kind = json_kind(json);
    if (kind == JSON_OBJECT) {
        claim_same_members(json, wanted);
    } else if (kind == JSON_ARRAY) {
        claim_same_items(json, wanted);
    } else if (kind == JSON_STRING) {
        claim_same_string(json, wanted);
    } else if (kind == JSON_NUMBER) {
        claim_short_integer(*json);
        const struct json_slice text = json_number(json);
        claim_same_number(&text, wanted);
    } else if (kind == JSON_BOOL) {
        CLAIM(json_object_is_type(wanted, json_type_boolean) && json_boolean(json) == json_object_get_boolean(wanted));
    } else {
        CLAIM(kind == JSON_NULL && wanted == NULL);
        json_skip(json);
    }
}

static bool accepts(const char *text, size_t length, size_t max_depth)
{
    struct json_fault fault = {.reason = "unset", .offset = length + 1};
    const bool is_right = json_check(text, length, max_depth, &fault);
    CLAIM(is_right == (fault.reason == NULL));
    CLAIM(fault.offset <= length);
    return is_right;
}

/* An array around a value needs exactly one more level than the value. */
static void claim_depth_is_counted(const char *text, size_t length, bool fits_a_value)
{
    char *wrapped = exact_memory(length + 3);
    wrapped[0] = '[';
    memcpy(wrapped + 1, text, length);
    memcpy(wrapped + 1 + length, "]", 2);
    CLAIM(accepts(wrapped, length + 2, JSON_DEPTH_OF_VALUE + 1) == fits_a_value);
    free(wrapped);
}

/* Every part of an array or object ends too early. Tries the first ones and the last one. */
static void claim_parts_end_early(const char *text, size_t length)
{
    enum { PARTS = 64 };
    if ((text[0] != '[' && text[0] != '{') || (text[length - 1] != ']' && text[length - 1] != '}'))
        return;
    for (size_t part = 0; part < length; part = part < PARTS || part == length - 1 ? part + 1 : length - 1) {
        struct json_fault fault;
        char *copy = exact_string(text, part);
        CLAIM(!json_check(copy, part, JSON_DEPTH_OF_REPLY, &fault) && fault.offset == part);
        free(copy);
    }
}

static void claim_read_the_same(const char *text, size_t length)
{
    bool is_right = false;
    struct json json;
    struct reply reply = {.body = {.length = length}};
    memcpy(&reply.body.data, &text, sizeof text); /* the decoder does not write to the text here */
    struct json_object *document = shape_parse(&reply, &is_right);
    CLAIM(is_right);
    if (document != NULL) {
        json_begin(&json, text, length, JSON_DEPTH_OF_REPLY);
        claim_same(&json, document);
        CLAIM(json_finish(&json));
    }
    json_object_put(document);
}

/* Texts that json-c accepts in strict mode and the library does not: beyond the limits, and with NUL or unpaired
 * surrogates in strings. json-c 0.16 also accepts invalid JSON: leading zeros, control characters in strings, other
 * spellings of literals, NaN and Infinity, overlong UTF-8, single quotes, other white space, and text after a NUL. */
static bool is_known_difference(const char *reason, const char *text, size_t length)
{
    static const char *const reasons[] = {"it is nested too deeply",
                                          "a number has more than 63 characters",
                                          "a string holds the character NUL",
                                          "a string has an unpaired surrogate",
                                          "a string contains an unescaped control character",
                                          "a number begins with 0",
                                          "a number lacks a digit",
                                          "a value is missing",
                                          "it is not valid UTF-8"};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reason, reasons[i]) == 0)
            return true;
    if (strcmp(reason, "it ends too early") == 0 && strchr(".eE+-", text[length - 1]) != NULL)
        return true; /* a number that lacks its last digit */
    return strcspn(text, "\v\f'") < length || strlen(text) < length;
}

static void claim_refused_rightly(const char *text, size_t length)
{
    struct json_fault fault;
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_OF_REPLY + 8);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *document = json_tokener_parse_ex(tokener, text, (int)length + 1);
    if (json_tokener_get_error(tokener) == json_tokener_success &&
        !json_check(text, length, JSON_DEPTH_OF_REPLY, &fault))
        CLAIM(is_known_difference(fault.reason, text, length));
    json_object_put(document);
    json_tokener_free(tokener);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = exact_string(data, size);
    const bool fits_a_value = accepts(text, size, JSON_DEPTH_OF_VALUE);
    const bool fits_a_reply = accepts(text, size, JSON_DEPTH_OF_REPLY);

    CLAIM(fits_a_reply || !fits_a_value);
    if (fits_a_reply) {
        claim_read_the_same(text, size);
        claim_depth_is_counted(text, size, fits_a_value);
        claim_parts_end_early(text, size);
    } else {
        claim_refused_rightly(text, size);
    }
    free(text);
    return 0;
}
