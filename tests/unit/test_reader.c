#include "codec/reader.h"

#include "test.h"

#include <string.h>

/* A reader over a text, with what it reads into. */
struct desk {
    struct reply reply;
    struct arena *arena;
    struct reader reader;
    dm_error error;
    struct place root;
};

static void sit_down(struct desk *at, const char *json)
{
    memset(&at->error, 0, sizeof at->error);
    at->reply = (struct reply){.subject = "GET x"};
    text_init(&at->reply.body, TEXT_NO_LIMIT);
    text_append_string(&at->reply.body, json);
    at->arena = arena_new(1);
    reader_open(&at->reader, &at->reply, at->arena, &at->error);
    at->root = read_root(&at->reader);
}

static void stand_up(struct desk *at)
{
    reader_close(&at->reader);
    arena_free(at->arena);
    text_free(&at->reply.body);
}

static void expect_failure(struct desk *at, const char *words)
{
    assert_int_equal(at->reader.status, DM_ERR_BAD_RESPONSE);
    assert_string_equal(at->error.message, words);
    stand_up(at);
}

static void members_are_read_by_their_types(void **state)
{
    struct desk at;
    (void)state;
    sit_down(&at, "{\"i\":-9007199254740991,\"n\":0.25,\"s\":\"a\\u00e9\",\"b\":true,\"t\":7,\"none\":null}");
    assert_true(read_integer(&at.reader, &at.root, "i") == INT64_C(-9007199254740991));
    assert_true(read_number(&at.reader, &at.root, "n") == 0.25);
    assert_string_equal(read_string(&at.reader, &at.root, "s"), "a\xc3\xa9");
    assert_true(read_optional_bool(&at.reader, &at.root, "b"));
    assert_string_equal(read_task_id(&at.reader, &at.root, "t").text, "7");
    assert_null(read_optional_string(&at.reader, &at.root, "none"));
    assert_null(read_optional_integer(&at.reader, &at.root, "absent"));
    assert_false(read_optional_bool(&at.reader, &at.root, "absent"));
    assert_int_equal(at.reader.status, DM_OK);
    stand_up(&at);
}

static void a_values_text_is_exactly_what_came(void **state)
{
    struct desk at;
    (void)state;
    sit_down(&at, "{\"x\": {\"n\" : 9223372036854775807, \"d\":0.30000000000000004} }");
    const struct place member = place_member(&at.root, "x", true);
    assert_string_equal(read_text(&at.reader, &member), "{\"n\" : 9223372036854775807, \"d\":0.30000000000000004}");
    stand_up(&at);
}

static void read_word(struct reader *reader, const struct place *at, void *to)
{
    const char **word = to;
    *word = read_string_here(reader, at);
}

static void arrays_are_read_item_by_item(void **state)
{
    struct desk at;
    size_t count = 9;
    (void)state;
    sit_down(&at, "{\"words\":[\"one\",\"two\"],\"empty\":[]}");
    const struct place words = place_member(&at.root, "words", false);
    const struct place empty = place_member(&at.root, "empty", false);
    const char *const *read = read_array(&at.reader, &words, sizeof *read, read_word, &count);
    assert_int_equal(count, 2);
    assert_string_equal(read[0], "one");
    assert_string_equal(read[1], "two");
    assert_null(read_array(&at.reader, &empty, sizeof *read, read_word, &count));
    assert_int_equal(count, 0);
    stand_up(&at);
}

static void the_first_failure_sticks_and_names_its_path(void **state)
{
    struct desk at;
    size_t count = 0;
    (void)state;
    sit_down(&at, "{\"words\":[\"one\",2],\"n\":\"no\"}");
    const struct place words = place_member(&at.root, "words", false);
    read_array(&at.reader, &words, sizeof(const char *), read_word, &count);
    assert_true(read_integer(&at.reader, &at.root, "n") == 0);
    expect_failure(&at, "GET x: in the reply, words[1] is a number, not a string");
}

static void what_is_no_json_is_said_to_be_none(void **state)
{
    struct desk at;
    (void)state;
    sit_down(&at, "{\"a\":01}");
    expect_failure(&at, "GET x: the reply is not right JSON: at byte 6, a number begins with 0");
    sit_down(&at, "");
    expect_failure(&at, "GET x: the reply is empty");
    sit_down(&at, "[]");
    expect_failure(&at, "GET x: in the reply, the outermost value is an array, not an object");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_read_by_their_types),
        cmocka_unit_test(a_values_text_is_exactly_what_came),
        cmocka_unit_test(arrays_are_read_item_by_item),
        cmocka_unit_test(the_first_failure_sticks_and_names_its_path),
        cmocka_unit_test(what_is_no_json_is_said_to_be_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
