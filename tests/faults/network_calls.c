/* Calls about networks. */
#include "calls.h"

#include "assert_status.h"
#include "test.h"

static void ignore_progress(int64_t sent, int64_t total, void *data)
{
    (void)sent;
    (void)total;
    (void)data;
}

static dm_status end_network(struct fixture *fixture, dm_status status, dm_network *network)
{
    if (has_result(fixture, status, network))
        dm_network_free(network);
    return status;
}

static dm_status end_network_page(struct fixture *fixture, dm_status status, dm_network_page *page)
{
    if (has_result(fixture, status, page))
        dm_network_page_free(page);
    return status;
}

/* One more file than the list of pieces can initially hold. */
dm_status network_create(struct fixture *fixture)
{
    static const char bytes[] = "not much of a model";
    static const dm_network_file files[] = {
        {.name = "saved_model.pb", .path = PHOTOS_DIR "/README.md"},
        {.name = "variables.index", .bytes = bytes, .size = sizeof bytes},
        {.name = "variables.data-00000-of-00001", .path = PHOTOS_DIR "/README.md"},
    };
    static const dm_network_create_options options = {
        .description = "d", .metadata = "{\"a\":[1,2,{\"b\":null}]}", .progress = ignore_progress};
    dm_network *network = UNTOUCHED;
    const dm_status status = dm_network_create(fixture->client, "n", "tensorflow-1.x", "{\"inputs\":[]}", files, 3,
                                               &options, &fixture->call, &network, &fixture->error);
    return end_network(fixture, status, network);
}

dm_status network_retrieve(struct fixture *fixture)
{
    dm_network *network = UNTOUCHED;
    const dm_status status =
        dm_network_retrieve(fixture->client, dm_private_network(42), &fixture->call, &network, &fixture->error);
    return end_network(fixture, status, network);
}

dm_status network_retrieve_public(struct fixture *fixture)
{
    dm_network *network = UNTOUCHED;
    const dm_status status = dm_network_retrieve(fixture->client, dm_public_network("inception v3"), &fixture->call,
                                                 &network, &fixture->error);
    return end_network(fixture, status, network);
}

dm_status network_update(struct fixture *fixture)
{
    static const dm_network_changes changes = {.name = "n", .description = "d", .metadata = "{}"};
    dm_network *network = UNTOUCHED;
    const dm_status status =
        dm_network_update(fixture->client, dm_private_network(42), &changes, &fixture->call, &network, &fixture->error);
    return end_network(fixture, status, network);
}

dm_status network_delete(struct fixture *fixture)
{
    return dm_network_delete(fixture->client, dm_private_network(42), &fixture->call, &fixture->error);
}

dm_status network_list(struct fixture *fixture)
{
    dm_network_page *page = UNTOUCHED;
    const dm_status status =
        dm_network_list(fixture->client, DM_VISIBILITY_PRIVATE, &one_item, &fixture->call, &page, &fixture->error);
    return end_network_page(fixture, status, page);
}

void prepare_networks(struct fixture *fixture)
{
    assert_status(
        dm_network_list(fixture->client, DM_VISIBILITY_PUBLIC, NULL, NULL, &fixture->networks, &fixture->error), DM_OK,
        &fixture->error);
}

dm_status network_page_next(struct fixture *fixture)
{
    dm_network_page *page = UNTOUCHED;
    const dm_status status =
        dm_network_page_next(fixture->client, fixture->networks, &fixture->call, &page, &fixture->error);
    return end_network_page(fixture, status, page);
}

dm_status network_iter_new(struct fixture *fixture)
{
    dm_network_iter *iter = UNTOUCHED;
    const dm_status status =
        dm_network_iter_new(fixture->client, DM_VISIBILITY_PRIVATE, &one_item, &iter, &fixture->error);
    if (has_result(fixture, status, iter))
        dm_network_iter_free(iter);
    return status;
}

void prepare_network_iter(struct fixture *fixture)
{
    assert_status(
        dm_network_iter_new(fixture->client, DM_VISIBILITY_PRIVATE, &one_item, &fixture->network_iter, &fixture->error),
        DM_OK, &fixture->error);
}

dm_status network_iter_next(struct fixture *fixture)
{
    const dm_network *network = UNTOUCHED;
    const dm_status status = dm_network_iter_next(fixture->network_iter, &fixture->call, &network, &fixture->error);
    has_result(fixture, status, network);
    return status;
}

void prepare_network_iter_at_end_of_page(struct fixture *fixture)
{
    prepare_network_iter(fixture);
    assert_status(network_iter_next(fixture), DM_OK, &fixture->error);
}
