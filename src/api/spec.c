#include "api/iterator.h"
#include "api/list.h"
#include "api/path.h"
#include "base/arena.h"
#include "codec/decode.h"
#include "codec/encode.h"

dm_spec_id dm_private_spec(int64_t id)
{
    return (dm_spec_id){.private_id = id};
}

/* NULL must not be taken for a private id. */
dm_spec_id dm_public_spec(const char *name)
{
    return (dm_spec_id){.public_id = name != NULL ? name : ""};
}

void dm_spec_free(dm_spec *spec)
{
    arena_free_root(spec);
}

dm_status dm_spec_create(dm_client *client, const char *name, const dm_output *outputs, size_t output_count,
                         const dm_spec_create_options *options, const dm_call_options *call_options, dm_spec **spec,
                         dm_error *error)
{
    struct call call;

    call_open(&call, client, "spec", spec, call_options, error);
    path_specs(&call, "POST", DM_VISIBILITY_PRIVATE);
    call.request.not_repeatable = true;
    encode_spec(&call.request, name, outputs, output_count, options, &call.failure);
    call_exchange(&call, &spec_shape);
    return call_close(&call);
}

dm_status dm_spec_retrieve(dm_client *client, dm_spec_id id, const dm_call_options *options, dm_spec **spec,
                           dm_error *error)
{
    struct call call;

    call_open(&call, client, "spec", spec, options, error);
    path_spec(&call, "GET", id);
    call_exchange(&call, &spec_shape);
    return call_close(&call);
}

dm_status dm_spec_update(dm_client *client, dm_spec_id id, const dm_spec_changes *changes,
                         const dm_call_options *options, dm_spec **spec, dm_error *error)
{
    struct call call;

    call_open(&call, client, "spec", spec, options, error);
    path_private_spec(&call, "PATCH", id);
    encode_spec_changes(&call.request, changes, &call.failure);
    call_exchange(&call, &spec_shape);
    return call_close(&call);
}

dm_status dm_spec_delete(dm_client *client, dm_spec_id id, const dm_call_options *options, dm_error *error)
{
    struct call call;

    call_open(&call, client, NULL, NULL, options, error);
    path_private_spec(&call, "DELETE", id);
    call_delete(&call);
    return call_close(&call);
}

/* ---- Lists ---- */

static const struct list list = {
    &spec_page_shape, offsetof(dm_spec_page, next), {"/recognition/specs", "/recognition/public"}};

void dm_spec_page_free(dm_spec_page *page)
{
    arena_free_root(page);
}

dm_status dm_spec_list(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                       const dm_call_options *call_options, dm_spec_page **page, dm_error *error)
{
    struct call call;

    call_open(&call, client, "page", page, call_options, error);
    path_specs(&call, "GET", visibility);
    list_exchange(&call, &list, options);
    return call_close(&call);
}

dm_status dm_spec_page_next(dm_client *client, const dm_spec_page *page, const dm_call_options *options,
                            dm_spec_page **next, dm_error *error)
{
    struct call call;

    call_open(&call, client, "next", next, options, error);
    list_exchange_next(&call, &list, page);
    return call_close(&call);
}

dm_status dm_spec_iter_new(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                           dm_spec_iter **iter, dm_error *error)
{
    struct call call;

    call_open(&call, client, "iter", iter, NULL, error);
    path_specs(&call, "GET", visibility);
    list_append_query(&call, options);
    iterator_new(&call, &spec_shape);
    return call_close(&call);
}

dm_status dm_spec_iter_next(dm_spec_iter *iter, const dm_call_options *options, const dm_spec **spec, dm_error *error)
{
    return iterator_next((struct iterator *)iter, "spec", spec, options, error);
}

void dm_spec_iter_free(dm_spec_iter *iter)
{
    iterator_free((struct iterator *)iter);
}
