/* Every public call rejects text that is not UTF-8, and NULL pointers. */
#include "array.h"
#include "assert_status.h"
#include "refusal.h"
#include "test.h"

#include <string.h>

/* ---- Calls with one invalid argument each: text that is not UTF-8, or a NULL pointer ---- */

typedef dm_status wrong_call(dm_client *client, dm_error *error);

struct wrong {
    const char *what;
    wrong_call *call;
};

/* Declares a call with an invalid argument. Its result pointer must be NULL afterwards. */
#define WRONG(name, result_type, ...)                                                                                  \
    static dm_status name(dm_client *client, dm_error *error)                                                          \
    {                                                                                                                  \
        result_type *result = (result_type *)(void *)&api;                                                             \
        const dm_status status = __VA_ARGS__;                                                                          \
        (void)client;                                                                                                  \
        assert_null(result);                                                                                           \
        return status;                                                                                                 \
    }

/* The same for a call without a result pointer. */
#define WRONG_BARE(name, ...)                                                                                          \
    static dm_status name(dm_client *client, dm_error *error)                                                          \
    {                                                                                                                  \
        (void)client;                                                                                                  \
        return __VA_ARGS__;                                                                                            \
    }

static const dm_label good_label = {.id = 1, .name = "a"};
static const dm_output good_output = {.labels = {.labels = &good_label, .label_count = 1}};
static const dm_label bad_label = {.id = 1, .name = not_utf8};
static const dm_output bad_output = {.labels = {.labels = &bad_label, .label_count = 1}};
static const dm_label nameless_label = {.id = 1, .name = NULL};
static const dm_output nameless_output = {.labels = {.labels = &nameless_label, .label_count = 1}};
static const dm_output empty_output = {.labels = {.labels = NULL, .label_count = 1}};
static const dm_spec_create_options bad_description = {.description = not_utf8};
static const dm_spec_create_options bad_metadata = {.metadata = "{\"a\":\"\xe9\"}"};
static const dm_spec_changes changed_name = {.name = not_utf8};
static const dm_spec_changes changed_description = {.description = not_utf8};
static const dm_spec_changes changed_metadata = {.metadata = "{\"\xe9\":1}"};
static const dm_input good_input = {.source = DM_SOURCE_URL, .data = "http://127.0.0.1/a.jpg"};
static const dm_task_id good_task = {"1"};
static const dm_spec_page good_spec_page = {.next = "/v0.7/recognition/specs?offset=1"};
static const dm_version_page good_version_page = {.next = "/v0.7/recognition/versions?offset=1"};

WRONG(create_bad_name, dm_spec, dm_spec_create(client, not_utf8, &good_output, 1, NULL, NULL, &result, error))
WRONG(create_bad_label, dm_spec, dm_spec_create(client, "n", &bad_output, 1, NULL, NULL, &result, error))
WRONG(create_bad_description, dm_spec,
      dm_spec_create(client, "n", &good_output, 1, &bad_description, NULL, &result, error))
WRONG(create_bad_metadata, dm_spec, dm_spec_create(client, "n", &good_output, 1, &bad_metadata, NULL, &result, error))
WRONG(update_bad_name, dm_spec, dm_spec_update(client, dm_private_spec(1), &changed_name, NULL, &result, error))
WRONG(update_bad_description, dm_spec,
      dm_spec_update(client, dm_private_spec(1), &changed_description, NULL, &result, error))
WRONG(update_bad_metadata, dm_spec, dm_spec_update(client, dm_private_spec(1), &changed_metadata, NULL, &result, error))
WRONG(version_bad_json, dm_version,
      dm_version_create(client, dm_private_spec(1), 1, "[\"\xe9\"]", NULL, &result, error))

static const struct wrong not_utf8_calls[] = {
    {"name", create_bad_name},
    {"outputs[0].labels.labels[0].name", create_bad_label},
    {"options.description", create_bad_description},
    {"options.metadata", create_bad_metadata},
    {"changes.name", update_bad_name},
    {"changes.description", update_bad_description},
    {"changes.metadata", update_bad_metadata},
    {"post_processings", version_bad_json},
};

static void text_that_is_not_utf8_is_refused_in_every_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(not_utf8_calls); i++) {
        dm_error error;
        const dm_status status = not_utf8_calls[i].call(api.client, &error);

        refusal_check(not_utf8_calls[i].what, status, DM_ERR_INVALID_ARGUMENT, &error, not_utf8_calls[i].what, "UTF-8");
    }
}

