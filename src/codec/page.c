#include "codec/page.h"

#include "codec/decode.h"
#include "codec/reader.h"

#include <stdio.h>

static void read_page(struct reader *reader, struct page *page)
{
    const struct place root = read_root(reader);
    const struct place results = place_member(&root, "results", true);
    if (reader->failure->status != DM_OK || !read_array_here(reader, &results))
        return;
    read_integer(reader, &root, "count");
    read_optional_string(reader, &root, "previous");
    page->next = read_optional_string(reader, &root, "next");
    if (page->next != NULL && *page->next == '\0')
        page->next = NULL;
    page->results = results.text;
}

bool page_open(struct page *page, struct reply *reply, struct failure *failure)
{
    struct reader reader;

    *page = (struct page){.arena = arena_new(0)};
    reader_open(&reader, reply, page->arena, failure);
    if (failure->status == DM_OK)
        read_page(&reader, page);
    reader_close(&reader);
    if (failure->status != DM_OK) {
        arena_free(page->arena);
        return false;
    }
    page->reply = *reply;
    text_init(&reply->body, TEXT_NO_LIMIT);
    return true;
}

void page_close(struct page *page)
{
    arena_free(page->arena);
    text_free(&page->reply.body);
}

bool page_next(struct page *page, const struct shape *shape, void **item, struct failure *failure)
{
    char subject[64];
    *item = NULL;
    if (!json_next_item(page->results, &page->item))
        return true;
    snprintf(subject, sizeof subject, "results[%zu]", page->index++);
    const struct reply part = {.body = {.data = (char *)page->item.start, .length = page->item.length},
                               .subject = subject};
    *item = decode(&part, shape, failure);
    return *item != NULL;
}
