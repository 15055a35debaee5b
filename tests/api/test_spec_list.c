/* Lists of specifications, page after page. */
#include "array.h"
#include "assert_status.h"
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

/* The page contains the specifications `first` to `last` of `count`, without their outputs. */
static void assert_page(const dm_spec_page *page, int64_t first, int64_t last, int64_t count)
{
    assert_int_equal(page->count, count);
    assert_int_equal(page->result_count, last - first + 1);
    for (size_t i = 0; i < page->result_count; i++) {
        assert_int_equal(page->results[i].id.private_id, first + (int64_t)i);
        assert_string_equal(page->results[i].description, "to begin with");
        assert_string_equal(page->results[i].metadata, "{\"first\":1}");
        assert_int_equal(page->results[i].output_count, 0);
    }
    assert_int_equal(page->next != NULL, last < count);
    assert_int_equal(page->previous != NULL, first > 1);
}

static dm_spec_page *next_page(struct api_test *test, dm_spec_page *page)
{
    dm_spec_page *next = NULL;

    assert_ok(test, dm_spec_page_next(test->client, page, NULL, &next, &test->error));
    dm_spec_page_free(page);
    return next;
}

static void assert_last_page(struct api_test *test, dm_spec_page *page)
{
    dm_spec_page nothing;
    dm_spec_page *next = &nothing;

    assert_status(dm_spec_page_next(test->client, page, NULL, &next, &test->error), DM_DONE, &test->error);
    assert_null(next);
    assert_status(test->error.status, DM_OK, &test->error);
    assert_string_equal(test->error.message, "");
}

static void a_list_continues_from_page_to_page_until_it_is_done(void **state)
{
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/recognition/specs", "offset=0&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "limit=7&offset=7", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "limit=7&offset=14", NULL, 200},
    };
    struct api_test *test = *state;

    create_specs(test, 16);
    const size_t mark = sent_mark(test);
    dm_spec_page *page = list_specs(test, NULL);
    assert_page(page, 1, 7, 16);
    page = next_page(test, page);
    assert_page(page, 8, 14, 16);
    page = next_page(test, page);
    assert_page(page, 15, 16, 16);
    assert_last_page(test, page);
    assert_sent(test, mark, expected, 3);
    dm_spec_page_free(page);
}

static void a_page_remains_valid_after_the_next_one_was_requested(void **state)
{
    struct api_test *test = *state;
    dm_spec_page *second = NULL;
    dm_spec_page *again = NULL;

    create_specs(test, 9);
    dm_spec_page *first = list_specs(test, NULL);
    assert_ok(test, dm_spec_page_next(test->client, first, NULL, &second, &test->error));
    assert_page(first, 1, 7, 9);
    assert_ok(test, dm_spec_page_next(test->client, first, NULL, &again, &test->error));
    assert_page(again, 8, 9, 9);
    assert_page(second, 8, 9, 9);
    dm_spec_page_free(first);
    dm_spec_page_free(second);
    dm_spec_page_free(again);
}

static void offset_and_limit_select_the_items(void **state)
{
    static const dm_page_options part = {.offset = 3, .limit = 5};
    static const dm_page_options from_four = {.offset = 4};
    static const dm_page_options at_most_two = {.limit = 2};
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/recognition/specs", "offset=3&limit=5", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "offset=4&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "offset=0&limit=2", NULL, 200},
    };
    struct api_test *test = *state;

    create_specs(test, 9);
    const size_t mark = sent_mark(test);
    dm_spec_page *middle = list_specs(test, &part);
    dm_spec_page *end = list_specs(test, &from_four);
    dm_spec_page *beginning = list_specs(test, &at_most_two);
    assert_page(middle, 4, 8, 9);
    assert_page(end, 5, 9, 9);
    assert_page(beginning, 1, 2, 9);
    assert_sent(test, mark, expected, 3);
    dm_spec_page_free(middle);
    dm_spec_page_free(end);
    dm_spec_page_free(beginning);
}

static void an_offset_past_the_end_gives_an_empty_page(void **state)
{
    static const dm_page_options past = {.offset = 100};
    struct api_test *test = *state;

    create_specs(test, 2);
    dm_spec_page *page = list_specs(test, &past);
    assert_int_equal(page->count, 2);
    assert_int_equal(page->result_count, 0);
    assert_last_page(test, page);
    dm_spec_page_free(page);
}

static void public_specifications_have_their_own_list(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/recognition/public", "offset=0&limit=100", NULL,
                                                     200};
    struct api_test *test = *state;
    dm_spec_page *page = NULL;

    assert_ok(test, dm_spec_list(test->client, DM_VISIBILITY_PUBLIC, NULL, NULL, &page, &test->error));
    assert_int_equal(page->count, 3);
    assert_string_equal(page->results[0].id.public_id, "sandbox-colors");
    assert_string_equal(page->results[1].id.public_id, "sandbox-regions");
    assert_string_equal(page->results[2].id.public_id, "sandbox-pair");
    assert_null(page->results[1].current_version_id);
    assert_sent(test, 0, &expected, 1);
    dm_spec_page_free(page);
}

static void an_invalid_offset_or_limit_is_not_sent(void **state)
{
    static const dm_page_options parts[] = {{.offset = -1}, {.limit = -1}};
    struct api_test *test = *state;
    dm_spec_page *page = NULL;
    dm_version_page *versions = NULL;
    dm_spec_iter *iter = NULL;
    dm_version_iter *version_iter = NULL;

    for (size_t i = 0; i < COUNT(parts); i++) {
        assert_status(dm_spec_list(test->client, DM_VISIBILITY_PRIVATE, &parts[i], NULL, &page, NULL),
                      DM_ERR_INVALID_ARGUMENT, NULL);
        assert_status(dm_version_list(test->client, &parts[i], NULL, &versions, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
        assert_status(dm_spec_iter_new(test->client, DM_VISIBILITY_PUBLIC, &parts[i], &iter, NULL),
                      DM_ERR_INVALID_ARGUMENT, NULL);
        assert_status(dm_version_iter_new(test->client, NULL, &parts[i], &version_iter, NULL), DM_ERR_INVALID_ARGUMENT,
                      NULL);
    }
    assert_status(dm_spec_page_next(test->client, NULL, NULL, &page, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    assert_nothing_sent(test, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(a_list_continues_from_page_to_page_until_it_is_done),
        SPEC_TEST(a_page_remains_valid_after_the_next_one_was_requested),
        SPEC_TEST(offset_and_limit_select_the_items),
        SPEC_TEST(an_offset_past_the_end_gives_an_empty_page),
        SPEC_TEST(public_specifications_have_their_own_list),
        SPEC_TEST(an_invalid_offset_or_limit_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
