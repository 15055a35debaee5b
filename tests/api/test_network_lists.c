/* Networks: listed and iterated over. */
#include "array.h"
#include "assert_status.h"
#include "sent_requests.h"
#include "test.h"

#include <string.h>

static const char *const many[] = {"--networks", "16", "--page-limit", "7", NULL};

static void assert_page(const dm_network_page *page, int64_t first, int64_t last)
{
    assert_int_equal(page->count, 16);
    assert_int_equal(page->result_count, last - first + 1);
    for (size_t i = 0; i < page->result_count; i++) {
        assert_int_equal(page->results[i].id.private_id, first + (int64_t)i);
        assert_null(page->results[i].preprocessing);
    }
}

static dm_network_page *next_page(struct api_test *test, dm_network_page *page)
{
    dm_network_page *next = NULL;

    assert_ok(test, dm_network_page_next(test->client, page, NULL, &next, &test->error));
    dm_network_page_free(page);
    return next;
}

static void a_list_continues_from_page_to_page_until_it_is_done(void **state)
{
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/networks", "offset=0&limit=100", NULL, 200},
        {"GET", "/v0.7/networks", "limit=7&offset=7", NULL, 200},
        {"GET", "/v0.7/networks", "limit=7&offset=14", NULL, 200},
    };
    struct api_test *test = *state;
    dm_network_page *page = NULL;
    dm_network_page *none = NULL;

    assert_ok(test, dm_network_list(test->client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &test->error));
    assert_page(page, 1, 7);
    page = next_page(test, page);
    assert_page(page, 8, 14);
    page = next_page(test, page);
    assert_page(page, 15, 16);
    assert_status(dm_network_page_next(test->client, page, NULL, &none, &test->error), DM_DONE, &test->error);
    assert_null(none);
    assert_sent(test, 0, expected, COUNT(expected));
    dm_network_page_free(page);
}

static void a_page_that_is_null_is_refused(void **state)
{
    struct api_test *test = *state;
    dm_network_page *next = NULL;

    assert_status(dm_network_page_next(test->client, NULL, NULL, &next, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_non_null(strstr(test->error.message, "page must not be NULL"));
}

static void an_iterator_gives_all_networks(void **state)
{
    static const dm_page_options from_four = {.offset = 3};
    struct api_test *test = *state;
    dm_network_iter *iter = NULL;
    const dm_network *network = NULL;

    assert_ok(test, dm_network_iter_new(test->client, DM_VISIBILITY_PRIVATE, &from_four, &iter, &test->error));
    for (int64_t id = 4; id <= 16; id++) {
        assert_ok(test, dm_network_iter_next(iter, NULL, &network, &test->error));
        assert_int_equal(network->id.private_id, id);
    }
    assert_status(dm_network_iter_next(iter, NULL, &network, &test->error), DM_DONE, &test->error);
    assert_null(network);
    dm_network_iter_free(iter);
}

static void an_iterator_gives_the_public_networks(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/networks/public", "offset=0&limit=100", NULL, 200};
    struct api_test *test = *state;
    dm_network_iter *iter = NULL;
    const dm_network *network = NULL;

    assert_ok(test, dm_network_iter_new(test->client, DM_VISIBILITY_PUBLIC, NULL, &iter, &test->error));
    assert_ok(test, dm_network_iter_next(iter, NULL, &network, &test->error));
    assert_string_equal(network->id.public_id, "sandbox-tensorflow");
    assert_ok(test, dm_network_iter_next(iter, NULL, &network, &test->error));
    assert_status(dm_network_iter_next(iter, NULL, &network, &test->error), DM_DONE, &test->error);
    assert_sent(test, 0, &expected, 1);
    dm_network_iter_free(iter);
    dm_network_iter_free(NULL);
}

static void wrong_arguments_of_an_iterator_are_refused(void **state)
{
    struct api_test *test = *state;
    dm_network_iter *iter = NULL;
    const dm_network *network = NULL;

    assert_status(dm_network_iter_new(test->client, (dm_visibility)7, NULL, &iter, &test->error),
                  DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_null(iter);
    assert_status(dm_network_iter_next(NULL, NULL, &network, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_ok(test, dm_network_iter_new(test->client, DM_VISIBILITY_PRIVATE, NULL, &iter, &test->error));
    assert_status(dm_network_iter_next(iter, NULL, NULL, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    dm_network_iter_free(iter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(a_list_continues_from_page_to_page_until_it_is_done, many),
        API_TEST(a_page_that_is_null_is_refused, many),
        API_TEST(an_iterator_gives_all_networks, many),
        API_TEST(an_iterator_gives_the_public_networks, many),
        API_TEST(wrong_arguments_of_an_iterator_are_refused, many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
