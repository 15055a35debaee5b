#include "codec/json_body.h"

#include "base/check.h"

struct text *json_body_member(struct request *request, const char *name)
{
    struct text *text = &request->body.text;
    text_append_string(text, text->length == 0 ? "{\"" : ",\"");
    text_append_string(text, name);
    text_append_string(text, "\":");
    return text;
}

void json_body_add_texts(struct request *request, const char *name, const char *description, const char *metadata)
{
    if (name != NULL)
        text_append_json_string(json_body_member(request, "name"), name);
    if (description != NULL)
        text_append_json_string(json_body_member(request, "description"), description);
    if (metadata != NULL)
        text_append_string(json_body_member(request, "metadata"), metadata);
}

bool json_body_check_changed_texts(struct failure *failure, const char *name, const char *description,
                                   const char *metadata)
{
    return check_optional_text(failure, "changes.name", name) &&
           check_optional_text(failure, "changes.description", description) &&
           check_optional_object(failure, "changes.metadata", metadata);
}

void json_body_end(struct request *request)
{
    text_append_string(&request->body.text, "}");
    request->media = MEDIA_JSON;
}
