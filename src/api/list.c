#include "api/list.h"

#include "base/arena.h"
#include "base/ascii.h"
#include "base/check.h"

#include <inttypes.h>
#include <string.h>

enum { DEFAULT_LIMIT = 100 };

void list_append_query(struct call *call, const dm_page_options *options)
{
    const int64_t offset = options != NULL ? options->offset : 0;
    const int64_t limit = options != NULL && options->limit > 0 ? options->limit : DEFAULT_LIMIT;

    if (options != NULL && (options->offset < 0 || options->limit < 0))
        failure_set(&call->failure, DM_ERR_INVALID_ARGUMENT,
                    "options.offset is %" PRId64 " and options.limit is %" PRId64 "; they must not be negative",
                    options->offset, options->limit);
    request_append_query_integer(&call->request, "offset", offset);
    request_append_query_integer(&call->request, "limit", limit);
}

static size_t path_length(const char *address)
{
    return strcspn(address, "?#");
}

bool list_set_query(struct text *target, const char *link, const char *subject, struct failure *failure)
{
    const char *query = link + path_length(link);
    if (*query != '?')
        return failure_set(failure, DM_ERR_BAD_RESPONSE, "%s%sthe link to the next page has no query: %s",
                           subject != NULL ? subject : "", subject != NULL ? ": " : "", link);
    if (target->data != NULL)
        text_cut(target, path_length(target->data));
    text_append_url_query(target, query, strcspn(query, "#"));
    return failure_check_written(failure, target->status);
}

/* The length of the path without a final slash, which some services add. */
static size_t trimmed_length(const char *link)
{
    size_t length = path_length(link);
    while (length > 0 && link[length - 1] == '/')
        length--;
    return length;
}

/* Compares from the end, because the text before the path is unknown. Returns the beginning of the path, or NULL. */
static const char *find_path(const char *link, const char *path, size_t length)
{
    const char *at = link + trimmed_length(link);
    for (size_t left = length; left > 0; left--) {
        const bool digits = path[left - 1] == '#';
        if (at == link || (digits ? !ascii_is_digit(at[-1]) : at[-1] != path[left - 1]))
            return NULL;
        at--;
        while (digits && at > link && ascii_is_digit(at[-1]))
            at--;
    }
    return at;
}

void list_follow(struct call *call, const struct list *list, const char *link)
{
    const char *path = NULL;

    if (!call_is_well(call))
        return;
    if (link == NULL || *link == '\0') {
        call->failure.status = DM_DONE;
        return;
    }
    for (size_t i = 0; path == NULL && i < sizeof list->paths / sizeof *list->paths; i++)
        path = find_path(link, list->paths[i], strlen(list->paths[i]));
    if (path == NULL) {
        failure_set(&call->failure, DM_ERR_BAD_RESPONSE,
                    "the link to the next page does not lead to a page of this list: %s", link);
        return;
    }
    call_begin_request(call, "GET");
    text_append(&call->request.target, path, trimmed_length(link) - (size_t)(path - link));
    list_set_query(&call->request.target, link, NULL, &call->failure);
}

bool list_complete_link(struct call *call, void *page, const char **link)
{
    const struct text *target = &call->request.target;
    const char *written = NULL;
    struct text complete;

    if (*link == NULL || find_path(*link, target->data, path_length(target->data)) != NULL)
        return true;
    text_init(&complete, TEXT_NO_LIMIT);
    text_append(&complete, target->data, target->length);
    if (list_set_query(&complete, *link, call->reply.subject, &call->failure))
        written = arena_copy(arena_of(page), complete.data, complete.length);
    text_free(&complete);
    *link = written;
    return written != NULL || failure_no_memory(&call->failure);
}

static const char **next_link(const struct list *list, const void *page)
{
    return (const char **)((const char *)page + list->next_offset);
}

static void exchange(struct call *call, const struct list *list)
{
    void *page = call_exchange(call, list->page);
    if (page == NULL || list_complete_link(call, page, next_link(list, page)))
        return;
    arena_free_root(page);
    call_set_result(call->result, NULL);
}

void list_exchange(struct call *call, const struct list *list, const dm_page_options *options)
{
    list_append_query(call, options);
    exchange(call, list);
}

void list_exchange_next(struct call *call, const struct list *list, const void *page)
{
    if (check_not_null(&call->failure, "page", page))
        list_follow(call, list, *next_link(list, page));
    exchange(call, list);
}
