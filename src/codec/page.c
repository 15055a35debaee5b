#include "codec/page.h"

#include "codec/results.h"

#include <string.h>

/* Copies the subject, because the page outlives the call. */
static void keep_subject(struct page *page)
{
    const char *subject = page->reply.subject;
    page->reply.subject = reader_copy(&page->reader, (struct json_slice){subject, strlen(subject)});
    page->reader.subject = page->reply.subject;
}

bool page_open(struct page *page, struct reply *reply, struct failure *failure)
{
    page->reply = *reply;
    page->arena = failure->status == DM_OK ? arena_new(0) : NULL;
    reader_begin(&page->reader, &page->reply, page->arena, failure);
    page->next = results_begin(&page->reader);
    if (failure->status == DM_OK)
        keep_subject(page);
    if (failure->status == DM_OK) {
        text_init(&reply->body, reply->body.limit);
        return true;
    }
    reader_free(&page->reader);
    arena_free(page->arena);
    return false;
}

void page_close(struct page *page)
{
    reader_free(&page->reader);
    text_free(&page->reply.body);
    arena_free(page->arena);
}

/* Reads an item into a new arena. */
static void *read_item(struct reader *reader, const struct shape *shape)
{
    struct arena *arena = arena_new(shape->size);
    reader->arena = arena;
    if (arena == NULL)
        reader_fail_memory(reader);
    else
        read_object(reader, shape, arena_root(arena));
    if (reader->failure->status == DM_OK)
        return arena_root(arena);
    arena_free(arena);
    return NULL;
}

bool page_next(struct page *page, const struct shape *shape, void **item, struct failure *failure)
{
    struct reader *reader = &page->reader;
    const struct json before = reader->json;
    const struct step step = reader->path[before.depth];

    *item = NULL;
    if (failure->status != DM_OK || !results_next(reader))
        return failure->status == DM_OK;
    const struct json start = reader->json;
    reader->failure = failure;
    *item = read_item(reader, shape);
    text_clear(&reader->items);
    if (*item != NULL)
        return true;
    reader->json = start;
    json_skip(&reader->json); /* the rest of the item */
    if (failure->status == DM_ERR_NO_MEMORY) {
        reader->json = before;
        reader->path[before.depth] = step;
    }
    return false;
}
