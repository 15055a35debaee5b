/* Reading JSON texts step by step. */
#include "base/json.h"
#include "json_test.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

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

static void skipped_json_is_returned_byte_for_byte(void **state)
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

/* After a fault, every further read fails, so that loops end. */
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
    json_begin_received(&json, text, sizeof text - 1);
    assert_slice(json_skip(&json), "[1]");
    assert_true(json_finish(&json));
    json_begin_received(&json, "[1]x", 4);
    json_skip(&json);
    assert_false(json_finish(&json));
    assert_int_equal(json.fault.offset, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_read_in_its_order),
        cmocka_unit_test(skipped_json_is_returned_byte_for_byte),
        cmocka_unit_test(a_short_integer_is_read_at_once),
        cmocka_unit_test(a_fault_ends_every_loop),
        cmocka_unit_test(a_received_text_may_begin_with_a_mark_and_end_with_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