WRONG_BARE(cancel_no_result, dm_cancel_new(NULL, error))
WRONG_BARE(client_no_result, dm_client_new(NULL, NULL, error))
WRONG(create_no_client, dm_spec, dm_spec_create(NULL, "n", &good_output, 1, NULL, NULL, &result, error))
WRONG(create_no_name, dm_spec, dm_spec_create(client, NULL, &good_output, 1, NULL, NULL, &result, error))
WRONG(create_no_outputs, dm_spec, dm_spec_create(client, "n", NULL, 1, NULL, NULL, &result, error))
WRONG(create_no_labels, dm_spec, dm_spec_create(client, "n", &empty_output, 1, NULL, NULL, &result, error))
WRONG(create_no_label_name, dm_spec, dm_spec_create(client, "n", &nameless_output, 1, NULL, NULL, &result, error))
WRONG_BARE(create_no_result, dm_spec_create(client, "n", &good_output, 1, NULL, NULL, NULL, error))
WRONG(retrieve_no_client, dm_spec, dm_spec_retrieve(NULL, dm_private_spec(1), NULL, &result, error))
WRONG_BARE(retrieve_no_result, dm_spec_retrieve(client, dm_private_spec(1), NULL, NULL, error))
WRONG(update_no_client, dm_spec, dm_spec_update(NULL, dm_private_spec(1), &changed_name, NULL, &result, error))
WRONG(update_no_changes, dm_spec, dm_spec_update(client, dm_private_spec(1), NULL, NULL, &result, error))
WRONG_BARE(update_no_result,
           dm_spec_update(client, dm_private_spec(1), &(dm_spec_changes){.name = "n"}, NULL, NULL, error))
WRONG_BARE(delete_no_client, dm_spec_delete(NULL, dm_private_spec(1), NULL, error))
WRONG(list_no_client, dm_spec_page, dm_spec_list(NULL, DM_VISIBILITY_PRIVATE, NULL, NULL, &result, error))
WRONG_BARE(list_no_result, dm_spec_list(client, DM_VISIBILITY_PRIVATE, NULL, NULL, NULL, error))
WRONG(next_no_client, dm_spec_page, dm_spec_page_next(NULL, &good_spec_page, NULL, &result, error))
WRONG(next_no_page, dm_spec_page, dm_spec_page_next(client, NULL, NULL, &result, error))
WRONG_BARE(next_no_result, dm_spec_page_next(client, &good_spec_page, NULL, NULL, error))
WRONG(iter_no_client, dm_spec_iter, dm_spec_iter_new(NULL, DM_VISIBILITY_PRIVATE, NULL, &result, error))
WRONG_BARE(iter_no_result, dm_spec_iter_new(client, DM_VISIBILITY_PRIVATE, NULL, NULL, error))
WRONG(iter_next_no_iter, const dm_spec, dm_spec_iter_next(NULL, NULL, &result, error))
WRONG(infer_no_client, dm_inference,
      dm_spec_infer(NULL, dm_private_spec(1), &good_input, 1, NULL, NULL, &result, error))
WRONG(infer_no_inputs, dm_inference, dm_spec_infer(client, dm_private_spec(1), NULL, 1, NULL, NULL, &result, error))
WRONG_BARE(infer_no_result, dm_spec_infer(client, dm_private_spec(1), &good_input, 1, NULL, NULL, NULL, error))
WRONG_BARE(submit_no_client,
           dm_spec_submit(NULL, dm_private_spec(1), &good_input, 1, NULL, NULL, &(dm_task_id){""}, error))
