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

void page_append_query(struct call *on, const dm_page_options *options)
{
    const int64_t offset = options != NULL ? options->offset : 0;
    const int64_t limit = options != NULL && options->limit > 0 ? options->limit : USUAL_LIMIT;

    if (on->status == DM_OK)
        call_check(on, page_check_options(options, on->error));
    request_append_query_integer(&on->request, "offset", offset);
    request_append_query_integer(&on->request, "limit", limit);
}

int64_t page_deadline(dm_client *client, const dm_call *options)
{
    const bool own_timeout = options != NULL && options->timeout_ms != 0;
    return clock_after(own_timeout ? options->timeout_ms : client_settings(client)->timeout_ms);
}

dm_call page_rest_of_call(const dm_call *options, int64_t deadline)
{
    const int64_t left_ms = deadline == CLOCK_NEVER ? -1 : clock_until(clock_now(), deadline);
    return (dm_call){
        .timeout_ms = left_ms != 0 ? left_ms : 1, /* 0 would be the client's default */
        .cancel = options != NULL ? options->cancel : NULL,
    };
}

void page_trail_init(struct page_trail *of)
{
    *of = (struct page_trail){.patience = 1};
    text_init(&of->landmark, TEXT_NO_LIMIT);
}

void page_trail_free(struct page_trail *of)
{
    text_free(&of->landmark);
}

/* Brent's: a landmark that is set anew after 1, 2, 4, 8... steps is met again in a circle of whatever length. */
dm_status page_trail_pass(struct page_trail *of, const char *next, dm_error *error)
{
    if (next == NULL)
        return DM_OK;
    if (of->landmark.length > 0 && strcmp(of->landmark.data, next) == 0)
        return error_set(error, DM_ERR_BAD_RESPONSE, "the list does not end: its pages lead in a circle");
    if (++of->steps < of->patience)
        return DM_OK;
    of->steps = 0;
    of->patience *= 2;
    text_clear(&of->landmark);
    text_append_string(&of->landmark, next);
    return error_of_text(error, of->landmark.status);
}

void page_follow(struct call *on, const char *link)
{
    if (on->status != DM_OK)
        return;
    if (link == NULL) {
        on->status = DM_DONE;
        return;
    }
    call_request(on, "GET");
    on->request.from_origin = true;
    const enum url_link verdict = url_resolve_link(on->settings->origin.data, link, &on->request.target);
    if (verdict == URL_LINK_NO_MEMORY)
        call_check(on, error_no_memory(on->error));
    if (verdict == URL_LINK_FOREIGN)
        call_check(on, error_set(on->error, DM_ERR_REDIRECT,
                                 "the link to the next page leads to another server than %s, which must not get the "
                                 "API key: %s",
                                 on->settings->origin.data, link));
}
