/* Decoding pages of tasks. */
#include "decode_test.h"

static void the_tasks_that_have_a_slot_are_decoded_into_it(void **state)
{
    static const char json[] = "{\"count\":4,\"next\":\"http://h/tasks?offset=4\",\"previous\":null,\"results\":["
                               "{\"id\":\"2\",\"status\":\"error\",\"error\":\"bad\",\"date_created\":\"d2\"},"
                               "{\"id\":\"99\",\"status\":\"success\",\"data\":{\"outputs\":[]}},"
                               "{\"id\":1,\"status\":\"success\",\"date_updated\":\"u1\",\"data\":" SUNGLASSES_DATA "},"
                               "{\"id\":\"3\",\"status\":\"pending\",\"data\":null}]}";
    struct slots slots = {.wanted = {"1", "2", "3", "4"}};
    dm_error error;
    struct text next;
    (void)state;
    struct arena *arena = arena_new(1);
    struct reply reply = reply_of(json);
    text_init(&next, TEXT_NO_LIMIT);
    text_append_string(&next, "the page before");
    assert_status(decode_tasks(&reply, arena, &slots, &next, &error), DM_OK, &error);
    free_reply(&reply);
    assert_int_equal(slots.asked, 4);
    assert_string_equal(next.data, "http://h/tasks?offset=4");
    assert_string_equal(slots.tasks[0].id.text, "1");
    assert_int_equal(slots.tasks[0].status, DM_TASK_SUCCESS);
    assert_string_equal(slots.tasks[0].date_updated, "u1");
    assert_string_equal(slots.tasks[0].data, SUNGLASSES_DATA);
    assert_sunglasses(slots.tasks[0].inference);
    assert_int_equal(slots.tasks[1].status, DM_TASK_ERROR);
    assert_string_equal(slots.tasks[1].error, "bad");
    assert_string_equal(slots.tasks[1].date_created, "d2");
    assert_int_equal(slots.tasks[2].status, DM_TASK_PENDING);
    assert_int_equal(slots.told[2], DM_TASK_PENDING);
    assert_string_equal(slots.tasks[3].id.text, "");
    text_free(&next);
    arena_free(arena);
}

static void the_last_page_of_tasks_has_no_next_one(void **state)
{
    static const char *const pages[] = {"{\"results\":[]}", "{\"results\":[],\"next\":null}",
                                        "{\"next\":\"\",\"results\":[]}"};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct slots slots = {.asked = 0};
        struct text next;
        struct arena *arena = arena_new(1);
        struct reply reply = reply_of(pages[i]);
        text_init(&next, TEXT_NO_LIMIT);
        text_append_string(&next, "the page before");
        assert_status(decode_tasks(&reply, arena, &slots, &next, NULL), DM_OK, NULL);
        assert_int_equal(next.length, 0);
        assert_int_equal(slots.asked, 0);
        free_reply(&reply);
        text_free(&next);
        arena_free(arena);
    }
}

/* Decodes a page, and stores its tasks in the slots. */
static struct arena *decode_page_of_tasks(const char *json, struct slots *slots, char *link, size_t link_size)
{
    dm_error error;
    struct text next;
    struct arena *arena = arena_new(1);
    struct reply reply = reply_of(json);
    text_init(&next, TEXT_NO_LIMIT);
    assert_status(decode_tasks(&reply, arena, slots, &next, &error), DM_OK, &error);
    snprintf(link, link_size, "%s", next.data);
    text_free(&next);
    free_reply(&reply);
    return arena;
}

static void assert_unreadable(const dm_task *task, const char *id, const char *why, const char *data)
{
    assert_string_equal(task->id.text, id);
    assert_int_equal(task->status, DM_TASK_UNREADABLE);
    assert_string_equal(task->error, why);
    assert_null(task->inference);
    assert_null(task->date_created);
    if (data == NULL)
        assert_null(task->data);
    else
        assert_string_equal(task->data, data);
}

static void a_task_that_cannot_be_read_fails_alone(void **state)
{
    static const char json[] =
        "{\"results\":[{\"id\":1,\"status\":\"canceled\",\"data\":[ 1.50 ],\"date_created\":\"d\"},"
        "{\"id\":\"2\",\"status\":\"success\",\"data\":{\"outputs\":[{\"labels\":{\"predicted\":[{\"label_id\":1,"
        "\"label_name\":\"a\",\"score\":1e400,\"threshold\":0}]}}]}},"
        "{\"status\":\"pending\",\"id\":3,\"date_updated\":5},"
        "{\"id\":4,\"status\":\"success\",\"data\":" SUNGLASSES_DATA "}],\"next\":\"http://h/2\"}";
    struct slots slots = {.wanted = {"1", "2", "3", "4"}};
    char next[32];
    (void)state;
    struct arena *arena = decode_page_of_tasks(json, &slots, next, sizeof next);
    assert_string_equal(next, "http://h/2");
    assert_int_equal(slots.told[0], DM_TASK_UNREADABLE);
    assert_int_equal(slots.told[1], DM_TASK_SUCCESS);
    assert_unreadable(&slots.tasks[0], "1",
                      "in the reply, results[0].status is not \"pending\", \"success\" or \"error\"", "[ 1.50 ]");
    assert_unreadable(&slots.tasks[1], "2",
                      "in the reply, results[1].data.outputs[0].labels.predicted[0].score is too large a number",
                      "{\"outputs\":[{\"labels\":{\"predicted\":[{\"label_id\":1,"
                      "\"label_name\":\"a\",\"score\":1e400,\"threshold\":0}]}}]}");
    assert_unreadable(&slots.tasks[2], "3", "in the reply, results[2].date_updated is a number, not a string", NULL);
    assert_int_equal(slots.tasks[3].status, DM_TASK_SUCCESS);
    assert_sunglasses(slots.tasks[3].inference);
    arena_free(arena);
}