WRONG_BARE(submit_no_result, dm_spec_submit(client, dm_private_spec(1), &good_input, 1, NULL, NULL, NULL, error))
WRONG_BARE(parse_no_text, dm_task_id_parse(NULL, &(dm_task_id){""}, error))
WRONG_BARE(parse_no_result, dm_task_id_parse("1", NULL, error))
WRONG(task_no_client, dm_task, dm_task_retrieve(NULL, good_task, NULL, &result, error))
WRONG_BARE(task_no_result, dm_task_retrieve(client, good_task, NULL, NULL, error))
WRONG(tasks_no_client, dm_tasks, dm_task_list(NULL, &good_task, 1, NULL, &result, error))
WRONG(tasks_no_ids, dm_tasks, dm_task_list(client, NULL, 1, NULL, &result, error))
WRONG_BARE(tasks_no_result, dm_task_list(client, &good_task, 1, NULL, NULL, error))
WRONG(wait_no_client, dm_task, dm_task_wait(NULL, good_task, NULL, &result, error))
WRONG_BARE(wait_no_result, dm_task_wait(client, good_task, NULL, NULL, error))
WRONG(wait_all_no_client, dm_tasks, dm_task_wait_all(NULL, &good_task, 1, NULL, &result, error))
WRONG(wait_all_no_ids, dm_tasks, dm_task_wait_all(client, NULL, 1, NULL, &result, error))
WRONG_BARE(wait_all_no_result, dm_task_wait_all(client, &good_task, 1, NULL, NULL, error))
WRONG(version_create_no_client, dm_version, dm_version_create(NULL, dm_private_spec(1), 1, "[]", NULL, &result, error))
WRONG(version_create_no_json, dm_version, dm_version_create(client, dm_private_spec(1), 1, NULL, NULL, &result, error))
WRONG_BARE(version_create_no_result, dm_version_create(client, dm_private_spec(1), 1, "[]", NULL, NULL, error))
WRONG(version_no_client, dm_version, dm_version_retrieve(NULL, 1, NULL, &result, error))
WRONG_BARE(version_no_result, dm_version_retrieve(client, 1, NULL, NULL, error))
WRONG_BARE(version_delete_no_client, dm_version_delete(NULL, 1, NULL, error))
WRONG(versions_no_client, dm_version_page, dm_version_list(NULL, NULL, NULL, &result, error))
WRONG_BARE(versions_no_result, dm_version_list(client, NULL, NULL, NULL, error))
WRONG(of_spec_no_client, dm_version_page, dm_spec_versions(NULL, dm_private_spec(1), NULL, NULL, &result, error))
WRONG_BARE(of_spec_no_result, dm_spec_versions(client, dm_private_spec(1), NULL, NULL, NULL, error))
WRONG(versions_next_no_client, dm_version_page, dm_version_page_next(NULL, &good_version_page, NULL, &result, error))
WRONG(versions_next_no_page, dm_version_page, dm_version_page_next(client, NULL, NULL, &result, error))
WRONG_BARE(versions_next_no_result, dm_version_page_next(client, &good_version_page, NULL, NULL, error))
WRONG(version_iter_no_client, dm_version_iter, dm_version_iter_new(NULL, NULL, NULL, &result, error))
WRONG_BARE(version_iter_no_result, dm_version_iter_new(client, NULL, NULL, NULL, error))
WRONG(version_iter_next_no_iter, const dm_version, dm_version_iter_next(NULL, NULL, &result, error))
WRONG(version_infer_no_client, dm_inference, dm_version_infer(NULL, 1, &good_input, 1, NULL, NULL, &result, error))
WRONG(version_infer_no_inputs, dm_inference, dm_version_infer(client, 1, NULL, 1, NULL, NULL, &result, error))
WRONG_BARE(version_infer_no_result, dm_version_infer(client, 1, &good_input, 1, NULL, NULL, NULL, error))
WRONG_BARE(version_submit_no_client, dm_version_submit(NULL, 1, &good_input, 1, NULL, NULL, &(dm_task_id){""}, error))
WRONG_BARE(version_submit_no_result, dm_version_submit(client, 1, &good_input, 1, NULL, NULL, NULL, error))
WRONG(account_no_client, dm_account, dm_account_retrieve(NULL, NULL, &result, error))
WRONG_BARE(account_no_result, dm_account_retrieve(client, NULL, NULL, error))

#define NAMED(call)                                                                                                    \
    {                                                                                                                  \
#call, call                                                                                                    \
    }

