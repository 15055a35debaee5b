#include "api/iterator.h"
#include "api/list.h"
#include "api/path.h"
#include "base/arena.h"
#include "codec/decode.h"
#include "codec/encode.h"

dm_network_id dm_private_network(int64_t id)
{
    return (dm_network_id){.private_id = id};
}

/* NULL must not be taken for a private id. */
dm_network_id dm_public_network(const char *name)
{
    return (dm_network_id){.public_id = name != NULL ? name : ""};
}

void dm_network_free(dm_network *network)
{
    arena_free_root(network);
}

/* An upload has no deadline by default: only a stall ends it. */
dm_status dm_network_create(dm_client *client, const char *name, const char *framework, const char *preprocessing,
                            const dm_network_file *files, size_t file_count, const dm_network_create_options *options,
                            const dm_call_options *call_options, dm_network **network, dm_error *error)
{
    enum { NO_DEADLINE = -1 };
    static const dm_network_create_options none = {0};
    const dm_network_create_options *given = options != NULL ? options : &none;
    const struct new_network described = {name, framework, preprocessing, files, file_count, given};
    struct call call;

    call_open(&call, client, "network", network, call_options, error);
    call_set_deadline(&call, call_options, NO_DEADLINE);
    path_networks(&call, "POST", DM_VISIBILITY_PRIVATE);
    call.request.not_repeatable = true;
    call.request.progress = given->progress;
    call.request.progress_data = given->progress_data;
    if (call_is_well(&call))
        encode_network(&call.request, call.settings->boundary, &described, &call.failure);
    call_exchange(&call, &network_shape);
    return call_close(&call);
}

dm_status dm_network_retrieve(dm_client *client, dm_network_id id, const dm_call_options *options, dm_network **network,
                              dm_error *error)
{
    struct call call;

    call_open(&call, client, "network", network, options, error);
    path_network(&call, "GET", id);
    call_exchange(&call, &network_shape);
    return call_close(&call);
}

dm_status dm_network_update(dm_client *client, dm_network_id id, const dm_network_changes *changes,
                            const dm_call_options *options, dm_network **network, dm_error *error)
{
    struct call call;

    call_open(&call, client, "network", network, options, error);
    path_private_network(&call, "PATCH", id);
    encode_network_changes(&call.request, changes, &call.failure);
    call_exchange(&call, &network_shape);
    return call_close(&call);
}

dm_status dm_network_delete(dm_client *client, dm_network_id id, const dm_call_options *options, dm_error *error)
{
    struct call call;

    call_open(&call, client, NULL, NULL, options, error);
    path_private_network(&call, "DELETE", id);
    call_delete(&call);
    return call_close(&call);
}

/* ---- Lists ---- */

static const struct list list = {
    &network_page_shape, offsetof(dm_network_page, next), {"/networks", "/networks/public"}};

void dm_network_page_free(dm_network_page *page)
{
    arena_free_root(page);
}

dm_status dm_network_list(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                          const dm_call_options *call_options, dm_network_page **page, dm_error *error)
{
    struct call call;

    call_open(&call, client, "page", page, call_options, error);
    path_networks(&call, "GET", visibility);
    list_exchange(&call, &list, options);
    return call_close(&call);
}

dm_status dm_network_page_next(dm_client *client, const dm_network_page *page, const dm_call_options *options,
                               dm_network_page **next, dm_error *error)
{
    struct call call;

    call_open(&call, client, "next", next, options, error);
    list_exchange_next(&call, &list, page);
    return call_close(&call);
}

dm_status dm_network_iter_new(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                              dm_network_iter **iter, dm_error *error)
{
    struct call call;

    call_open(&call, client, "iter", iter, NULL, error);
    path_networks(&call, "GET", visibility);
    list_append_query(&call, options);
    iterator_new(&call, &network_shape);
    return call_close(&call);
}

dm_status dm_network_iter_next(dm_network_iter *iter, const dm_call_options *options, const dm_network **network,
                               dm_error *error)
{
    return iterator_next((struct iterator *)iter, "network", network, options, error);
}

void dm_network_iter_free(dm_network_iter *iter)
{
    iterator_free((struct iterator *)iter);
}
