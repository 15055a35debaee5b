#include "reply.h"

#include "json_tools.h"
#include "memory.h"

#include <stdlib.h>

enum { JSON_STYLE = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE };

void reply_json(struct reply *reply, unsigned status, json_object *value)
{
    size_t size;
    const char *text = json_object_to_json_string_length(value, JSON_STYLE, &size);

    reply->status = status;
    reply->content_type = "application/json";
    buffer_append(&reply->body, text, size, SIZE_MAX);
    json_object_put(value);
}

void reply_detail(struct reply *reply, unsigned status, const char *text)
{
    reply_json(reply, status, json_pair("detail", json_text(bytes_of(text))));
}

void reply_not_found(struct reply *reply)
{
    reply_detail(reply, 404, "Not found.");
}

void reply_nothing(struct reply *reply)
{
    reply->status = 204;
}

static void reply_parse_error(struct reply *reply, const char *error)
{
    char *detail = memory_format("JSON parse error - %s", error);

    reply_detail(reply, 400, detail);
    free(detail);
}

static void reply_not_object(struct reply *reply)
{
    const char *error = "Invalid data. Expected a dictionary.";

    reply_json(reply, 400, json_pair("non_field_errors", json_single(json_object_new_string(error))));
}

json_object *reply_unless_object(struct reply *reply, const struct request *request)
{
    const char *error = NULL;
    json_object *object = NULL;

    if (request->media == MEDIA_NONE)
        return json_object_new_object();
    if (request->media != MEDIA_JSON) {
        reply_detail(reply, 415, "Unsupported media type: this endpoint reads application/json.");
        return NULL;
    }
    object = json_parse(request->body, &error);
    if (error != NULL)
        reply_parse_error(reply, error);
    else if (!json_object_is_type(object, json_type_object))
        reply_not_object(reply);
    else
        return object;
    json_object_put(object);
    return NULL;
}
