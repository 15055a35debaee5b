#include "api/iterator.h"
#include "api/list.h"
#include "api/path.h"
#include "base/arena.h"
#include "codec/decode.h"
#include "codec/encode.h"

void dm_version_free(dm_version *version)
{
    arena_free_root(version);
}

dm_status dm_version_create(dm_client *client, dm_spec_id spec, int64_t network_id, const char *post_processings,
                            const dm_call_options *options, dm_version **version, dm_error *error)
{
    struct call call;

    call_open(&call, client, "version", version, options, error);
    path_check_private(&call.failure, spec);
    path_versions(&call, "POST");
    call.request.not_repeatable = true;
    encode_version(&call.request, spec.private_id, network_id, post_processings, &call.failure);
    call_exchange(&call, &version_shape);
    return call_close(&call);
}

dm_status dm_version_retrieve(dm_client *client, int64_t id, const dm_call_options *options, dm_version **version,
                              dm_error *error)
{
    struct call call;

    call_open(&call, client, "version", version, options, error);
    path_version(&call, "GET", id);
    call_exchange(&call, &version_shape);
    return call_close(&call);
}

dm_status dm_version_delete(dm_client *client, int64_t id, const dm_call_options *options, dm_error *error)
{
    struct call call;

    call_open(&call, client, NULL, NULL, options, error);
    path_version(&call, "DELETE", id);
    call_delete(&call);
    return call_close(&call);
}

/* ---- Lists: of all versions, or of the versions of one specification ---- */

static const struct list list = {
    &version_page_shape, offsetof(dm_version_page, next), {"/recognition/versions", "/recognition/specs/#/versions"}};

void dm_version_page_free(dm_version_page *page)
{
    arena_free_root(page);
}

dm_status dm_version_list(dm_client *client, const dm_page_options *options, const dm_call_options *call_options,
                          dm_version_page **page, dm_error *error)
{
    struct call call;

    call_open(&call, client, "page", page, call_options, error);
    path_versions(&call, "GET");
    list_exchange(&call, &list, options);
    return call_close(&call);
}

dm_status dm_spec_versions(dm_client *client, dm_spec_id spec, const dm_page_options *options,
                           const dm_call_options *call_options, dm_version_page **page, dm_error *error)
{
    struct call call;

    call_open(&call, client, "page", page, call_options, error);
    path_spec_versions(&call, spec);
    list_exchange(&call, &list, options);
    return call_close(&call);
}

dm_status dm_version_page_next(dm_client *client, const dm_version_page *page, const dm_call_options *options,
                               dm_version_page **next, dm_error *error)
{
    struct call call;

    call_open(&call, client, "next", next, options, error);
    list_exchange_next(&call, &list, page);
    return call_close(&call);
}

dm_status dm_version_iter_new(dm_client *client, const dm_spec_id *spec, const dm_page_options *options,
                              dm_version_iter **iter, dm_error *error)
{
    struct call call;

    call_open(&call, client, "iter", iter, NULL, error);
    if (spec != NULL)
        path_spec_versions(&call, *spec);
    else
        path_versions(&call, "GET");
    list_append_query(&call, options);
    iterator_new(&call, &version_shape);
    return call_close(&call);
}

dm_status dm_version_iter_next(dm_version_iter *iter, const dm_call_options *options, const dm_version **version,
                               dm_error *error)
{
    return iterator_next((struct iterator *)iter, "version", version, options, error);
}

void dm_version_iter_free(dm_version_iter *iter)
{
    iterator_free((struct iterator *)iter);
}
