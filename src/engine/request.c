#include "engine/request.h"

#include <string.h>

void request_init(struct request *to, const char *method)
{
    *to = (struct request){.method = method};
    text_init(&to->target, TEXT_NO_LIMIT);
    body_init(&to->body);
}

void request_free(struct request *to)
{
    text_free(&to->target);
    body_free(&to->body);
}

void request_append_name(struct request *to, const char *name)
{
    text_append_string(&to->target, "/");
    text_append_url_segment(&to->target, name);
}

void request_append_id(struct request *to, int64_t id)
{
    text_append_string(&to->target, "/");
    text_append_integer(&to->target, id);
}

static void begin_query(struct request *to, const char *name)
{
    const bool first = to->target.data == NULL || strchr(to->target.data, '?') == NULL;
    text_append_string(&to->target, first ? "?" : "&");
    text_append_string(&to->target, name);
    text_append_string(&to->target, "=");
}

void request_append_query(struct request *to, const char *name, const char *value)
{
    begin_query(to, name);
    text_append_url_segment(&to->target, value);
}

void request_append_query_integer(struct request *to, const char *name, int64_t value)
{
    begin_query(to, name);
    text_append_integer(&to->target, value);
}

dm_status request_finish(struct request *to)
{
    const dm_status status = body_finish(&to->body);
    return to->target.status != DM_OK ? to->target.status : status;
}

bool request_is_get(const struct request *of)
{
    return strcmp(of->method, "GET") == 0;
}
