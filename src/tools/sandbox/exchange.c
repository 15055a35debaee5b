#include "exchange.h"

#include "disturbance.h"
#include "fault.h"
#include "json_tools.h"
#include "memory.h"
#include "request_log.h"
#include "routes.h"

#include <stdlib.h>
#include <string.h>

enum {
    LARGEST_BODY = 256 * 1024 * 1024,
    BLOCK = 64 * 1024,
};

/* The state of a request, from its first line to the end of its reply. */
struct exchange {
    char *target;
    bool started;
    const struct fault *fault; /* NULL: none */
    struct buffer body;
    uint64_t body_size;
    struct upload *upload; /* takes the body instead; NULL: it is kept in `body` */
};

void *exchange_begin(void *sandbox, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = memory_new(1, sizeof *exchange);

    (void)sandbox;
    (void)connection;
    exchange->target = memory_format("%s", target_in_origin_form(target));
    return exchange;
}

void exchange_end(void *sandbox, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
    struct exchange *exchange = *state;

    (void)sandbox;
    (void)connection;
    (void)code;
    if (exchange == NULL)
        return;
    buffer_clear(&exchange->body);
    upload_free(exchange->upload);
    free(exchange->target);
    free(exchange);
    *state = NULL;
}

/* A body that is too large is read to its end and discarded, so that the client can read the reply. */
static void receive(struct exchange *exchange, const char *data, size_t size)
{
    exchange->body_size += size;
    if (exchange->upload != NULL)
        upload_take(exchange->upload, data, size);
    else if (exchange->body_size > LARGEST_BODY)
        buffer_clear(&exchange->body);
    else
        buffer_append(&exchange->body, data, size, LARGEST_BODY);
}

static enum MHD_Result add_field(void *fields, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    fields_add(fields, name, value);
    return MHD_YES;
}

static uint64_t connection_number(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return *(const uint64_t *)info->socket_context;
}

