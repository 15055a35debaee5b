/* Pages whose items are read one by one. */
#include "codec/decode.h"
#include "codec/page.h"

#include "array.h"
#include "assert_status.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* A page, and the failure of its call. */
struct fixture {
    struct page page;
    struct failure failure;
    dm_error error;
};

static bool begin(struct fixture *fixture, const char *json)
{
    char subject[] = "GET x";
    struct reply reply = {.subject = subject};
    failure_init(&fixture->failure, &fixture->error);
    text_init(&reply.body, TEXT_NO_LIMIT);
    text_append_string(&reply.body, json);
    const bool is_open = page_open(&fixture->page, &reply, &fixture->failure);
    assert_int_equal(reply.body.data == NULL, is_open); /* the caller now owns it */
    text_free(&reply.body);
    memset(subject, '#', sizeof subject - 1);
    return is_open;
}

static void assert_item(struct fixture *fixture, int64_t id, const char *name)
{
    void *item = NULL;
    failure_init(&fixture->failure, &fixture->error);
    assert_true(page_next(&fixture->page, &spec_shape, &item, &fixture->failure));
    dm_spec *spec = item;
    assert_non_null(spec);
    assert_true(spec->id.private_id == id);
    assert_string_equal(spec->name, name);
    arena_free_root(spec);
}

static void assert_bad_item(struct fixture *fixture, const char *message)
{
    void *item = &item;
    failure_init(&fixture->failure, &fixture->error);
    assert_false(page_next(&fixture->page, &spec_shape, &item, &fixture->failure));
    assert_null(item);
    assert_status(fixture->failure.status, DM_ERR_BAD_RESPONSE, &fixture->error);
    assert_string_equal(fixture->error.message, message);
}

static void assert_end(struct fixture *fixture)
{
    for (int i = 0; i < 2; i++) {
        void *item = &item;
        failure_init(&fixture->failure, &fixture->error);
        assert_true(page_next(&fixture->page, &spec_shape, &item, &fixture->failure));
        assert_null(item);
    }
    page_close(&fixture->page);
}

static void the_items_are_returned_one_by_one(void **state)
{
    struct fixture fixture;
    (void)state;
    assert_true(begin(&fixture, "{\"count\":9,\"results\":[{\"id\":1,\"name\":\"a\"} , {\"name\":\"b\",\"id\":2}],"
                                "\"next\":\"http://h/?offset=2\"}"));
    assert_string_equal(fixture.page.next, "http://h/?offset=2");
    assert_item(&fixture, 1, "a");
    assert_item(&fixture, 2, "b");
    assert_end(&fixture);
}

static void one_invalid_item_does_not_affect_the_others(void **state)
{
    struct fixture fixture;
    (void)state;
    assert_true(begin(&fixture, "{\"results\":[{\"id\":1,\"name\":[{}]},{\"id\":2,\"name\":\"b\"},5,{\"name\":\"c\"},"
                                "{\"id\":4,\"name\":\"d\",\"outputs\":[{},{\"labels\":{\"labels\":[{\"id\":1,\"name\":"
                                "\"l\"},{\"id\":true}]}}]},{\"id\":5,\"name\":\"e\"},null]}"));
    assert_null(fixture.page.next);
    assert_bad_item(&fixture, "GET x: in the reply, results[0].name is an array, not a string");
    assert_item(&fixture, 2, "b");
    assert_bad_item(&fixture, "GET x: in the reply, results[2] is a number, not an object");
    assert_bad_item(&fixture, "GET x: in the reply, results[3].id is missing or null, not an integer");
    assert_bad_item(&fixture,
                    "GET x: in the reply, results[4].outputs[1].labels.labels[1].id is true or false, not an integer");
    assert_item(&fixture, 5, "e");
    assert_bad_item(&fixture, "GET x: in the reply, results[6] is missing or null, not an object");
    assert_end(&fixture);
}

static void an_empty_link_counts_as_no_link(void **state)
{
    static const char *const texts[] = {"{\"results\":[]}", "{\"results\":[],\"next\":null}",
                                        "{\"next\":\"\",\"results\":[]}"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct fixture fixture;
        assert_true(begin(&fixture, texts[i]));
        assert_null(fixture.page.next);
        assert_end(&fixture);
    }
}

static void a_reply_that_is_not_a_page_is_refused_as_a_whole(void **state)
{
    static const struct {
        const char *json;
        const char *message;
    } bad[] = {
        {"", "GET x: the reply is empty"},
        {"{\"results\":[{\"id\":1,\"name\":\"a\"},{]}",
         "GET x: the reply is not valid JSON: at byte 33, a member's name is missing"},
        {"{\"results\":{}}", "GET x: in the reply, results is an object, not an array"},
        {"{}", "GET x: in the reply, results is missing or null, not an array"},
        {"{\"results\":[],\"next\":5}", "GET x: in the reply, next is a number, not a string"},
        {"[]", "GET x: in the reply, the outermost value is an array, not an object"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct fixture fixture;
        assert_false(begin(&fixture, bad[i].json));
        assert_string_equal(fixture.error.message, bad[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_items_are_returned_one_by_one),
        cmocka_unit_test(one_invalid_item_does_not_affect_the_others),
        cmocka_unit_test(an_empty_link_counts_as_no_link),
        cmocka_unit_test(a_reply_that_is_not_a_page_is_refused_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
