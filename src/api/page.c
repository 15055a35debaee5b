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

void page_append_query(call *on, const dm_page_options *options)
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

dm_status page_check_progress(const char *followed, const char *next, dm_error *error)
{
    if (followed == NULL || next == NULL || strcmp(followed, next) != 0)
        return DM_OK;
    return error_set(error, DM_ERR_BAD_RESPONSE, "the list does not end: a page's link leads to the page itself: %s",
                     next);
}

void page_follow(call *on, const char *link)
{
    if (on->status != DM_OK)
        return;
    if (link == NULL) {
        on->status = DM_DONE;
        return;
    }
    call_request(on, "GET");
    on->request.from_origin = true;
    const url_link verdict = url_resolve_link(on->settings->origin.data, link, &on->request.target);
    if (verdict == URL_LINK_NO_MEMORY)
        call_check(on, error_no_memory(on->error));
    if (verdict == URL_LINK_FOREIGN)
        call_check(on, error_set(on->error, DM_ERR_REDIRECT,
                                 "the link to the next page leads to another server than %s, which must not get the "
                                 "API key: %s",
                                 on->settings->origin.data, link));
}
