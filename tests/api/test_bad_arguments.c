/* Invalid ids, pages and numbers: the call fails before anything is sent, and its message names the invalid
 * argument. */
#include "array.h"
#include "bad_input_test.h"
#include "refusal.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* ---- Counts and pages ---- */

static void an_inference_without_inputs_is_refused(void **state)
{
    const dm_input input = dm_image_url("http://127.0.0.1/a.jpg");
    const struct bad_input none = {"no inputs", {.source = DM_SOURCE_NONE}, DM_ERR_INVALID_ARGUMENT, {"inputs", NULL}};

    (void)state;
    check_submit(&none, NULL, 0);
    check_submit(&none, &input, 0);
    check_submit(&none, NULL, 1);
    check_infer(&none, NULL, 0);
    check_infer(&none, &input, 0);
}

static void a_negative_number_of_predictions_is_refused(void **state)
{
    static const char *const words[2] = {"max_predictions is -1", NULL};
    const dm_infer_options options = {.max_predictions = -1};
    const dm_input inputs[] = {dm_image_url("http://127.0.0.1/a.jpg"), dm_image_file(good_path)};

    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++) {
        dm_task_id id;
        dm_error error;
        const dm_status status =
            dm_spec_submit(api.client, dm_public_spec("a"), &inputs[i], 1, &options, NULL, &id, &error);

        refusal_check("max_predictions", status, DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
    }
}

