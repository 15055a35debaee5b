#include "api/page.h"
#include "api/path.h"
#include "base/error.h"
#include "codec/decode.h"
#include "codec/encode.h"

#include <assert.h>
#include <stdlib.h>

void dm_version_free(dm_version *version)
{
    arena_free_root(version);
}

void dm_version_page_free(dm_version_page *page)
{
    arena_free_root(page);
}

/* Sends the call's request, whose answer is a version. */
static dm_status receive_version(struct call *call, dm_version **version)
{
    call_send(call);
    if (call->status == DM_OK)
        call_check(call, decode_version(&call->reply, version, call->error));
    return call_close(call);
}

static dm_status receive_page(struct call *call, dm_version_page **page)
{
    call_send(call);
    if (call->status == DM_OK)
        call_check(call, decode_version_page(&call->reply, page, call->error));
    return call_close(call);
}

dm_status dm_version_create(dm_client *client, dm_spec_id spec, int64_t network_id, const char *post_processings,
                            const dm_call_options *options, dm_version **version, dm_error *error)
{
    struct call call;

    CALL_CLEAR(version);
    call_open(&call, client, options, version, error);
    if (call.status == DM_OK)
        call_check(&call, path_check_private(spec, call.error));
    path_versions(&call, "POST");
    call.request.not_repeatable = true;
    if (call.status == DM_OK)
        call_check(&call, encode_version(&call.request, spec.private_id, network_id, post_processings, call.error));
    return receive_version(&call, version);
}

dm_status dm_version_retrieve(dm_client *client, int64_t id, const dm_call_options *options, dm_version **version,
                              dm_error *error)
{
    struct call call;

    CALL_CLEAR(version);
    call_open(&call, client, options, version, error);
    path_version(&call, "GET", id);
    return receive_version(&call, version);
}

dm_status dm_version_delete(dm_client *client, int64_t id, const dm_call_options *options, dm_error *error)
{
    struct call call;

    call_open(&call, client, options, client, error);
    path_version(&call, "DELETE", id);
    call_send(&call);
    if (call.status == DM_OK)
        call_check(&call, decode_nothing(&call.reply, call.error));
    return call_close(&call);
}

/* ---- Pages ---- */

dm_status dm_version_list(dm_client *client, const dm_page_options *options, const dm_call_options *call_options,
                          dm_version_page **page, dm_error *error)
{
    struct call call;

    CALL_CLEAR(page);
    call_open(&call, client, call_options, page, error);
    path_versions(&call, "GET");
    page_append_query(&call, options);
    return receive_page(&call, page);
}

dm_status dm_spec_versions(dm_client *client, dm_spec_id spec, const dm_page_options *options,
                           const dm_call_options *call_options, dm_version_page **page, dm_error *error)
{
    struct call call;

    CALL_CLEAR(page);
    call_open(&call, client, call_options, page, error);
    path_private_spec(&call, "GET", spec);
    request_append_name(&call.request, "versions");
    page_append_query(&call, options);
    return receive_page(&call, page);
}

dm_status dm_version_page_next(dm_client *client, const dm_version_page *page, const dm_call_options *options,
                               dm_version_page **next, dm_error *error)
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

struct dm_version_iter {
    dm_client *client;
    int64_t spec_id; /* 0: over all versions */
    dm_page_options options;
    struct page_trail trail;
    dm_version_page *page; /* NULL at first */
    size_t index;          /* of the next item in it */
};

dm_status dm_version_iter_new(dm_client *client, const dm_spec_id *spec, const dm_page_options *options,
                              dm_version_iter **iter, dm_error *error)
{
    CALL_CLEAR(iter);
    error_clear(error);
    if (client == NULL || iter == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "client and iter must not be NULL");
    dm_status status = spec != NULL ? path_check_private(*spec, error) : DM_OK;
    if (status == DM_OK)
        status = page_check_options(options, error);
    if (status != DM_OK)
        return status;

    dm_version_iter *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_no_memory(error);
    page_trail_init(&made->trail);
    made->client = client;
    if (spec != NULL)
        made->spec_id = spec->private_id;
    if (options != NULL)
        made->options = *options;
    *iter = made;
    return DM_OK;
}

static dm_status first_page(const dm_version_iter *iter, const dm_call_options *options, dm_version_page **page,
                            dm_error *error)
{
    if (iter->spec_id == 0)
        return dm_version_list(iter->client, &iter->options, options, page, error);
    return dm_spec_versions(iter->client, dm_private_spec(iter->spec_id), &iter->options, options, page, error);
}

static dm_status turn_page(dm_version_iter *iter, const dm_call_options *options, dm_error *error)
{
    dm_version_page *next = NULL;
    dm_status status = iter->page == NULL ? first_page(iter, options, &next, error)
                                          : dm_version_page_next(iter->client, iter->page, options, &next, error);
    assert(status != DM_OK || next != NULL);
    if (status == DM_OK)
        status = page_trail_pass(&iter->trail, next->next, error);
    if (status != DM_OK) {
        dm_version_page_free(next);
        return status;
    }
    dm_version_page_free(iter->page);
    iter->page = next;
    iter->index = 0;
    return DM_OK;
}

dm_status dm_version_iter_next(dm_version_iter *iter, const dm_call_options *options, const dm_version **version,
                               dm_error *error)
{
    CALL_CLEAR(version);
    error_clear(error);
    if (iter == NULL || version == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "iter and version must not be NULL");
    const int64_t deadline = page_deadline(iter->client, options);
    for (int turned = 0; iter->page == NULL || iter->index == iter->page->result_count; turned++) {
        if (turned == MAX_EMPTY_PAGES)
            return error_set(error, DM_ERR_BAD_RESPONSE, "the list does not end: %d empty pages in a row", turned);
        const dm_call_options rest = page_rest_of_call(options, deadline);
        const dm_status status = turn_page(iter, &rest, error);
        if (status != DM_OK)
            return status;
    }
    *version = &iter->page->results[iter->index++];
    return DM_OK;
}

void dm_version_iter_free(dm_version_iter *iter)
{
    if (iter == NULL)
        return;
    dm_version_page_free(iter->page);
    page_trail_free(&iter->trail);
    free(iter);
}
