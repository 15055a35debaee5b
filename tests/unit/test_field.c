#include "codec/decode.h"
#include "codec/field.h"

#include "array.h"
#include "assert_status.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* A struct with one member of each kind, and its table of fields. */
struct part {
    int64_t number;
    const char *name;
};

struct thing {
    int64_t whole;
    double real;
    const char *word;
    bool flag;
    const int64_t *maybe;
    const char *object;
    struct part part;
    const struct part *far_part;
    const struct part *parts;
    size_t part_count;
};

static const struct field part_fields[] = {{REQUIRED_INTEGER(struct part, number)},
                                           {OPTIONAL_STRING(struct part, name)}};
static const struct shape part_shape = {SHAPE(struct part, part_fields)};
static const struct field thing_fields[] = {
    {REQUIRED_INTEGER(struct thing, whole)},
    {REQUIRED_NUMBER(struct thing, real)},
    {REQUIRED_STRING(struct thing, word)},
    {OPTIONAL_BOOL(struct thing, flag)},
    {OPTIONAL_INTEGER(struct thing, maybe)},
    {OPTIONAL_OBJECT_TEXT(struct thing, object)},
    {OPTIONAL_STRUCT(struct thing, part, struct part, &part_shape)},
    {OPTIONAL_NEW_STRUCT(struct thing, far_part, struct part, &part_shape)},
    {OPTIONAL_ITEMS(struct thing, parts, part_count, struct part, &part_shape)},
};
static const struct shape thing_shape = {SHAPE(struct thing, thing_fields)};

/* Returns NULL if the text is rejected. The result outlives the text. */
static struct thing *read_thing(const char *json, dm_error *error)
{
    struct failure failure;
    struct reply reply = {.subject = "GET x"};
    failure_init(&failure, error);
    text_init(&reply.body, TEXT_NO_LIMIT);
    text_append_string(&reply.body, json);
    struct thing *thing = decode(&reply, &thing_shape, &failure);
    text_free(&reply.body);
    return thing;
}

static struct thing *good_thing(const char *json)
{
    dm_error error;
    struct thing *thing = read_thing(json, &error);
    if (thing == NULL)
        fail_msg("%s\n%s", json, error.message);
    return thing;
}

static void assert_bad(const char *json, const char *message)
{
    dm_error error;
    assert_null(read_thing(json, &error));
    assert_string_equal(error.message, message);
}

#define NEEDED "\"whole\":1,\"real\":2.5,\"word\":\"w\""

static void each_kind_is_stored_in_its_member(void **state)
{
    (void)state;
    struct thing *thing =
        good_thing("{\"parts\":[{\"number\":1},{\"name\":\"b\",\"number\":2}],\"flag\":true,"
                   "\"part\":{\"number\":7,\"name\":\"n\"},\"far_part\":{\"number\":8},"
                   "\"object\": { \"a\" : 1 } ,\"maybe\":-3,\"word\":\"w\\u00e9\",\"real\":2.5,\"whole\":1}");
    assert_true(thing->whole == 1 && thing->real == 2.5 && thing->flag && *thing->maybe == -3);
    assert_string_equal(thing->word, "w\xc3\xa9");
    assert_string_equal(thing->object, "{ \"a\" : 1 }");
    assert_true(thing->part.number == 7 && thing->far_part->number == 8 && thing->far_part->name == NULL);
    assert_int_equal(thing->part_count, 2);
    assert_null(thing->parts[0].name);
    assert_string_equal(thing->parts[1].name, "b");
    arena_free_root(thing);
}

static void null_is_the_same_as_absent(void **state)
{
    static const char *const texts[] = {
        "{" NEEDED "}",
        "{" NEEDED ",\"flag\":null,\"maybe\":null,\"object\":null,\"part\":null,\"far_part\":null,\"parts\":null}",
        "{\"part\":null,\"part\":{\"number\":1}," NEEDED ",\"parts\":[]}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct thing *thing = good_thing(texts[i]);
        assert_true(!thing->flag && thing->maybe == NULL && thing->object == NULL && thing->far_part == NULL);
        assert_true(thing->part.number == 0 && thing->parts == NULL && thing->part_count == 0);
        arena_free_root(thing);
    }
}

static void the_first_of_duplicate_names_is_used_with_and_without_escapes(void **state)
{
    (void)state;
    struct thing *thing = good_thing("{\"wh\\u006fle\":5,\"whole\":\"no integer\"," NEEDED ",\"word\":null}");
    assert_true(thing->whole == 5);
    assert_string_equal(thing->word, "w");
    arena_free_root(thing);
}

/* The names share a long prefix. */
static void a_name_is_compared_completely(void **state)
{
    char json[1024];
    (void)state;
    snprintf(json, sizeof json, "{\"whole%0500d\":[],\"whol\":{},\"whole\\u0020\":[],\"\\u0077%0300d\":1," NEEDED "}",
             0, 0);
    arena_free_root(good_thing(json));
}

static void a_wrong_field_is_named_with_its_path(void **state)
{
    (void)state;
    assert_bad("{\"real\":2.5,\"word\":\"w\"}", "GET x: in the reply, whole is missing or null, not an integer");
    assert_bad("{" NEEDED ",\"part\":{}}", "GET x: in the reply, part.number is missing or null, not an integer");
    assert_bad("{" NEEDED ",\"far_part\":[1]}", "GET x: in the reply, far_part is an array, not an object");
    assert_bad("{" NEEDED ",\"parts\":[{\"number\":1},{\"number\":2,\"name\":3}]}",
               "GET x: in the reply, parts[1].name is a number, not a string");
    assert_bad("{" NEEDED ",\"parts\":[{\"number\":1},null]}",
               "GET x: in the reply, parts[1] is missing or null, not an object");
    assert_bad("[]", "GET x: in the reply, the outermost value is an array, not an object");
}

/* Invalid JSON is the cause of the wrong value. */
static void invalid_json_is_reported_before_a_wrong_field(void **state)
{
    (void)state;
    assert_bad("{\"whole\":\"x\",\"real\":01}",
               "GET x: the reply is not valid JSON: at byte 21, a number begins with 0");
    assert_bad("{\"whole\":1,\"real\":2.5,\"word\":\"w\"",
               "GET x: the reply is not valid JSON: at byte 32, it ends too early");
    assert_bad("", "GET x: the reply is empty");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_stored_in_its_member),
        cmocka_unit_test(null_is_the_same_as_absent),
        cmocka_unit_test(the_first_of_duplicate_names_is_used_with_and_without_escapes),
        cmocka_unit_test(a_name_is_compared_completely),
        cmocka_unit_test(a_wrong_field_is_named_with_its_path),
        cmocka_unit_test(invalid_json_is_reported_before_a_wrong_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
