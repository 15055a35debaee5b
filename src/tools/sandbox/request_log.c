#include "request_log.h"

#include "digest.h"
#include "json_tools.h"
#include "memory.h"
#include "values.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MAX_BODY = 65536,
    MAX_PART = 4096,
    JSON_STYLE = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
};

struct request_log {
    FILE *file;
    pthread_mutex_t mutex; /* one line at a time */
};

struct request_log *request_log_open(const char *path)
{
    FILE *file = fopen(path, "ae");
    struct request_log *log;

    if (file == NULL)
        return NULL;
    log = memory_new(1, sizeof *log);
    log->file = file;
    pthread_mutex_init(&log->mutex, NULL);
    return log;
}

void request_log_close(struct request_log *log)
{
    if (log == NULL)
        return;
    fclose(log->file);
    pthread_mutex_destroy(&log->mutex);
    free(log);
}

static json_object *digest_of(struct bytes bytes)
{
    char text[DIGEST_TEXT_SIZE];

    digest_text(bytes, text);
    return json_object_new_string(text);
}

static json_object *body_digest_of(const struct request *request)
{
    if (request->upload == NULL)
        return digest_of(request->received);
    return json_object_new_string(upload_digest(request->upload));
}

static json_object *query_of(const struct request *request)
{
    json_object *query = json_object_new_array();

    for (size_t i = 0; i < request->query.count; i++) {
        json_object *pair = json_single(json_text(bytes_of(request->query.items[i].name)));

        json_object_array_add(pair, json_text(bytes_of(request->query.items[i].value)));
        json_object_array_add(query, pair);
    }
    return query;
}

/* The values of a repeated header are joined by commas (RFC 9110, section 5.3). */
static void add_header(json_object *headers, const char *name, const char *value)
{
    const char *before = json_object_get_string(json_object_object_get(headers, name));
    char *joined = memory_format("%s%s%s", before != NULL ? before : "", before != NULL ? ", " : "", value);

    json_object_object_add(headers, name, json_text(bytes_of(joined)));
    free(joined);
}

static json_object *headers_of(const struct request *request)
{
    json_object *headers = json_object_new_object();

    for (size_t i = 0; i < request->headers.count; i++) {
        char *name = memory_format("%s", request->headers.items[i].name);

        for (char *c = name; *c != '\0'; c++)
            *c = (char)tolower((unsigned char)*c);
        add_header(headers, name, request->headers.items[i].value);
        free(name);
    }
    return headers;
}

static json_object *content_length_of(const struct request *request)
{
    const char *text = request_header(request, "Content-Length");
    int64_t length;

    return text != NULL && value_digits(text, &length) ? json_object_new_int64(length) : NULL;
}

static json_object *body_of(const struct request *request)
{
    bool shown = request->media == MEDIA_JSON && request->body.size <= MAX_BODY;

    return shown ? json_text(request->body) : NULL;
}

static json_object *part_of(const struct part *part)
{
    bool shown = part->filename.data == NULL && part->size <= MAX_PART;
    bool has_digest = part->digest[0] != '\0';
    json_object *object = json_object_new_object();

    json_object_object_add(object, "name", json_text(part->name));
    json_object_object_add(object, "filename", json_text_or_null(part->filename));
    json_object_object_add(object, "content_type", json_text_or_null(part->content_type));
    json_object_object_add(object, "length", json_object_new_uint64(part->size));
    json_object_object_add(object, "sha256",
                           has_digest ? json_object_new_string(part->digest) : digest_of(part->content));
    json_object_object_add(object, "text", shown ? json_text(part->content) : NULL);
    return object;
}

static json_object *parts_of(const struct request *request)
{
    json_object *parts = json_object_new_array();

    for (size_t i = 0; i < request->multipart.count; i++)
        json_object_array_add(parts, part_of(&request->multipart.parts[i]));
    return parts;
}

static json_object *line_of(const struct request *request, unsigned status)
{
    json_object *line = json_object_new_object();

    json_object_object_add(line, "connection", json_object_new_uint64(request->connection));
    json_object_object_add(line, "method", json_text(bytes_of(request->method)));
    json_object_object_add(line, "path", json_text(request_raw_path(request)));
    json_object_object_add(line, "query", query_of(request));
    json_object_object_add(line, "headers", headers_of(request));
    json_object_object_add(line, "content_length", content_length_of(request));
    json_object_object_add(line, "body_length", json_object_new_uint64(request->received_size));
    json_object_object_add(line, "body_sha256", body_digest_of(request));
    json_object_object_add(line, "body", body_of(request));
    json_object_object_add(line, "parts", parts_of(request));
    json_object_object_add(line, "status", json_object_new_int64(status));
    return line;
}

void request_log_write(struct request_log *log, const struct request *request, unsigned status)
{
    json_object *line = line_of(request, status);
    const char *text = json_object_to_json_string_ext(line, JSON_STYLE);

    pthread_mutex_lock(&log->mutex);
    fprintf(log->file, "%s\n", text);
    fflush(log->file);
    pthread_mutex_unlock(&log->mutex);
    json_object_put(line);
}
