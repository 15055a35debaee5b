#include "codec/decode.h"

#include "codec/field.h"

#include <string.h>

void *decode(const struct reply *reply, const struct shape *shape, struct failure *failure)
{
    struct reader reader;
    struct arena *arena = failure->status == DM_OK ? arena_new(shape->size) : NULL;

    reader_begin(&reader, reply, arena, failure);
    if (arena != NULL) {
        arena_expect(arena, reply->body.length);
        read_object(&reader, shape, arena_root(arena));
    }
    if (reader_end(&reader))
        return arena_root(arena);
    arena_free(arena);
    return NULL;
}

void decode_nothing(const struct reply *reply, struct failure *failure)
{
    const bool is_blank = reply->body.length == 0 || reply->body.data[strspn(reply->body.data, " \t\r\n")] == '\0';
    if (failure->status == DM_OK && !is_blank)
        reply_check(&reply->body, reply->subject, failure);
}
