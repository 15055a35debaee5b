/* Calls about specifications. */
#include "calls.h"

#include "assert_status.h"
#include "test.h"

static dm_status end_spec(struct fixture *fixture, dm_status status, dm_spec *spec)
{
    if (has_result(fixture, status, spec))
        dm_spec_free(spec);
    return status;
}

static dm_status end_spec_page(struct fixture *fixture, dm_status status, dm_spec_page *page)
{
    if (has_result(fixture, status, page))
        dm_spec_page_free(page);
    return status;
}

dm_status spec_create(struct fixture *fixture)
{
    static const dm_label labels[] = {{1, "hot dog"}, {2, "no \"hot\" dog\n"}};
    static const dm_output outputs[] = {{.labels = {.labels = labels, .label_count = 2, .roi = DM_ROI_BBOX}},
                                        {.labels = {.labels = labels, .label_count = 1, .exclusive = true}}};
    static const dm_spec_create_options options = {.description = "d", .metadata = "{\"a\":[1,2,{\"b\":null}]}"};
    dm_spec *spec = UNTOUCHED;
    const dm_status status =
        dm_spec_create(fixture->client, "s", outputs, 2, &options, &fixture->call, &spec, &fixture->error);
    return end_spec(fixture, status, spec);
}

dm_status spec_retrieve(struct fixture *fixture)
{
    dm_spec *spec = UNTOUCHED;
    const dm_status status =
        dm_spec_retrieve(fixture->client, dm_private_spec(42), &fixture->call, &spec, &fixture->error);
    return end_spec(fixture, status, spec);
}

dm_status spec_retrieve_public(struct fixture *fixture)
{
    dm_spec *spec = UNTOUCHED;
    const dm_status status =
        dm_spec_retrieve(fixture->client, dm_public_spec("fashion v4"), &fixture->call, &spec, &fixture->error);
    return end_spec(fixture, status, spec);
}

dm_status spec_update(struct fixture *fixture)
{
    static const int64_t version = 5;
    static const dm_spec_changes changes = {
        .name = "s", .description = "d", .metadata = "{}", .current_version_id = &version};
    dm_spec *spec = UNTOUCHED;
    const dm_status status =
        dm_spec_update(fixture->client, dm_private_spec(42), &changes, &fixture->call, &spec, &fixture->error);
    return end_spec(fixture, status, spec);
}

dm_status spec_delete(struct fixture *fixture)
{
    return dm_spec_delete(fixture->client, dm_private_spec(42), &fixture->call, &fixture->error);
}

dm_status spec_list(struct fixture *fixture)
{
    dm_spec_page *page = UNTOUCHED;
    const dm_status status =
        dm_spec_list(fixture->client, DM_VISIBILITY_PRIVATE, &one_item, &fixture->call, &page, &fixture->error);
    return end_spec_page(fixture, status, page);
}

void prepare_specs(struct fixture *fixture)
{
    assert_status(dm_spec_list(fixture->client, DM_VISIBILITY_PUBLIC, NULL, NULL, &fixture->specs, &fixture->error),
                  DM_OK, &fixture->error);
}

dm_status spec_page_next(struct fixture *fixture)
{
    dm_spec_page *page = UNTOUCHED;
    const dm_status status = dm_spec_page_next(fixture->client, fixture->specs, &fixture->call, &page, &fixture->error);
    return end_spec_page(fixture, status, page);
}

dm_status spec_iter_new(struct fixture *fixture)
{
    dm_spec_iter *iter = UNTOUCHED;
    const dm_status status =
        dm_spec_iter_new(fixture->client, DM_VISIBILITY_PRIVATE, &one_item, &iter, &fixture->error);
    if (has_result(fixture, status, iter))
        dm_spec_iter_free(iter);
    return status;
}

void prepare_spec_iter(struct fixture *fixture)
{
    assert_status(
        dm_spec_iter_new(fixture->client, DM_VISIBILITY_PRIVATE, &one_item, &fixture->spec_iter, &fixture->error),
        DM_OK, &fixture->error);
}

dm_status spec_iter_next(struct fixture *fixture)
{
    const dm_spec *spec = UNTOUCHED;
    const dm_status status = dm_spec_iter_next(fixture->spec_iter, &fixture->call, &spec, &fixture->error);
    has_result(fixture, status, spec);
    return status;
}

void prepare_spec_iter_at_end_of_page(struct fixture *fixture)
{
    prepare_spec_iter(fixture);
    assert_status(spec_iter_next(fixture), DM_OK, &fixture->error);
}
