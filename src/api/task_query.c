#include "api/task_query.h"

#include "api/list.h"
#include "api/path.h"
#include "codec/reader.h"

#include <string.h>

#define ID_ARGUMENT "task_ids"

void task_query_init(struct task_query *query)
{
    *query = (struct task_query){0};
    text_init(&query->link, TEXT_NO_LIMIT);
}

void task_query_free(struct task_query *query)
{
    text_free(&query->link);
}

/* Some servers reject a request line longer than 4,094 bytes. */
static size_t max_id_bytes(const struct call *call)
{
    enum { MAX_REQUEST_LINE = 4000 };
    const struct transport_settings *transport = &call->settings->transport;
    const size_t taken = transport->base.length - transport->origin.length + strlen("GET /tasks?limit=100 HTTP/1.1");
    return taken < MAX_REQUEST_LINE ? MAX_REQUEST_LINE - taken : 0;
}

size_t task_query_take(const struct call *call, struct task_table *table, size_t *at, size_t batch[MAX_BATCH])
{
    return task_table_take_batch(table, at, strlen("&" ID_ARGUMENT "="), max_id_bytes(call), batch);
}

void task_query_begin(struct task_query *query, struct call *call, struct task_table *table, const size_t *indices,
                      size_t count)
{
    table->nameless = 0;
    query->count = count;
    query->followed = 0;
    text_clear(&query->link);
    path_tasks(call);
    for (size_t i = 0; i < count; i++)
        request_append_query(&call->request, ID_ARGUMENT, table->tasks[indices[i]].id.text);
    request_append_query_integer(&call->request, "limit", MAX_BATCH);
}

bool task_query_follow(struct task_query *query, struct call *call)
{
    if (!call_is_well(call) || query->link.length == 0)
        return false;
    if (++query->followed > MAX_BATCH)
        return failure_set(&call->failure, DM_ERR_BAD_RESPONSE,
                           "%s: the list of tasks does not end: %d pages for %zu tasks", call->reply.subject,
                           query->followed, query->count);
    path_tasks(call);
    return list_set_query(&call->request.target, query->link.data, call->reply.subject, &call->failure);
}

bool task_query_was_refused(const struct call *call)
{
    const int http_status = call->exchange.http_status;
    return call->failure.status == DM_ERR_REJECTED && (http_status == 400 || http_status == 414);
}

static bool is_invalid_object(const struct text *body)
{
    static const char space[] = " \t\r\n";
    struct failure ignored;
    failure_init(&ignored, NULL);
    return body->length > 0 && body->data[strspn(body->data, space)] == '{' && !reply_check(body, NULL, &ignored);
}

bool task_query_was_unreadable(const struct task_query *query, const struct call *call, const struct task_table *table)
{
    const dm_status status = call->failure.status;
    const bool is_nameless = table->nameless > 0 && query->followed <= MAX_BATCH; /* not if the list does not end */
    return status == DM_ERR_TOO_LARGE ||
           (status == DM_ERR_BAD_RESPONSE && (is_nameless || is_invalid_object(&call->reply.body)));
}