static int connection_socket(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/* ---- Replies ---- */

/* A body, only the first bytes of which are sent. */
struct cut_body {
    struct buffer body;
    size_t cut;
};

/* libmicrohttpd closes the connection after the error. */
static ssize_t read_cut_body(void *data, uint64_t position, char *block, size_t size)
{
    const struct cut_body *cut_body = data;
    size_t left = cut_body->cut - (size_t)position;

    if (left == 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size = size < left ? size : left;
    memcpy(block, cut_body->body.data + position, size);
    return (ssize_t)size;
}

static void free_cut_body(void *data)
{
    struct cut_body *cut_body = data;

    buffer_clear(&cut_body->body);
    free(cut_body);
}

/* Takes the reply's body over. */
static struct MHD_Response *new_response(struct reply *reply, const struct fault *fault)
{
    struct cut_body *cut_body;

    if (fault == NULL || fault->cut == FAULT_UNSET || (size_t)fault->cut >= reply->body.size)
        return MHD_create_response_from_buffer(reply->body.size, reply->body.data, MHD_RESPMEM_MUST_FREE);
    cut_body = memory_new(1, sizeof *cut_body);
    *cut_body = (struct cut_body){.body = reply->body, .cut = (size_t)fault->cut};
    return MHD_create_response_from_callback(reply->body.size, BLOCK, read_cut_body, cut_body, free_cut_body);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply, const struct fault *fault)
{
    struct MHD_Response *response = new_response(reply, fault);
    enum MHD_Result result;

    if (reply->content_type != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    if (reply->retry_after != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, reply->retry_after);
    result = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- Faults ---- */

static bool has_no_body(unsigned status)
{
    return status == MHD_HTTP_NO_CONTENT || status == MHD_HTTP_NOT_MODIFIED;
}

/* Answers with the status of a fault. */
static void reply_fault(struct reply *reply, const struct fault *fault)
{
    const unsigned status = (unsigned)fault->status;
    char *error = memory_format("The sandbox answers HTTP %u because of its option --fault.", status);

    reply->retry_after = fault->retry_after;
    if (has_no_body(status))
        reply->status = status;
    else
        reply_json(reply, status, json_pair("error", json_text(bytes_of(error))));
    free(error);
}

static void reply_too_many(struct reply *reply)
{
    reply->retry_after = "1";
    reply_detail(reply, MHD_HTTP_TOO_MANY_REQUESTS, "Request was throttled. Expected available in 1 second.");
}

/* Leaves a request without an answer. */
static void disturb(struct MHD_Connection *connection, enum fault_kind kind)
{
    if (kind == FAULT_STALL)
        disturbance_stall(connection_socket(connection));
    else if (kind == FAULT_RESET)
        disturbance_reset(connection_socket(connection));
}

/* ---- The request ---- */

static void log_request(const struct sandbox *sandbox, const struct request *request, unsigned status)
{
    if (sandbox->log != NULL)
        request_log_write(sandbox->log, request, status);
}

static void make_reply(struct sandbox *sandbox, struct request *request, const struct fault *fault, struct reply *reply)
{
    if (fault != NULL && fault->status != FAULT_UNSET)
        reply_fault(reply, fault);
    else if (!rate_limit_take(&sandbox->rate_limit))
        reply_too_many(reply);
    else
        routes_answer(sandbox, request, reply);
}

/* libmicrohttpd closes the connection if no reply is queued. */
static enum MHD_Result answer(struct sandbox *sandbox, struct MHD_Connection *connection, struct request *request,
                              const struct fault *fault)
{
    struct reply reply = {0};

    if (fault != NULL && fault->kind != FAULT_REPLY) {
        log_request(sandbox, request, 0);
        disturb(connection, fault->kind);
        return MHD_NO;
    }
    if (fault != NULL && fault->delay != FAULT_UNSET &&
        !disturbance_delay(connection_socket(connection), fault->delay)) {
        log_request(sandbox, request, 0);
        return MHD_NO;
    }
    make_reply(sandbox, request, fault, &reply);
    log_request(sandbox, request, reply.status);
    return send_reply(connection, &reply, fault);
}

/* Collects the rest of the request, and answers it. */
static enum MHD_Result complete(struct sandbox *sandbox, struct MHD_Connection *connection, struct request *request,
                                const struct fault *fault)
{
    enum MHD_Result result;

    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_field, &request->headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_field, &request->query);
    request_read_body(request);
    result = answer(sandbox, connection, request, fault);
    if (request->upload == NULL)
        multipart_clear(&request->multipart);
    fields_clear(&request->query);
    fields_clear(&request->headers);
    return result;
}

/* Decides how to process the body, before its first byte arrives. */
static void begin_body(struct exchange *exchange, struct MHD_Connection *connection, const struct request *request)
{
    const char *content_type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);

    if (request_media(content_type) == MEDIA_MULTIPART && routes_take_uploads(request->method, request->path))
        exchange->upload = upload_new(content_type);
}

/* The same after its last byte. */
static void end_body(struct exchange *exchange, struct request *request)
{
    if (exchange->upload != NULL)
        upload_finish(exchange->upload);
    request->upload = exchange->upload;
}

/* Notes that the headers are there. Returns whether the request is answered now, without its body. */
static bool begin(struct sandbox *sandbox, struct MHD_Connection *connection, struct exchange *exchange,
                  const struct request *request)
{
    exchange->started = true;
    exchange->fault = faults_take(&sandbox->options.faults, request->method, request->path);
    if (exchange->fault != NULL && exchange->fault->early)
        return true;
    begin_body(exchange, connection, request);
    return false;
}

/* What is known before the headers are collected. */
static struct request begin_request(const struct exchange *exchange, struct MHD_Connection *connection,
                                    const char *method, const char *path)
{
    return (struct request){
        .method = method,
        .path = target_in_origin_form(path),
        .target = exchange->target,
        .connection = connection_number(connection),
        .received = buffer_bytes(&exchange->body),
        .received_size = exchange->body_size,
    };
}

/* libmicrohttpd calls this first without data, then with each piece of the body, then without data again. */
enum MHD_Result exchange_serve(void *data, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *http_version, const char *upload, size_t *upload_size, void **state)
{
    struct sandbox *sandbox = data;
    struct exchange *exchange = *state;
    struct request request = begin_request(exchange, connection, method, path);

    (void)http_version;
    if (!exchange->started) {
        if (!begin(sandbox, connection, exchange, &request))
            return MHD_YES;
    } else if (*upload_size > 0) {
        receive(exchange, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    end_body(exchange, &request);
    return complete(sandbox, connection, &request, exchange->fault);
}
