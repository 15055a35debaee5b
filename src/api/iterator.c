#include "api/iterator.h"

#include "api/list.h"
#include "base/arena.h"
#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_EMPTY_PAGES = 100 }; /* empty pages in a row after which a list counts as endless */

void iterator_new(struct call *call, const struct shape *item)
{
    if (!call_is_well(call))
        return;
    struct iterator *iterator = calloc(1, sizeof *iterator);
    if (iterator == NULL || call->request.target.status != DM_OK) {
        free(iterator);
        failure_no_memory(&call->failure);
        return;
    }
    *iterator = (struct iterator){.client = call->client, .item = item, .target = call->request.target, .patience = 1};
    text_init(&call->request.target, TEXT_NO_LIMIT);
    text_init(&iterator->landmark, TEXT_NO_LIMIT);
    call_set_result(call->result, iterator);
}

static void drop_given(struct iterator *iterator)
{
    arena_free_root(iterator->given);
    iterator->given = NULL;
}

static void drop_page(struct iterator *iterator)
{
    if (iterator->has_page)
        page_close(&iterator->page);
    iterator->has_page = false;
}

void iterator_free(struct iterator *iterator)
{
    if (iterator == NULL)
        return;
    drop_given(iterator);
    drop_page(iterator);
    text_free(&iterator->target);
    text_free(&iterator->landmark);
    free(iterator);
}

/* Brent's cycle detection: a landmark is set after 1, 2, 4, 8... steps. In a cycle of any length, it is found again. */
static bool check_progress(struct iterator *iterator, struct failure *failure)
{
    const char *link = iterator->page.next;
    struct text *landmark = &iterator->landmark;
    if (link == NULL)
        return true;
    if (landmark->length > 0 && strcmp(landmark->data, link) == 0)
        return failure_set(failure, DM_ERR_BAD_RESPONSE, "%s: the list does not end: its pages form a cycle",
                           iterator->page.reply.subject);
    if (++iterator->steps < iterator->patience)
        return true;
    iterator->steps = 0;
    iterator->patience *= 2;
    text_clear(landmark);
    text_append_string(landmark, link);
    return failure_check_written(failure, landmark->status);
}

static void fetch_page(struct iterator *iterator, struct call *call)
{
    call_begin_request(call, "GET");
    text_append(&call->request.target, iterator->target.data, iterator->target.length);
    call_send(call);
    if (!call_is_well(call) || !page_open(&iterator->page, &call->reply, &call->failure))
        return;
    iterator->has_page = true;
    if (!check_progress(iterator, &call->failure))
        drop_page(iterator);
}

static void turn_page(struct iterator *iterator, struct call *call)
{
    if (iterator->page.next == NULL)
        call->failure.status = DM_DONE;
    else if (list_set_query(&iterator->target, iterator->page.next, iterator->page.reply.subject, &call->failure))
        drop_page(iterator);
}

static void step(struct iterator *iterator, struct call *call)
{
    for (int turned = 0; call_is_well(call) && iterator->given == NULL; turned++) {
        if (turned == MAX_EMPTY_PAGES) {
            failure_set(&call->failure, DM_ERR_BAD_RESPONSE, "%s: the list does not end: %d empty pages in a row",
                        call->reply.subject, turned);
            return;
        }
        if (!iterator->has_page)
            fetch_page(iterator, call);
        if (call_is_well(call) && page_next(&iterator->page, iterator->item, &iterator->given, &call->failure) &&
            iterator->given == NULL)
            turn_page(iterator, call);
    }
}

static dm_status refuse_null(void *item, dm_error *error)
{
    struct failure failure;
    call_set_result(item, NULL);
    failure_init(&failure, error);
    check_not_null(&failure, "iter", NULL);
    return failure.status;
}

dm_status iterator_next(struct iterator *iterator, const char *name, void *item, const dm_call_options *options,
                        dm_error *error)
{
    struct call call;

    if (iterator == NULL)
        return refuse_null(item, error);
    call_open(&call, iterator->client, name, item, options, error);
    if (call_is_well(&call)) {
        drop_given(iterator);
        step(iterator, &call);
        call_set_result(item, iterator->given);
    }
    return call_close(&call);
}
