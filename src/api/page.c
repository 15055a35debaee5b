#include "api/page.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/url.h"

#include <inttypes.h>
#include <string.h>

enum { USUAL_LIMIT = 100 };

dm_status page_check_options(const dm_page_options *options, dm_error *error)
{
    if (options == NULL || (options->offset >= 0 && options->limit >= 0))
        return DM_OK;
    return error_set(error, DM_ERR_INVALID_ARGUMENT,
                     "options.offset is %" PRId64 " and options.limit is %" PRId64 "; they must not be negative",
                     options->offset, options->limit);
}

void page_append_query(struct call *call, const dm_page_options *options)
{
    const int64_t offset = options != NULL ? options->offset : 0;
    const int64_t limit = options != NULL && options->limit > 0 ? options->limit : USUAL_LIMIT;

    if (call->status == DM_OK)
        call_check(call, page_check_options(options, call->error));
    request_append_query_integer(&call->request, "offset", offset);
    request_append_query_integer(&call->request, "limit", limit);
}

int64_t page_deadline(dm_client *client, const dm_call_options *options)
{
    const bool own_timeout = options != NULL && options->timeout_ms != 0;
    return clock_after(own_timeout ? options->timeout_ms : client_settings(client)->timeout_ms);
}

dm_call_options page_rest_of_call(const dm_call_options *options, int64_t deadline)
{
    const int64_t left_ms = deadline == CLOCK_NEVER ? -1 : clock_until(clock_now(), deadline);
    return (dm_call_options){
        .timeout_ms = left_ms != 0 ? left_ms : 1, /* 0 would be the client's default */
        .cancel = options != NULL ? options->cancel : NULL,
    };
}

void page_trail_init(struct page_trail *trail)
{
    *trail = (struct page_trail){.patience = 1};
    text_init(&trail->landmark, TEXT_NO_LIMIT);
}

void page_trail_free(struct page_trail *trail)
{
    text_free(&trail->landmark);
}

/* Brent's: a landmark that is set anew after 1, 2, 4, 8... steps is met again in a circle of whatever length. */
dm_status page_trail_pass(struct page_trail *trail, const char *next, dm_error *error)
{
    if (next == NULL)
        return DM_OK;
    if (trail->landmark.length > 0 && strcmp(trail->landmark.data, next) == 0)
        return error_set(error, DM_ERR_BAD_RESPONSE, "the list does not end: its pages lead in a circle");
    if (++trail->steps < trail->patience)
        return DM_OK;
    trail->steps = 0;
    trail->patience *= 2;
    text_clear(&trail->landmark);
    text_append_string(&trail->landmark, next);
    return error_of_text(error, trail->landmark.status);
}

void page_follow(struct call *call, const char *link)
{
    if (call->status != DM_OK)
        return;
    if (link == NULL) {
        call->status = DM_DONE;
        return;
    }
    call_request(call, "GET");
    call->request.from_origin = true;
    const enum url_link verdict = url_resolve_link(call->settings->origin.data, link, &call->request.target);
    if (verdict == URL_LINK_NO_MEMORY)
        call_check(call, error_no_memory(call->error));
    if (verdict == URL_LINK_FOREIGN)
        call_check(call, error_set(call->error, DM_ERR_REDIRECT,
                                   "the link to the next page leads to another server than %s, which must not get the "
                                   "API key: %s",
                                   call->settings->origin.data, link));
}
