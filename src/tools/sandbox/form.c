#include "form.h"

#include "json_tools.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

static bool skip(struct bytes *rest, const char *text)
{
    if (!bytes_start_with(*rest, text))
        return false;
    *rest = bytes_after(*rest, strlen(text));
    return true;
}

/* Reads "[N]" with N below the limit. */
static bool take_index(struct bytes *rest, size_t limit, size_t *index)
{
    size_t digits = 0;

    *index = 0;
    if (!skip(rest, "["))
        return false;
    for (; digits < rest->size && rest->data[digits] >= '0' && rest->data[digits] <= '9' && *index < limit; digits++)
        *index = *index * 10 + (size_t)(rest->data[digits] - '0');
    *rest = bytes_after(*rest, digits);
    return digits > 0 && *index < limit && skip(rest, "]");
}

static bool one_of(struct bytes name, const char *const *names)
{
    while (*names != NULL && !bytes_equal_text(name, *names))
        names++;
    return *names != NULL;
}

/* Returns a member, and creates it first if it is missing. */
static json_object *member(json_object *object, const char *key, json_object *make(void))
{
    json_object *found = json_object_object_get(object, key);

    if (found == NULL) {
        found = make();
        json_object_object_add(object, key, found);
    }
    return found;
}

/* Returns an item, and creates it first as an object if it is missing. */
static json_object *item(json_object *array, size_t index)
{
    json_object *found = json_object_array_get_idx(array, index);

    if (found == NULL) {
        found = json_object_new_object();
        json_object_array_put_idx(array, index, found);
    }
    return found;
}

/* The name is a known one, so it contains no NUL. */
static bool set_text(json_object *object, struct bytes name, const struct part *part)
{
    char *key = memory_format("%.*s", (int)name.size, name.data);

    json_object_object_add(object, key, json_text(part->content));
    free(key);
    return part->filename.data == NULL;
}

static bool set_source(json_object *image, struct part *part)
{
    json_object *file;

    if (part->filename.data == NULL)
        return set_text(image, bytes_of("source"), part);
    file = json_object_new_string("");
    json_object_set_userdata(file, part, NULL);
    json_object_object_add(image, "source", file);
    return true;
}

/* Sets a field of an image. rest is its name after "image.". Returns false if the name is unknown. */
static bool set_image_field(json_object *image, struct bytes rest, struct part *part, size_t index_limit)
{
    static const char *const SIDES[] = {"xmin", "ymin", "xmax", "ymax", NULL};
    static const char *const AXES[] = {"x", "y", NULL};
    size_t index;

    if (bytes_equal_text(rest, "source"))
        return set_source(image, part);
    if (bytes_equal_text(rest, "crop_uniform_background"))
        return set_text(image, rest, part);
    if (skip(&rest, "bbox."))
        return one_of(rest, SIDES) && set_text(member(image, "bbox", json_object_new_object), rest, part);
    if (skip(&rest, "polygon") && take_index(&rest, index_limit, &index) && one_of(rest, AXES))
        return set_text(item(member(image, "polygon", json_object_new_array), index), rest, part);
    return false;
}

/* Sets a field. Indexes must be below index_limit. */
static bool set_field(json_object *form, struct part *part, size_t index_limit)
{
    static const char *const OPTIONS[] = {"show_discarded", "max_predictions", NULL};
    struct bytes rest = part->name;
    json_object *input;
    size_t index;

    if (one_of(part->name, OPTIONS))
        return set_text(form, part->name, part);
    if (!skip(&rest, "inputs") || !take_index(&rest, index_limit, &index) || !skip(&rest, "image."))
        return false;
    input = item(member(form, "inputs", json_object_new_array), index);
    return set_image_field(member(input, "image", json_object_new_object), rest, part, index_limit);
}

/* Django ignores files with an empty name. */
static bool is_ignored(const struct part *part)
{
    return part->filename.data != NULL && part->filename.size == 0;
}

json_object *form_read(const struct multipart *multipart, char **error)
{
    json_object *form = json_object_new_object();

    if (multipart->error != NULL) {
        *error = memory_format("Multipart form parse error - %s.", multipart->error);
        goto fail;
    }
    for (size_t i = 0; i < multipart->count; i++) {
        struct part *part = &multipart->parts[i];

        if (is_ignored(part) || set_field(form, part, multipart->count))
            continue;
        *error = memory_format("%.*s is not a field of this form. The fields have names such as inputs[0]image.source, "
                               "inputs[0]image.bbox.xmin and show_discarded; only a source can be a file.",
                               (int)part->name.size, part->name.data);
        goto fail;
    }
    return form;

fail:
    json_object_put(form);
    return NULL;
}