static const struct wrong null_calls[] = {
    NAMED(cancel_no_result),
    NAMED(client_no_result),
    NAMED(create_no_client),
    NAMED(create_no_name),
    NAMED(create_no_outputs),
    NAMED(create_no_labels),
    NAMED(create_no_label_name),
    NAMED(create_no_result),
    NAMED(retrieve_no_client),
    NAMED(retrieve_no_result),
    NAMED(update_no_client),
    NAMED(update_no_changes),
    NAMED(update_no_result),
    NAMED(delete_no_client),
    NAMED(list_no_client),
    NAMED(list_no_result),
    NAMED(next_no_client),
    NAMED(next_no_page),
    NAMED(next_no_result),
    NAMED(iter_no_client),
    NAMED(iter_no_result),
    NAMED(iter_next_no_iter),
    NAMED(infer_no_client),
    NAMED(infer_no_inputs),
    NAMED(infer_no_result),
    NAMED(submit_no_client),
    NAMED(submit_no_result),
    NAMED(parse_no_text),
    NAMED(parse_no_result),
    NAMED(task_no_client),
    NAMED(task_no_result),
    NAMED(tasks_no_client),
    NAMED(tasks_no_ids),
    NAMED(tasks_no_result),
    NAMED(wait_no_client),
    NAMED(wait_no_result),
    NAMED(wait_all_no_client),
    NAMED(wait_all_no_ids),
    NAMED(wait_all_no_result),
    NAMED(version_create_no_client),
    NAMED(version_create_no_json),
    NAMED(version_create_no_result),
    NAMED(version_no_client),
    NAMED(version_no_result),
    NAMED(version_delete_no_client),
    NAMED(versions_no_client),
    NAMED(versions_no_result),
    NAMED(of_spec_no_client),
    NAMED(of_spec_no_result),
    NAMED(versions_next_no_client),
    NAMED(versions_next_no_page),
    NAMED(versions_next_no_result),
    NAMED(version_iter_no_client),
    NAMED(version_iter_no_result),
    NAMED(version_iter_next_no_iter),
    NAMED(version_infer_no_client),
    NAMED(version_infer_no_inputs),
    NAMED(version_infer_no_result),
    NAMED(version_submit_no_client),
    NAMED(version_submit_no_result),
    NAMED(account_no_client),
    NAMED(account_no_result),
};

static void a_null_where_something_is_needed_is_refused_in_every_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(null_calls); i++) {
        dm_error error;
        memset(&error, 'x', sizeof error);
        const dm_status status = null_calls[i].call(api.client, &error);

        refusal_check(null_calls[i].what, status, DM_ERR_INVALID_ARGUMENT, &error, NULL, NULL);
        assert_status(null_calls[i].call(api.client, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    }
}

/* The item's pointer is NULL: the iterator still works afterwards. */
static void a_null_for_the_item_of_an_iterator_is_refused(void **state)
{
    dm_spec_iter *specs = NULL;
    dm_version_iter *versions = NULL;

    (void)state;
    assert_status(dm_spec_iter_new(api.client, DM_VISIBILITY_PUBLIC, NULL, &specs, NULL), DM_OK, NULL);
    assert_status(dm_spec_iter_next(specs, NULL, NULL, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    dm_spec_iter_free(specs);
    assert_status(dm_version_iter_new(api.client, NULL, NULL, &versions, NULL), DM_OK, NULL);
    assert_status(dm_version_iter_next(versions, NULL, NULL, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    dm_version_iter_free(versions);
}

static void freeing_null_does_nothing(void **state)
{
    (void)state;
    dm_cancel_fire(NULL);
    dm_cancel_free(NULL);
    dm_client_free(NULL);
    dm_spec_free(NULL);
    dm_spec_page_free(NULL);
    dm_spec_iter_free(NULL);
    dm_inference_free(NULL);
    dm_task_free(NULL);
    dm_tasks_free(NULL);
    dm_version_free(NULL);
    dm_version_page_free(NULL);
    dm_version_iter_free(NULL);
    dm_account_free(NULL);
}

static void an_unknown_status_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(dm_status_name(DM_ERR_FILE), "DM_ERR_FILE");
    assert_string_equal(dm_status_name(DM_ERR_TASK_FAILED), "DM_ERR_TASK_FAILED");
    assert_string_equal(dm_status_name((dm_status)(DM_FULL + 1)), "unknown dm_status");
    assert_string_equal(dm_status_name((dm_status)-1), "unknown dm_status");
}

/* A successful call clears the error of the call before. */
static void a_successful_call_clears_the_error(void **state)
{
    static const dm_error clear = {0};
    dm_task_id id;
    dm_error error;

    (void)state;
    memset(&error, 'x', sizeof error);
    assert_status(dm_task_id_parse("good-ID_1", &id, &error), DM_OK, &error);
    assert_memory_equal(&error, &clear, sizeof clear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REFUSAL_TEST(text_that_is_not_utf8_is_refused_in_every_call),
        REFUSAL_TEST(a_null_where_something_is_needed_is_refused_in_every_call),
        REFUSAL_TEST(a_null_for_the_item_of_an_iterator_is_refused),
        REFUSAL_TEST(freeing_null_does_nothing),
        REFUSAL_TEST(an_unknown_status_has_a_name),
        REFUSAL_TEST(a_successful_call_clears_the_error),
    };
    return cmocka_run_group_tests(tests, api_setup, api_teardown);
}
