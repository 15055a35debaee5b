#include "message/request.h"

#include <string.h>

void request_init(struct request *request, const char *method)
{
    *request = (struct request){.method = method};
    text_init(&request->target, TEXT_NO_LIMIT);
    body_init(&request->body);
}

void request_free(struct request *request)
{
    text_free(&request->target);
    body_free(&request->body);
}

void request_append_name(struct request *request, const char *name)
{
    text_append_string(&request->target, "/");
    text_append_url_segment(&request->target, name);
}

void request_append_id(struct request *request, int64_t id)
{
    text_append_string(&request->target, "/");
    text_append_integer(&request->target, id);
}

static void begin_query(struct request *request, const char *name)
{
    const bool first = request->target.data == NULL || strchr(request->target.data, '?') == NULL;
    text_append_string(&request->target, first ? "?" : "&");
    text_append_string(&request->target, name);
    text_append_string(&request->target, "=");
}

void request_append_query(struct request *request, const char *name, const char *value)
{
    begin_query(request, name);
    text_append_url_segment(&request->target, value);
}

void request_append_query_integer(struct request *request, const char *name, int64_t value)
{
    begin_query(request, name);
    text_append_integer(&request->target, value);
}

bool request_finish(struct request *request, struct failure *failure)
{
    const dm_status written = body_finish(&request->body);
    return failure_check_written(failure, request->target.status) && failure_check_written(failure, written);
}

bool request_is_get(const struct request *request)
{
    return strcmp(request->method, "GET") == 0;
}