static void a_negative_offset_or_limit_is_refused(void **state)
{
    static const dm_page_options table[] = {{.offset = -1}, {.limit = -1}, {.offset = INT64_MIN, .limit = INT64_MIN}};
    static const char *const words[2] = {"options.offset", "must not be negative"};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        dm_spec_page *specs;
        dm_version_page *versions;
        dm_spec_iter *spec_iter;
        dm_version_iter *version_iter;
        dm_error error;

        refusal_check("dm_spec_list", dm_spec_list(api.client, DM_VISIBILITY_PUBLIC, &table[i], NULL, &specs, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_version_list", dm_version_list(api.client, &table[i], NULL, &versions, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_spec_versions",
                      dm_spec_versions(api.client, dm_private_spec(1), &table[i], NULL, &versions, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_spec_iter_new",
                      dm_spec_iter_new(api.client, DM_VISIBILITY_PRIVATE, &table[i], &spec_iter, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_version_iter_new", dm_version_iter_new(api.client, NULL, &table[i], &version_iter, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        assert_null(specs);
        assert_null(versions);
        assert_null(spec_iter);
        assert_null(version_iter);
    }
}

static void a_visibility_that_is_neither_private_nor_public_is_refused(void **state)
{
    static const dm_visibility table[] = {(dm_visibility)2, (dm_visibility)-1};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        dm_spec_page *page = (dm_spec_page *)(void *)&api;
        dm_spec_iter *iter = (dm_spec_iter *)(void *)&api;
        dm_error error;

        refusal_check("dm_spec_list", dm_spec_list(api.client, table[i], NULL, NULL, &page, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, "visibility", "DM_VISIBILITY_PUBLIC");
        refusal_check("dm_spec_iter_new", dm_spec_iter_new(api.client, table[i], NULL, &iter, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, "visibility", "DM_VISIBILITY_PUBLIC");
        assert_null(page);
        assert_null(iter);
    }
}

/* ---- Ids ---- */

static void check_spec_id(const char *what, dm_spec_id id, const char *const words[2])
{
    const dm_input input = dm_image_url("http://127.0.0.1/a.jpg");
    dm_spec *spec = (dm_spec *)(void *)&api;
    dm_inference *inference = (dm_inference *)(void *)&api;
    dm_task_id task_id = {"not empty"};
    dm_error error;

    refusal_check(what, dm_spec_retrieve(api.client, id, NULL, &spec, &error), DM_ERR_INVALID_ARGUMENT, &error,
                  words[0], words[1]);
    refusal_check(what, dm_spec_submit(api.client, id, &input, 1, NULL, NULL, &task_id, &error),
                  DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
    refusal_check(what, dm_spec_infer(api.client, id, &input, 1, NULL, NULL, &inference, &error),
                  DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
    assert_null(spec);
    assert_null(inference);
    assert_string_equal(task_id.text, "");
}

static void a_public_id_that_would_change_the_path_is_refused(void **state)
{
    static const struct {
        const char *id;
        const char *word;
    } table[] = {
        {"a/../../accounts/me", "a/../../accounts/me"},
        {"/", "\"/\""},
        {"a/b", "a/b"},
        {"..", "\"..\""},
        {".", "\".\""},
        {"a\\b", "\\"},
        {"a?b=c", "a?b=c"},
        {"a#b", "a#b"},
        {"a%2fb", "a%2fb"},
        {"%2e%2e", "%2e%2e"},
        {"", "empty"},
        {NULL, "empty"},
        {"a\nb", "control character"},
        {"a\r\nX-Evil: 1", "control character"},
        {"caf\xe9", "UTF-8"},
        {"a\xed\xa0\x80", "UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *const words[2] = {"public specification's id", table[i].word};

        check_spec_id(words[1], dm_public_spec(table[i].id), words);
    }
}

static void a_private_id_that_is_not_positive_is_refused(void **state)
{
    static const int64_t ids[] = {0, -1, INT64_MIN};

    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++) {
        char number[24];
        const char *const words[2] = {"private specification's id", number};
        dm_version *version;
        dm_error error;

        snprintf(number, sizeof number, "%lld", (long long)ids[i]);
        check_spec_id(number, dm_private_spec(ids[i]), words);
        refusal_check("dm_version_retrieve", dm_version_retrieve(api.client, ids[i], NULL, &version, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, "version's id", number);
        assert_null(version);
    }
}

static bool ends_within(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

static void check_task_id(dm_task_id id)
{
    static const char *const words[2] = {"task id", NULL};
    dm_task *task = (dm_task *)(void *)&api;
    dm_tasks *tasks = (dm_tasks *)(void *)&api;
    dm_error error;

    refusal_check("retrieve", dm_task_retrieve(api.client, id, NULL, &task, &error), DM_ERR_INVALID_ARGUMENT, &error,
                  words[0], words[1]);
    assert_true(ends_within(error.task_id.text, sizeof error.task_id.text));
    refusal_check("wait", dm_task_wait(api.client, id, NULL, &task, &error), DM_ERR_INVALID_ARGUMENT, &error, words[0],
                  words[1]);
    assert_true(ends_within(error.task_id.text, sizeof error.task_id.text));
    assert_null(task);
    refusal_check("list", dm_task_list(api.client, &id, 1, NULL, &tasks, &error), DM_ERR_INVALID_ARGUMENT, &error,
                  "ids[0]", NULL);
    refusal_check("wait for all", dm_task_wait_all(api.client, &id, 1, NULL, &tasks, &error), DM_ERR_INVALID_ARGUMENT,
                  &error, "ids[0]", NULL);
    assert_null(tasks);
}

static void a_task_id_with_other_characters_than_those_of_an_id_is_refused(void **state)
{
    static const char *const texts[] = {"", "1/2", "..", "1 2", "1\n", "caf\xe9", "1?", "%31", "1.5"};
    dm_task_id id = {""};
    dm_error error;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        snprintf(id.text, sizeof id.text, "%s", texts[i]);
        check_task_id(id);
        refusal_check(texts[i], dm_task_id_parse(texts[i], &id, &error), DM_ERR_INVALID_ARGUMENT, &error, "task id",
                      NULL);
        assert_string_equal(id.text, "");
    }
}

/* Printing such an id from an error would read past its end. */
static void a_task_id_without_an_end_is_refused(void **state)
{
    dm_task_id id;

    (void)state;
    memset(id.text, '7', sizeof id.text);
    check_task_id(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REFUSAL_TEST(an_inference_without_inputs_is_refused),
        REFUSAL_TEST(a_negative_number_of_predictions_is_refused),
        REFUSAL_TEST(a_negative_offset_or_limit_is_refused),
        REFUSAL_TEST(a_visibility_that_is_neither_private_nor_public_is_refused),
        REFUSAL_TEST(a_public_id_that_would_change_the_path_is_refused),
        REFUSAL_TEST(a_private_id_that_is_not_positive_is_refused),
        REFUSAL_TEST(a_task_id_with_other_characters_than_those_of_an_id_is_refused),
        REFUSAL_TEST(a_task_id_without_an_end_is_refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
