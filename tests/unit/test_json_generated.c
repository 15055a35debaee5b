/* Generated JSON texts, some of them damaged. cJSON must accept every text that the library accepts. */
#include "base/json.h"
#include "base/random.h"
#include "json_test.h"

#include "test.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

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

/* Includes the names that are looked up, with and without escapes. */
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
        fail_msg("accepted, but not by cJSON: %.*s", (int)length, json);
    cJSON_Delete(parsed);
}

static void generated_texts_pass_and_are_accepted_by_cjson(void **state)
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

static void mutated_texts_that_pass_are_accepted_by_cjson_too(void **state)
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
        cmocka_unit_test(generated_texts_pass_and_are_accepted_by_cjson),
        cmocka_unit_test(mutated_texts_that_pass_are_accepted_by_cjson_too),
        cmocka_unit_test(cjson_reads_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