static void a_task_without_a_status_is_unreadable(void **state)
{
    struct slots slots = {.wanted = {"1", "2"}};
    char next[32];
    (void)state;
    struct arena *arena =
        decode_page_of_tasks("{\"results\":[{\"id\":1},{\"id\":2,\"status\":null}]}", &slots, next, sizeof next);
    assert_unreadable(&slots.tasks[0], "1",
                      "in the reply, results[0].status is not \"pending\", \"success\" or \"error\"", NULL);
    assert_unreadable(&slots.tasks[1], "2",
                      "in the reply, results[1].status is not \"pending\", \"success\" or \"error\"", NULL);
    arena_free(arena);
}

/* It cannot be assigned to an id, but the other tasks can still be used. */
static void a_task_without_an_id_does_not_affect_the_others(void **state)
{
    struct slots slots = {.wanted = {"1", "2"}};
    char next[32];
    (void)state;
    struct arena *arena = decode_page_of_tasks(
        "{\"results\":[5,{\"status\":\"success\"},{\"id\":1,\"status\":\"success\"},{\"id\":\"a b\"},"
        "{\"id\":2,\"status\":\"success\"}],\"next\":\"http://h/2\"}",
        &slots, next, sizeof next);
    assert_string_equal(next, "http://h/2");
    assert_int_equal(slots.nameless, 3);
    assert_int_equal(slots.tasks[0].status, DM_TASK_SUCCESS);
    assert_int_equal(slots.tasks[1].status, DM_TASK_SUCCESS);
    arena_free(arena);
}

static void a_wrong_field_of_a_page_of_tasks_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{}", "results is missing or null, not an array"},
        {"{\"results\":[5]}", "results[0] is a number, not an object"},
        {"{\"results\":[{\"status\":\"pending\"},{\"id\":true}]}", "results[0].id is missing or null, not a task's id"},
        {"{\"results\":[{\"status\":null}]}", "results[0].id is missing or null, not a task's id"},
        {"{\"results\":[],\"next\":5}", "next is a number, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task_page, fields);
}

/* If this counted as an empty page, all requested tasks would count as missing. */
static void results_that_are_not_an_array_are_not_an_empty_page(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"results\":{}}", "results is an object, not an array"},
        {"{\"results\":{\"a\":{\"id\":1,\"status\":\"pending\"}}}", "results is an object, not an array"},
        {"{\"results\":\"none\"}", "results is a string, not an array"},
        {"{\"results\":0}", "results is a number, not an array"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task_page, fields);
}

static void a_task_that_is_not_awaited_is_not_decoded(void **state)
{
    dm_error error;
    (void)state;
    struct reply reply =
        reply_of("{\"results\":[{\"id\":77,\"status\":\"success\",\"data\":{\"outputs\":[5]},\"date_created\":5}]}");
    assert_status(try_task_page(&reply, &error), DM_OK, &error);
    free_reply(&reply);
}

static void a_page_whose_link_cannot_be_stored_is_out_of_memory(void **state)
{
    struct slots slots = {.asked = 0};
    dm_error error;
    struct text next;
    (void)state;
    struct reply reply = reply_of("{\"results\":[]}");
    text_init(&next, TEXT_NO_LIMIT);
    assert_status(decode_tasks(&reply, NULL, &slots, &next, &error), DM_ERR_NO_MEMORY, &error);
    text_free(&next);
    free_reply(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tasks_that_have_a_slot_are_decoded_into_it),
        cmocka_unit_test(the_last_page_of_tasks_has_no_next_one),
        cmocka_unit_test(a_task_that_cannot_be_read_fails_alone),
        cmocka_unit_test(a_task_without_a_status_is_unreadable),
        cmocka_unit_test(a_task_without_an_id_does_not_affect_the_others),
        cmocka_unit_test(a_wrong_field_of_a_page_of_tasks_is_named),
        cmocka_unit_test(results_that_are_not_an_array_are_not_an_empty_page),
        cmocka_unit_test(a_task_that_is_not_awaited_is_not_decoded),
        cmocka_unit_test(a_page_whose_link_cannot_be_stored_is_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
