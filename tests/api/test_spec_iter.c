/* Iterators over specifications. */
#include "assert_status.h"
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

static dm_spec_iter *iterate(struct api_test *test, dm_visibility visibility, const dm_page_options *options)
{
    dm_spec_iter *iter = NULL;

    assert_ok(test, dm_spec_iter_new(test->client, visibility, options, &iter, &test->error));
    return iter;
}

static void assert_next_specs(struct api_test *test, dm_spec_iter *iter, int64_t first, int64_t last)
{
    const dm_spec *spec = NULL;

    for (int64_t id = first; id <= last; id++) {
        assert_ok(test, dm_spec_iter_next(iter, NULL, &spec, &test->error));
        assert_int_equal(spec->id.private_id, id);
    }
}

static void assert_done(struct api_test *test, dm_spec_iter *iter)
{
    const dm_spec nothing = {0};
    const dm_spec *spec = &nothing;

    assert_status(dm_spec_iter_next(iter, NULL, &spec, &test->error), DM_DONE, &test->error);
    assert_null(spec);
}

static void an_iterator_requests_a_page_only_when_it_is_needed(void **state)
{
    struct api_test *test = *state;

    create_specs(test, 15);
    const size_t mark = sent_mark(test);
    dm_spec_iter *iter = iterate(test, DM_VISIBILITY_PRIVATE, NULL);
    assert_nothing_sent(test, mark);
    assert_next_specs(test, iter, 1, 7);
    assert_int_equal(sent_mark(test) - mark, 1);
    assert_next_specs(test, iter, 8, 8);
    assert_int_equal(sent_mark(test) - mark, 2);
    assert_next_specs(test, iter, 9, 14);
    assert_int_equal(sent_mark(test) - mark, 2);
    assert_next_specs(test, iter, 15, 15);
    assert_int_equal(sent_mark(test) - mark, 3);
    assert_done(test, iter);
    assert_done(test, iter);
    assert_int_equal(sent_mark(test) - mark, 3);
    dm_spec_iter_free(iter);
}

static void an_iterator_begins_at_the_given_offset(void **state)
{
    static const dm_page_options options = {.offset = 2, .limit = 3};
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/recognition/specs", "offset=2&limit=3", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "limit=3&offset=5", NULL, 200},
    };
    struct api_test *test = *state;

    create_specs(test, 8);
    const size_t mark = sent_mark(test);
    dm_spec_iter *iter = iterate(test, DM_VISIBILITY_PRIVATE, &options);
    assert_next_specs(test, iter, 3, 8);
    assert_done(test, iter);
    assert_sent(test, mark, expected, 2);
    dm_spec_iter_free(iter);
}

static void an_iterator_over_an_empty_list_is_done_at_once(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/recognition/specs", "offset=0&limit=100", NULL, 200};
    struct api_test *test = *state;
    dm_spec_iter *iter = iterate(test, DM_VISIBILITY_PRIVATE, NULL);

    assert_done(test, iter);
    assert_done(test, iter);
    assert_sent(test, 0, &expected, 1);
    dm_spec_iter_free(iter);
}

static void an_iterator_goes_through_the_public_specifications(void **state)
{
    static const dm_page_options one_by_one = {.limit = 1};
    struct api_test *test = *state;
    dm_spec_iter *iter = iterate(test, DM_VISIBILITY_PUBLIC, &one_by_one);
    const dm_spec *spec = NULL;

    assert_ok(test, dm_spec_iter_next(iter, NULL, &spec, &test->error));
    assert_string_equal(spec->id.public_id, "sandbox-colors");
    assert_ok(test, dm_spec_iter_next(iter, NULL, &spec, &test->error));
    assert_string_equal(spec->id.public_id, "sandbox-regions");
    assert_ok(test, dm_spec_iter_next(iter, NULL, &spec, &test->error));
    assert_string_equal(spec->id.public_id, "sandbox-pair");
    assert_done(test, iter);
    dm_spec_iter_free(iter);
}

/* A page whose request failed is requested again, and no item is skipped. */
static void an_iterator_continues_after_a_failure(void **state)
{
    struct api_test *test = *state;
    const dm_spec *spec = NULL;
    dm_call_options call = {0};

    create_specs(test, 9);
    dm_spec_iter *iter = iterate(test, DM_VISIBILITY_PRIVATE, NULL);
    assert_ok(test, dm_cancel_new(&call.cancel, &test->error));
    dm_cancel_fire(call.cancel);
    assert_status(dm_spec_iter_next(iter, &call, &spec, &test->error), DM_ERR_CANCELLED, &test->error);
    assert_null(spec);
    assert_next_specs(test, iter, 1, 7);
    assert_status(dm_spec_iter_next(iter, &call, &spec, &test->error), DM_ERR_CANCELLED, &test->error);
    assert_next_specs(test, iter, 8, 9);
    assert_done(test, iter);
    dm_spec_iter_free(iter);
    dm_cancel_free(call.cancel);
}

static void an_iterator_may_be_freed_before_its_end(void **state)
{
    struct api_test *test = *state;

    create_specs(test, 9);
    dm_spec_iter *iter = iterate(test, DM_VISIBILITY_PRIVATE, NULL);
    assert_next_specs(test, iter, 1, 8);
    dm_spec_iter_free(iter);
    dm_spec_iter_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(an_iterator_requests_a_page_only_when_it_is_needed),
        SPEC_TEST(an_iterator_begins_at_the_given_offset),
        SPEC_TEST(an_iterator_over_an_empty_list_is_done_at_once),
        SPEC_TEST(an_iterator_goes_through_the_public_specifications),
        SPEC_TEST(an_iterator_continues_after_a_failure),
        SPEC_TEST(an_iterator_may_be_freed_before_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
