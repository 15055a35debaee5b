#include "codec/results.h"

#include "codec/value.h"

void read_link(struct reader *reader, const struct field *field, void *item)
{
    const char **link = (void *)((unsigned char *)item + field->offset);
    const char *address = value_string(reader);
    *link = address != NULL && address[0] != '\0' ? address : NULL;
}

/* The parts of a page found in a first pass. */
struct outline {
    const char *next;
    struct json results; /* a cursor at the array */
};

static void note_results(struct reader *reader, const struct field *field, void *item)
{
    struct outline *outline = item;
    (void)field;
    if (!reader_expect(reader, JSON_ARRAY, "an array"))
        return;
    outline->results = reader->json;
    json_skip(&reader->json);
}

static const struct field outline_fields[] = {
    {OPTIONAL_LINK(struct outline, next)},
    {REQUIRED_BY(results, note_results)},
};

static const struct shape outline_shape = {SHAPE(struct outline, outline_fields)};

const char *results_begin(struct reader *reader)
{
    struct outline outline = {.next = NULL};
    read_object(reader, &outline_shape, &outline);
    if (!reader_end(reader))
        return NULL;
    reader->json = outline.results;
    reader->path[reader->json.depth].name = "results";
    json_enter(&reader->json);
    reader->path[reader->json.depth] = (struct step){.name = NULL, .index = SIZE_MAX};
    return outline.next;
}

bool results_next(struct reader *reader)
{
    if (!json_next(&reader->json)) {
        json_stop(&reader->json); /* members after the results were already read in the first pass */
        return false;
    }
    reader->path[reader->json.depth].index++;
    return true;
}
