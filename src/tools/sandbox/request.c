#include "request.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void fields_add(struct fields *fields, const char *name, const char *value)
{
    fields->items = memory_resize(fields->items, fields->count + 1, sizeof *fields->items);
    fields->items[fields->count++] = (struct field){name, value != NULL ? value : ""};
}

void fields_clear(struct fields *fields)
{
    free(fields->items);
    *fields = (struct fields){0};
}

const char *request_header(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->headers.count; i++) {
        if (strcasecmp(request->headers.items[i].name, name) == 0)
            return request->headers.items[i].value;
    }
    return NULL;
}

const char *request_argument(const struct request *request, const char *name)
{
    for (size_t i = request->query.count; i > 0; i--) {
        if (strcmp(request->query.items[i - 1].name, name) == 0)
            return request->query.items[i - 1].value;
    }
    return NULL;
}

const char *target_in_origin_form(const char *target)
{
    size_t scheme_size = strspn(target, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    if (scheme_size == 0 || strncmp(target + scheme_size, "://", strlen("://")) != 0)
        return target;
    target += scheme_size + strlen("://");
    target += strcspn(target, "/?");
    return *target == '/' ? target : "/";
}

struct bytes request_raw_path(const struct request *request)
{
    return (struct bytes){request->target, strcspn(request->target, "?")};
}

struct bytes request_raw_query(const struct request *request)
{
    size_t path_size = strcspn(request->target, "?");

    return bytes_of(request->target + path_size + (request->target[path_size] == '?' ? 1 : 0));
}

enum media request_media(const char *content_type)
{
    size_t size = content_type != NULL ? strcspn(content_type, "; \t") : 0;

    if (size == strlen("application/json") && strncasecmp(content_type, "application/json", size) == 0)
        return MEDIA_JSON;
    if (size == strlen("multipart/form-data") && strncasecmp(content_type, "multipart/form-data", size) == 0)
        return MEDIA_MULTIPART;
    return MEDIA_OTHER;
}

void request_read_body(struct request *request)
{
    const char *content_type = request_header(request, "Content-Type");
    enum media media = request_media(content_type);

    if (request->upload != NULL)
        request->multipart = upload_parts(request->upload);
    else if (media == MEDIA_MULTIPART && request->received.size > 0)
        multipart_parse(content_type, request->received, &request->multipart);
    if (request_header(request, "Content-Length") == NULL)
        media = MEDIA_NONE;
    else
        request->body = request->received;
    request->media = request->body.size > 0 || request->upload != NULL ? media : MEDIA_NONE;
}
