/* Versions of specifications: created, retrieved, listed, iterated over and deleted. */
#include "assert_status.h"
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

#include <string.h>

static void assert_version(const dm_version *version, int64_t id, int64_t spec_id, const char *post_processings)
{
    assert_int_equal(version->id, id);
    assert_int_equal(version->spec_id, spec_id);
    assert_int_equal(version->network_id, 11);
    assert_string_equal(version->network_name, "network 11");
    assert_non_null(version->update_date);
    if (post_processings != NULL)
        assert_string_equal(version->post_processings, post_processings);
    else
        assert_null(version->post_processings);
}

static void a_version_is_created_with_the_given_fields_and_retrieved(void **state)
{
    static const struct expected_request expected[] = {
        {"POST", "/v0.7/recognition/versions", "",
         "{\"spec_id\":2,\"network_id\":11,\"post_processings\":" POST_PROCESSINGS "}", 201},
        {"GET", "/v0.7/recognition/versions/1", "", NULL, 200},
    };
    struct api_test *test = *state;
    dm_version *created = NULL;
    dm_version *retrieved = NULL;

    create_specs(test, 2);
    const size_t mark = sent_mark(test);
    assert_ok(test,
              dm_version_create(test->client, dm_private_spec(2), 11, POST_PROCESSINGS, NULL, &created, &test->error));
    assert_ok(test, dm_version_retrieve(test->client, created->id, NULL, &retrieved, &test->error));
    assert_version(created, 1, 2, POST_PROCESSINGS);
    assert_version(retrieved, 1, 2, POST_PROCESSINGS);
    assert_string_equal(retrieved->spec_name, "number 2");
    assert_sent(test, mark, expected, 2);
    dm_version_free(created);
    dm_version_free(retrieved);
}

static int64_t current_version(struct api_test *test, int64_t spec_id)
{
    dm_spec *spec = retrieve_spec(test, spec_id);
    const int64_t id = spec->current_version_id != NULL ? *spec->current_version_id : 0;

    dm_spec_free(spec);
    return id;
}

static void the_first_version_becomes_the_current_one(void **state)
{
    struct api_test *test = *state;

    create_specs(test, 1);
    assert_int_equal(current_version(test, 1), 0);
    const int64_t first = create_version(test, 1, NO_POST_PROCESSINGS);
    assert_int_equal(current_version(test, 1), first);
    create_version(test, 1, NO_POST_PROCESSINGS);
    assert_int_equal(current_version(test, 1), first);
    dm_spec_page *page = list_specs(test, NULL);
    assert_int_equal(*page->results[0].current_version_id, first);
    dm_spec_page_free(page);
}

static void assert_version_refused(struct api_test *test, int64_t spec_id, int64_t network_id,
                                   const char *post_processings)
{
    dm_version version_before;
    dm_version *version = &version_before;

    assert_status(dm_version_create(test->client, dm_private_spec(spec_id), network_id, post_processings, NULL,
                                    &version, &test->error),
                  DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_null(version);
}

static void an_invalid_version_is_not_sent(void **state)
{
    struct api_test *test = *state;

    assert_version_refused(test, 0, 1, "[]");
    assert_version_refused(test, -1, 1, "[]");
    assert_version_refused(test, 1, 0, "[]");
    assert_version_refused(test, 1, -1, "[]");
    assert_version_refused(test, 1, 1, NULL);
    assert_version_refused(test, 1, 1, "");
    assert_version_refused(test, 1, 1, "{}");
    assert_version_refused(test, 1, 1, "[");
    assert_version_refused(test, 1, 1, "[] []");
    assert_version_refused(test, 1, 1, "[01]");
    assert_nothing_sent(test, 0);
}

static void the_servers_reason_for_refusing_post_processings_is_in_the_error(void **state)
{
    struct api_test *test = *state;
    dm_version *version = NULL;

    create_specs(test, 1);
    assert_status(dm_version_create(test->client, dm_private_spec(1), 1, "[]", NULL, &version, &test->error),
                  DM_ERR_REJECTED, &test->error);
    assert_int_equal(test->error.http_status, 400);
    assert_false(test->error.outcome_unknown);
    assert_non_null(strstr(test->error.server_message, "One post-processing for each output"));
}

/* Two specifications, each with eight versions: 1 to 8, and 9 to 16. */
static void create_two_with_versions(struct api_test *test)
{
    create_specs(test, 2);
    create_versions(test, 1, 8);
    create_versions(test, 2, 8);
}

static void assert_version_page(const dm_version_page *page, int64_t first, int64_t last, int64_t count)
{
    assert_int_equal(page->count, count);
    assert_int_equal(page->result_count, last - first + 1);
    for (size_t i = 0; i < page->result_count; i++) {
        const int64_t id = first + (int64_t)i;
        assert_version(&page->results[i], id, id <= 8 ? 1 : 2, NULL);
    }
}

static dm_version_page *next_version_page(struct api_test *test, dm_version_page *page)
{
    dm_version_page *next = NULL;

    assert_ok(test, dm_version_page_next(test->client, page, NULL, &next, &test->error));
    dm_version_page_free(page);
    return next;
}

static void assert_last_version_page(struct api_test *test, dm_version_page *page)
{
    dm_version_page nothing;
    dm_version_page *next = &nothing;

    assert_status(dm_version_page_next(test->client, page, NULL, &next, &test->error), DM_DONE, &test->error);
    assert_null(next);
    dm_version_page_free(page);
}

static void all_versions_are_listed_page_after_page(void **state)
{
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/recognition/versions", "offset=0&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/versions", "limit=7&offset=7", NULL, 200},
        {"GET", "/v0.7/recognition/versions", "limit=7&offset=14", NULL, 200},
    };
    struct api_test *test = *state;
    dm_version_page *page = NULL;

    create_two_with_versions(test);
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_version_list(test->client, NULL, NULL, &page, &test->error));
    assert_version_page(page, 1, 7, 16);
    page = next_version_page(test, page);
    assert_version_page(page, 8, 14, 16);
    page = next_version_page(test, page);
    assert_version_page(page, 15, 16, 16);
    assert_last_version_page(test, page);
    assert_sent(test, mark, expected, 3);
}

