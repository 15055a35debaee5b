#include "api/page.h"
#include "api/path.h"
#include "base/error.h"
#include "codec/decode.h"
#include "codec/encode.h"

#include <assert.h>
#include <stdlib.h>

dm_spec_id dm_private_spec(int64_t id)
{
    return (dm_spec_id){.private_id = id};
}

/* A NULL name must not turn into a private id. */
dm_spec_id dm_public_spec(const char *name)
{
    return (dm_spec_id){.public_id = name != NULL ? name : ""};
}

void dm_spec_free(dm_spec *spec)
{
    arena_free_root(spec);
}

void dm_spec_page_free(dm_spec_page *page)
{
    arena_free_root(page);
}

/* Sends the call's request, whose answer is a specification. */
static dm_status receive_spec(struct call *call, dm_spec **spec)
{
    call_send(call);
    if (call->status == DM_OK)
        call_check(call, decode_spec(&call->reply, spec, call->error));
    return call_close(call);
}

static dm_status receive_page(struct call *call, dm_spec_page **page)
{
    call_send(call);
    if (call->status == DM_OK)
        call_check(call, decode_spec_page(&call->reply, page, call->error));
    return call_close(call);
}

dm_status dm_spec_create(dm_client *client, const char *name, const dm_output *outputs, size_t output_count,
                         const dm_spec_create_options *options, const dm_call_options *call_options, dm_spec **spec,
                         dm_error *error)
{
    struct call call;

    CALL_CLEAR(spec);
    call_open(&call, client, call_options, spec, error);
    path_specs(&call, "POST", DM_VISIBILITY_PRIVATE);
    call.request.not_repeatable = true;
    if (call.status == DM_OK)
        call_check(&call, encode_spec(&call.request, name, outputs, output_count, options, call.error));
    return receive_spec(&call, spec);
}

dm_status dm_spec_retrieve(dm_client *client, dm_spec_id id, const dm_call_options *options, dm_spec **spec,
                           dm_error *error)
{
    struct call call;

    CALL_CLEAR(spec);
    call_open(&call, client, options, spec, error);
    path_spec(&call, "GET", id);
    return receive_spec(&call, spec);
}

dm_status dm_spec_update(dm_client *client, dm_spec_id id, const dm_spec_changes *changes,
                         const dm_call_options *options, dm_spec **spec, dm_error *error)
{
    struct call call;

    CALL_CLEAR(spec);
    call_open(&call, client, options, spec, error);
    path_private_spec(&call, "PATCH", id);
    if (call.status == DM_OK)
        call_check(&call, encode_spec_changes(&call.request, changes, call.error));
    return receive_spec(&call, spec);
}

dm_status dm_spec_delete(dm_client *client, dm_spec_id id, const dm_call_options *options, dm_error *error)
{
    struct call call;

    call_open(&call, client, options, client, error);
    path_private_spec(&call, "DELETE", id);
    call_send(&call);
    if (call.status == DM_OK)
        call_check(&call, decode_nothing(&call.reply, call.error));
    return call_close(&call);
}

/* ---- Pages ---- */

static dm_status check_visibility(dm_visibility visibility, dm_error *error)
{
    if (visibility == DM_VISIBILITY_PRIVATE || visibility == DM_VISIBILITY_PUBLIC)
        return DM_OK;
    return error_set(error, DM_ERR_INVALID_ARGUMENT,
                     "visibility must be DM_VISIBILITY_PRIVATE or DM_VISIBILITY_PUBLIC");
}

dm_status dm_spec_list(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                       const dm_call_options *call_options, dm_spec_page **page, dm_error *error)
{
    struct call call;

    CALL_CLEAR(page);
    call_open(&call, client, call_options, page, error);
    if (call.status == DM_OK)
        call_check(&call, check_visibility(visibility, call.error));
    path_specs(&call, "GET", visibility);
    page_append_query(&call, options);
    return receive_page(&call, page);
}

dm_status dm_spec_page_next(dm_client *client, const dm_spec_page *page, const dm_call_options *options,
                            dm_spec_page **next, dm_error *error)
{
    struct call call;

    CALL_CLEAR(next);
    call_open(&call, client, options, next, error);
    if (call.status == DM_OK && page == NULL)
        call_check(&call, error_set(call.error, DM_ERR_INVALID_ARGUMENT, "page must not be NULL"));
    page_follow(&call, page != NULL ? page->next : NULL);
    return receive_page(&call, next);
}

/* ---- The iterator ---- */

struct dm_spec_iter {
    dm_client *client;
    dm_visibility visibility;
    dm_page_options options;
    struct page_trail trail;
    dm_spec_page *page; /* NULL at first */
    size_t index;       /* of the next item in it */
};

dm_status dm_spec_iter_new(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                           dm_spec_iter **iter, dm_error *error)
{
    CALL_CLEAR(iter);
    error_clear(error);
    if (client == NULL || iter == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "client and iter must not be NULL");
    dm_status status = check_visibility(visibility, error);
    if (status == DM_OK)
        status = page_check_options(options, error);
    if (status != DM_OK)
        return status;

    dm_spec_iter *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(error);
    page_trail_init(&made->trail);
    made->client = client;
    made->visibility = visibility;
    if (options != NULL)
        made->options = *options;
    *iter = made;
    return DM_OK;
}

static dm_status turn_page(dm_spec_iter *iter, const dm_call_options *options, dm_error *error)
{
    dm_spec_page *next = NULL;
    dm_status status = iter->page == NULL
                           ? dm_spec_list(iter->client, iter->visibility, &iter->options, options, &next, error)
                           : dm_spec_page_next(iter->client, iter->page, options, &next, error);
    assert(status != DM_OK || next != NULL);
    if (status == DM_OK)
        status = page_trail_pass(&iter->trail, next->next, error);
    if (status != DM_OK) {
        dm_spec_page_free(next);
        return status;
    }
    dm_spec_page_free(iter->page);
    iter->page = next;
    iter->index = 0;
    return DM_OK;
}

dm_status dm_spec_iter_next(dm_spec_iter *iter, const dm_call_options *options, const dm_spec **spec, dm_error *error)
{
    CALL_CLEAR(spec);
    error_clear(error);
    if (iter == NULL || spec == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "iter and spec must not be NULL");
    const int64_t deadline = page_deadline(iter->client, options);
    for (int turned = 0; iter->page == NULL || iter->index == iter->page->result_count; turned++) {
        if (turned == MAX_EMPTY_PAGES)
            return error_set(error, DM_ERR_BAD_RESPONSE, "the list does not end: %d empty pages in a row", turned);
        const dm_call_options rest = page_rest_of_call(options, deadline);
        const dm_status status = turn_page(iter, &rest, error);
        if (status != DM_OK)
            return status;
    }
    *spec = &iter->page->results[iter->index++];
    return DM_OK;
}

void dm_spec_iter_free(dm_spec_iter *iter)
{
    if (iter == NULL)
        return;
    dm_spec_page_free(iter->page);
    page_trail_free(&iter->trail);
    free(iter);
}
