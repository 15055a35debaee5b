/* Invalid arguments of calls about specifications: the call fails and nothing is sent. */
#include "array.h"
#include "assert_status.h"
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

static void assert_create_refused(struct api_test *test, const char *name, const dm_output *given, size_t count)
{
    dm_spec spec_before;
    dm_spec *spec = &spec_before;

    assert_status(dm_spec_create(test->client, name, given, count, NULL, NULL, &spec, &test->error),
                  DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_null(spec);
    assert_int_equal(test->error.attempts, 0);
}

static void an_invalid_specification_is_not_sent(void **state)
{
    static const dm_label nameless = {1, NULL};
    static const dm_label latin1 = {1, "caf\xe9"};
    static const dm_label red = {1, "red"};
    static const dm_output of_other_kind = {{.labels = &red, .label_count = 1, .roi = DM_ROI_OTHER}};
    static const dm_output without_labels = {{.labels = NULL, .label_count = 3}};
    static const dm_output with_nameless = {{.labels = &nameless, .label_count = 1}};
    static const dm_output with_latin1 = {{.labels = &latin1, .label_count = 1}};
    struct api_test *test = *state;

    assert_create_refused(test, NULL, two_outputs, 2);
    assert_create_refused(test, "caf\xe9", two_outputs, 2);
    assert_create_refused(test, "no outputs", two_outputs, 0);
    assert_create_refused(test, "no outputs", NULL, 2);
    assert_create_refused(test, "other kind", &of_other_kind, 1);
    assert_create_refused(test, "no labels", &without_labels, 1);
    assert_create_refused(test, "no label name", &with_nameless, 1);
    assert_create_refused(test, "label name", &with_latin1, 1);
    assert_nothing_sent(test, 0);
}

static void assert_update_refused(struct api_test *test, dm_spec_id id, const dm_spec_changes *changes)
{
    dm_spec spec_before;
    dm_spec *spec = &spec_before;

    assert_status(dm_spec_update(test->client, id, changes, NULL, &spec, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_null(spec);
}

static void an_invalid_update_is_not_sent(void **state)
{
    static const int64_t version_id = 1;
    static const int64_t no_id = 0;
    static const dm_spec_changes none = {0};
    static const dm_spec_changes good = {.name = "good"};
    static const dm_spec_changes both = {.current_version_id = &version_id, .clear_current_version = true};
    static const dm_spec_changes no_version = {.current_version_id = &no_id};
    static const dm_spec_changes latin1 = {.description = "caf\xe9"};
    struct api_test *test = *state;

    assert_update_refused(test, dm_private_spec(1), NULL);
    assert_update_refused(test, dm_private_spec(1), &none);
    assert_update_refused(test, dm_private_spec(1), &both);
    assert_update_refused(test, dm_private_spec(1), &no_version);
    assert_update_refused(test, dm_private_spec(1), &latin1);
    assert_update_refused(test, dm_private_spec(0), &good);
    assert_update_refused(test, dm_private_spec(-1), &good);
    assert_update_refused(test, dm_private_spec(INT64_MIN), &good);
    assert_update_refused(test, dm_public_spec("sandbox-colors"), &good);
    assert_update_refused(test, dm_public_spec(NULL), &good);
    assert_nothing_sent(test, 0);
}

static void public_specifications_are_not_changed(void **state)
{
    struct api_test *test = *state;
    const dm_spec_id colors = dm_public_spec("sandbox-colors");
    dm_client *client = test->client;
    dm_version *version = NULL;
    dm_version_page *page = NULL;
    dm_version_iter *iter = NULL;

    assert_status(dm_spec_delete(client, colors, NULL, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(dm_version_create(client, colors, 1, "[]", NULL, &version, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    assert_status(dm_spec_versions(client, colors, NULL, NULL, &page, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    assert_status(dm_version_iter_new(client, &colors, NULL, &iter, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    assert_null(iter);
    assert_nothing_sent(test, 0);
}

static void a_public_id_that_would_change_the_path_is_not_sent(void **state)
{
    static const char *const names[] = {"", ".", "..", "a/b", "../specs/1", "a?b", "a#b", "a%2fb", "a\\b", "a\nb"};
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    for (size_t i = 0; i < COUNT(names); i++)
        assert_status(dm_spec_retrieve(test->client, dm_public_spec(names[i]), NULL, &spec, &test->error),
                      DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_nothing_sent(test, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(an_invalid_specification_is_not_sent),
        SPEC_TEST(an_invalid_update_is_not_sent),
        SPEC_TEST(public_specifications_are_not_changed),
        SPEC_TEST(a_public_id_that_would_change_the_path_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
