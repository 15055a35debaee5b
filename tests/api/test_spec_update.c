/* Updating a specification: only the fields that change are sent. */
#include "assert_status.h"
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

#include <string.h>

/* ---- Helpers for common steps ---- */

static dm_spec *update_spec(struct api_test *test, int64_t id, dm_spec_changes changes)
{
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_update(test->client, dm_private_spec(id), &changes, NULL, &spec, &test->error));
    return spec;
}

/* ---- Update ---- */

/* The expected contents of a specification. */
struct look {
    const char *name;
    const char *description;
    const char *metadata;
    int64_t current_version_id; /* 0: none */
};

static void assert_look(const dm_spec *spec, const struct look *look)
{
    assert_string_equal(spec->name, look->name);
    assert_string_equal(spec->description, look->description);
    assert_string_equal(spec->metadata, look->metadata);
    assert_int_equal(spec->current_version_id != NULL ? *spec->current_version_id : 0, look->current_version_id);
    assert_outputs(spec);
}

/* Makes the changes to a new specification with two versions, and checks the request and the result. */
static void assert_change(struct api_test *test, dm_spec_changes changes, const char *body, struct look look)
{
    const struct expected_request expected[] = {
        {"PATCH", "/v0.7/recognition/specs/1", "", body, 200},
        {"GET", "/v0.7/recognition/specs/1", "", NULL, 200},
    };

    create_spec(test, "to begin with");
    create_versions(test, 1, 2);
    const size_t mark = sent_mark(test);
    dm_spec *answer = update_spec(test, 1, changes);
    dm_spec *stored = retrieve_spec(test, 1);
    assert_look(answer, &look);
    assert_look(stored, &look);
    assert_null(answer->task_id);
    assert_sent(test, mark, expected, 2);
    dm_spec_free(answer);
    dm_spec_free(stored);
}

static void the_name_alone_is_updated(void **state)
{
    assert_change(*state, (dm_spec_changes){.name = "new"}, "{\"name\":\"new\"}",
                  (struct look){"new", "to begin with", "{\"first\":1}", 1});
}

static void the_description_alone_is_updated(void **state)
{
    assert_change(*state, (dm_spec_changes){.description = "new"}, "{\"description\":\"new\"}",
                  (struct look){"to begin with", "new", "{\"first\":1}", 1});
}

static void an_empty_description_is_a_value(void **state)
{
    assert_change(*state, (dm_spec_changes){.description = ""}, "{\"description\":\"\"}",
                  (struct look){"to begin with", "", "{\"first\":1}", 1});
}

static void the_metadata_alone_are_updated_and_completely_replaced(void **state)
{
    assert_change(*state, (dm_spec_changes){.metadata = "{\"second\":2}"}, "{\"metadata\":{\"second\":2}}",
                  (struct look){"to begin with", "to begin with", "{\"second\":2}", 1});
}

static void empty_metadata_are_a_value(void **state)
{
    assert_change(*state, (dm_spec_changes){.metadata = "{}"}, "{\"metadata\":{}}",
                  (struct look){"to begin with", "to begin with", "{}", 1});
}

static void the_current_version_alone_is_updated(void **state)
{
    static const int64_t second = 2;

    assert_change(*state, (dm_spec_changes){.current_version_id = &second}, "{\"current_version_id\":2}",
                  (struct look){"to begin with", "to begin with", "{\"first\":1}", 2});
}

static void clearing_the_current_version_sends_null(void **state)
{
    assert_change(*state, (dm_spec_changes){.clear_current_version = true}, "{\"current_version_id\":null}",
                  (struct look){"to begin with", "to begin with", "{\"first\":1}", 0});
}

static void everything_is_updated_at_once(void **state)
{
    static const int64_t second = 2;

    assert_change(*state, (dm_spec_changes){"a", "b", "{\"c\":null}", &second, false},
                  "{\"name\":\"a\",\"description\":\"b\",\"metadata\":{\"c\":null},\"current_version_id\":2}",
                  (struct look){"a", "b", "{\"c\":null}", 2});
}

/* The sandbox rejects it, as the service does, but the request must have been sent. */
static void an_empty_name_is_sent_and_refused_with_the_servers_message(void **state)
{
    static const dm_spec_changes changes = {.name = ""};
    static const struct expected_request expected = {"PATCH", "/v0.7/recognition/specs/1", "", "{\"name\":\"\"}", 400};
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    create_spec(test, "to begin with");
    const size_t mark = sent_mark(test);
    assert_status(dm_spec_update(test->client, dm_private_spec(1), &changes, NULL, &spec, &test->error),
                  DM_ERR_REJECTED, &test->error);
    assert_null(spec);
    assert_int_equal(test->error.http_status, 400);
    assert_non_null(strstr(test->error.server_message, "This field may not be blank."));
    assert_non_null(strstr(test->error.message, "This field may not be blank."));
    assert_sent(test, mark, &expected, 1);
}

static void a_version_of_another_specification_is_refused_by_the_server(void **state)
{
    static const int64_t others = 1;
    static const dm_spec_changes changes = {.current_version_id = &others};
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    create_specs(test, 2);
    create_version(test, 1, NO_POST_PROCESSINGS);
    assert_status(dm_spec_update(test->client, dm_private_spec(2), &changes, NULL, &spec, &test->error),
                  DM_ERR_REJECTED, &test->error);
    assert_non_null(strstr(test->error.server_message, "current_version_id"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(the_name_alone_is_updated),
        SPEC_TEST(the_description_alone_is_updated),
        SPEC_TEST(an_empty_description_is_a_value),
        SPEC_TEST(the_metadata_alone_are_updated_and_completely_replaced),
        SPEC_TEST(empty_metadata_are_a_value),
        SPEC_TEST(the_current_version_alone_is_updated),
        SPEC_TEST(clearing_the_current_version_sends_null),
        SPEC_TEST(everything_is_updated_at_once),
        SPEC_TEST(an_empty_name_is_sent_and_refused_with_the_servers_message),
        SPEC_TEST(a_version_of_another_specification_is_refused_by_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
