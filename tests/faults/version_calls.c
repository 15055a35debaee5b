/* Calls about versions. */
#include "calls.h"

#include "assert_status.h"
#include "test.h"

static dm_status end_version(struct fixture *fixture, dm_status status, dm_version *version)
{
    if (has_result(fixture, status, version))
        dm_version_free(version);
    return status;
}

static dm_status end_version_page(struct fixture *fixture, dm_status status, dm_version_page *page)
{
    if (has_result(fixture, status, page))
        dm_version_page_free(page);
    return status;
}

dm_status version_create(struct fixture *fixture)
{
    dm_version *version = UNTOUCHED;
    const dm_status status = dm_version_create(fixture->client, dm_private_spec(42), 3, "[{\"classification\":{}}]",
                                               &fixture->call, &version, &fixture->error);
    return end_version(fixture, status, version);
}

dm_status version_retrieve(struct fixture *fixture)
{
    dm_version *version = UNTOUCHED;
    const dm_status status = dm_version_retrieve(fixture->client, 5, &fixture->call, &version, &fixture->error);
    return end_version(fixture, status, version);
}

dm_status version_delete(struct fixture *fixture)
{
    return dm_version_delete(fixture->client, 5, &fixture->call, &fixture->error);
}

dm_status version_list(struct fixture *fixture)
{
    dm_version_page *page = UNTOUCHED;
    const dm_status status = dm_version_list(fixture->client, &one_item, &fixture->call, &page, &fixture->error);
    return end_version_page(fixture, status, page);
}

dm_status spec_versions(struct fixture *fixture)
{
    dm_version_page *page = UNTOUCHED;
    const dm_status status =
        dm_spec_versions(fixture->client, dm_private_spec(42), &one_item, &fixture->call, &page, &fixture->error);
    return end_version_page(fixture, status, page);
}

void prepare_versions(struct fixture *fixture)
{
    assert_status(dm_version_list(fixture->client, NULL, NULL, &fixture->versions, &fixture->error), DM_OK,
                  &fixture->error);
}

dm_status version_page_next(struct fixture *fixture)
{
    dm_version_page *page = UNTOUCHED;
    const dm_status status =
        dm_version_page_next(fixture->client, fixture->versions, &fixture->call, &page, &fixture->error);
    return end_version_page(fixture, status, page);
}

dm_status version_iter_new(struct fixture *fixture)
{
    dm_version_iter *iter = UNTOUCHED;
    const dm_status status = dm_version_iter_new(fixture->client, NULL, &one_item, &iter, &fixture->error);
    if (has_result(fixture, status, iter))
        dm_version_iter_free(iter);
    return status;
}

void prepare_version_iter(struct fixture *fixture)
{
    const dm_spec_id spec = dm_private_spec(42);
    assert_status(dm_version_iter_new(fixture->client, &spec, &one_item, &fixture->version_iter, &fixture->error),
                  DM_OK, &fixture->error);
}

dm_status version_iter_next(struct fixture *fixture)
{
    const dm_version *version = UNTOUCHED;
    const dm_status status = dm_version_iter_next(fixture->version_iter, &fixture->call, &version, &fixture->error);
    has_result(fixture, status, version);
    return status;
}

void prepare_version_iter_at_end_of_page(struct fixture *fixture)
{
    prepare_version_iter(fixture);
    assert_status(version_iter_next(fixture), DM_OK, &fixture->error);
}
