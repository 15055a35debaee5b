#include "network_form.h"

#include "fields.h"
#include "json_tools.h"
#include "memory.h"

#include <stdlib.h>

static void reply_error(struct reply *reply, const char *field, const char *error)
{
    json_object *errors = NULL;

    field_error(&errors, field, error);
    reply_json(reply, 400, errors);
}

static bool add_json(json_object *form, const char *field, struct bytes text, struct reply *reply)
{
    const char *error = NULL;
    json_object *value = json_parse(text, &error);

    if (error != NULL)
        reply_error(reply, field, "Value must be valid JSON.");
    else
        json_object_object_add(form, field, value);
    return error == NULL;
}

static bool add_unknown(const struct part *part, struct reply *reply)
{
    char *error =
        memory_format("%.*s is not a field of this form. The fields are name, description, metadata, framework and "
                      "preprocessing; each file is a part with a file name.",
                      (int)part->name.size, part->name.data);

    reply_json(reply, 400, json_pair("error", json_text(bytes_of(error))));
    free(error);
    return false;
}

static bool add_text(json_object *form, const struct part *part, struct reply *reply)
{
    static const char *const TEXTS[] = {"name", "description", "framework"};
    static const char *const JSONS[] = {"metadata", "preprocessing"};

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        if (bytes_equal_text(part->name, TEXTS[i])) {
            json_object_object_add(form, TEXTS[i], json_text(part->content));
            return true;
        }
    }
    for (size_t i = 0; i < sizeof JSONS / sizeof JSONS[0]; i++) {
        if (bytes_equal_text(part->name, JSONS[i]))
            return add_json(form, JSONS[i], part->content, reply);
    }
    return add_unknown(part, reply);
}

static bool add_file(json_object *files, const struct part *part, struct reply *reply)
{
    char *name = memory_format("%.*s", (int)part->name.size, part->name.data);
    bool empty = part->size == 0;

    if (empty)
        reply_error(reply, name, "The submitted file is empty.");
    else
        json_object_array_add(files, json_text(part->name));
    free(name);
    return !empty;
}

static void reply_form_error(struct reply *reply, const char *error)
{
    char *detail = memory_format("Multipart form parse error - %s.", error);

    reply_detail(reply, 400, detail);
    free(detail);
}

json_object *network_form_read(const struct request *request, json_object *files, struct reply *reply)
{
    json_object *form;
    bool valid = true;

    if (request->media != MEDIA_MULTIPART) {
        reply_error(reply, "non_field_errors", "At least one file is required: send multipart/form-data.");
        return NULL;
    }
    if (request->multipart.error != NULL) {
        reply_form_error(reply, request->multipart.error);
        return NULL;
    }
    form = json_object_new_object();
    for (size_t i = 0; valid && i < request->multipart.count; i++) {
        const struct part *part = &request->multipart.parts[i];

        valid = part->filename.data != NULL ? add_file(files, part, reply) : add_text(form, part, reply);
    }
    if (valid)
        return form;
    json_object_put(form);
    return NULL;
}
