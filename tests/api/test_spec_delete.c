/* Deleting a specification. */
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

static void a_deleted_specification_is_gone_with_its_versions(void **state)
{
    static const struct expected_request expected[] = {
        {"DELETE", "/v0.7/recognition/specs/1", "", NULL, 204},
        {"GET", "/v0.7/recognition/specs/1", "", NULL, 404},
        {"GET", "/v0.7/recognition/versions/1", "", NULL, 404},
        {"DELETE", "/v0.7/recognition/specs/1", "", NULL, 404},
    };
    struct api_test *test = *state;
    dm_spec *spec = NULL;
    dm_version *version = NULL;

    create_specs(test, 2);
    create_versions(test, 1, 1);
    const size_t mark = sent_mark(test);
    assert_ok(test, dm_spec_delete(test->client, dm_private_spec(1), NULL, &test->error));
    assert_not_found(test, dm_spec_retrieve(test->client, dm_private_spec(1), NULL, &spec, &test->error));
    assert_not_found(test, dm_version_retrieve(test->client, 1, NULL, &version, &test->error));
    assert_not_found(test, dm_spec_delete(test->client, dm_private_spec(1), NULL, &test->error));
    assert_sent(test, mark, expected, 4);
    dm_spec_page *page = list_specs(test, NULL);
    assert_int_equal(page->count, 1);
    assert_int_equal(page->results[0].id.private_id, 2);
    dm_spec_page_free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(a_deleted_specification_is_gone_with_its_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
