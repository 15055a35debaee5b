#include "page.h"

#include "json_tools.h"
#include "memory.h"
#include "values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct window {
    int64_t offset;
    int64_t limit;
};

void selection_add(struct selection *selection, const struct record *record)
{
    selection->records = memory_resize(selection->records, selection->count + 1, sizeof(struct record *));
    selection->records[selection->count++] = record;
}

void selection_add_all(struct selection *selection, const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        selection_add(selection, &table->records[i]);
}

/* Arguments that are not numbers are ignored. */
static int64_t number_argument(const struct request *request, const char *name, int64_t absent)
{
    const char *text = request_argument(request, name);
    int64_t number;

    return text != NULL && value_digits(text, &number) ? number : absent;
}

static struct window window_of(const struct sandbox *sandbox, const struct request *request)
{
    int64_t largest = sandbox->options.page_limit;
    int64_t limit = number_argument(request, "limit", largest);

    return (struct window){
        .offset = number_argument(request, "offset", 0),
        .limit = limit < 1 || limit > largest ? largest : limit,
    };
}

/* Appends the query's arguments unchanged, except limit and offset. */
static void append_other_arguments(struct buffer *url, struct bytes query)
{
    while (query.size > 0) {
        struct bytes argument = {query.data, bytes_find(query, bytes_of("&"))};

        query = bytes_after(query, argument.size < query.size ? argument.size + 1 : argument.size);
        if (argument.size == 0 || bytes_start_with(argument, "limit=") || bytes_start_with(argument, "offset="))
            continue;
        buffer_append(url, argument.data, argument.size, SIZE_MAX);
        buffer_append(url, "&", 1, SIZE_MAX);
    }
}

/* Returns the absolute URL of another page of the same list. */
static json_object *page_url(const struct request *request, struct window window)
{
    const char *host = request_header(request, "Host");
    struct bytes path = request_raw_path(request);
    struct buffer url = {0};
    char *start = memory_format("http://%s%.*s?", host != NULL ? host : "127.0.0.1", (int)path.size, path.data);
    char *end = memory_format("limit=%" PRId64 "&offset=%" PRId64, window.limit, window.offset);
    json_object *text;

    buffer_append(&url, start, strlen(start), SIZE_MAX);
    append_other_arguments(&url, request_raw_query(request));
    buffer_append(&url, end, strlen(end), SIZE_MAX);
    text = json_text(buffer_bytes(&url));
    free(start);
    free(end);
    buffer_clear(&url);
    return text;
}

static json_object *next_url(const struct request *request, struct window window, int64_t count)
{
    if (window.offset >= count - window.limit)
        return NULL;
    window.offset += window.limit;
    return page_url(request, window);
}

static json_object *previous_url(const struct request *request, struct window window)
{
    if (window.offset == 0)
        return NULL;
    window.offset = window.offset > window.limit ? window.offset - window.limit : 0;
    return page_url(request, window);
}

void page_reply(struct sandbox *sandbox, const struct request *request, struct selection *selection, record_view *view,
                struct reply *reply)
{
    struct window window = window_of(sandbox, request);
    int64_t count = (int64_t)selection->count;
    json_object *page = json_object_new_object();
    json_object *results = json_object_new_array();

    for (int64_t i = window.offset; i < count && i - window.offset < window.limit; i++)
        json_object_array_add(results, view(sandbox, selection->records[i]));
    json_object_object_add(page, "count", json_object_new_int64(count));
    json_object_object_add(page, "next", next_url(request, window, count));
    json_object_object_add(page, "previous", previous_url(request, window));
    json_object_object_add(page, "results", results);
    free(selection->records);
    *selection = (struct selection){0};
    reply_json(reply, 200, page);
}