static void a_specifications_versions_are_listed_page_after_page(void **state)
{
    static const dm_page_options options = {.offset = 1, .limit = 4};
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/recognition/specs/2/versions", "offset=1&limit=4", NULL, 200},
        {"GET", "/v0.7/recognition/specs/2/versions", "limit=4&offset=5", NULL, 200},
    };
    struct api_test *test = *state;
    dm_version_page *page = NULL;

    create_two_with_versions(test);
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_spec_versions(test->client, dm_private_spec(2), &options, NULL, &page, &test->error));
    assert_version_page(page, 10, 13, 8);
    assert_non_null(page->previous);
    page = next_version_page(test, page);
    assert_version_page(page, 14, 16, 8);
    assert_last_version_page(test, page);
    assert_sent(test, mark, expected, 2);
}

static void assert_next_versions(struct api_test *test, dm_version_iter *iter, int64_t first, int64_t last)
{
    const dm_version *version = NULL;

    for (int64_t id = first; id <= last; id++) {
        assert_ok(test, dm_version_iter_next(iter, NULL, &version, &test->error));
        assert_int_equal(version->id, id);
    }
}

static void assert_versions_done(struct api_test *test, dm_version_iter *iter)
{
    const dm_version nothing = {0};
    const dm_version *version = &nothing;

    assert_status(dm_version_iter_next(iter, NULL, &version, &test->error), DM_DONE, &test->error);
    assert_null(version);
    dm_version_iter_free(iter);
}

static void an_iterator_over_all_versions_requests_a_page_only_when_it_is_needed(void **state)
{
    struct api_test *test = *state;
    dm_version_iter *iter = NULL;

    create_two_with_versions(test);
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_version_iter_new(test->client, NULL, NULL, &iter, &test->error));
    assert_nothing_sent(test, mark);
    assert_next_versions(test, iter, 1, 7);
    assert_int_equal(sent_mark(test) - mark, 1);
    assert_next_versions(test, iter, 8, 14);
    assert_int_equal(sent_mark(test) - mark, 2);
    assert_next_versions(test, iter, 15, 16);
    assert_versions_done(test, iter);
    assert_int_equal(sent_mark(test) - mark, 3);
}

static void an_iterator_over_a_specifications_versions_sees_no_others(void **state)
{
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/recognition/specs/2/versions", "offset=0&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/specs/2/versions", "limit=7&offset=7", NULL, 200},
    };
    struct api_test *test = *state;
    const dm_spec_id second = dm_private_spec(2);
    dm_version_iter *iter = NULL;

    create_two_with_versions(test);
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_version_iter_new(test->client, &second, NULL, &iter, &test->error));
    assert_next_versions(test, iter, 9, 16);
    assert_versions_done(test, iter);
    assert_sent(test, mark, expected, 2);
}

static void an_iterator_over_an_unknown_specifications_versions_finds_nothing(void **state)
{
    struct api_test *test = *state;
    const dm_spec_id nobody = dm_private_spec(4711);
    const dm_version *version = NULL;
    dm_version_iter *iter = NULL;

    assert_ok(test, dm_version_iter_new(test->client, &nobody, NULL, &iter, &test->error));
    assert_not_found(test, dm_version_iter_next(iter, NULL, &version, &test->error));
    assert_null(version);
    dm_version_iter_free(iter);
}

static void a_deleted_version_is_gone_and_no_longer_current(void **state)
{
    static const struct expected_request expected[] = {
        {"DELETE", "/v0.7/recognition/versions/1", "", NULL, 204},
        {"GET", "/v0.7/recognition/versions/1", "", NULL, 404},
    };
    struct api_test *test = *state;
    dm_version *version = NULL;

    create_specs(test, 1);
    create_versions(test, 1, 2);
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_version_delete(test->client, 1, NULL, &test->error));
    assert_not_found(test, dm_version_retrieve(test->client, 1, NULL, &version, &test->error));
    assert_sent(test, mark, expected, 2);
    assert_int_equal(current_version(test, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(a_version_is_created_with_the_given_fields_and_retrieved),
        SPEC_TEST(the_first_version_becomes_the_current_one),
        SPEC_TEST(an_invalid_version_is_not_sent),
        SPEC_TEST(the_servers_reason_for_refusing_post_processings_is_in_the_error),
        SPEC_TEST(all_versions_are_listed_page_after_page),
        SPEC_TEST(a_specifications_versions_are_listed_page_after_page),
        SPEC_TEST(an_iterator_over_all_versions_requests_a_page_only_when_it_is_needed),
        SPEC_TEST(an_iterator_over_a_specifications_versions_sees_no_others),
        SPEC_TEST(an_iterator_over_an_unknown_specifications_versions_finds_nothing),
        SPEC_TEST(a_deleted_version_is_gone_and_no_longer_current),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
