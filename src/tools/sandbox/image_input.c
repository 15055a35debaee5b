#include "image_input.h"

#include "base64.h"
#include "memory.h"
#include "multipart.h"
#include "values.h"

#include <stdlib.h>

static const char *read_data_uri(struct bytes uri, struct image_input *input)
{
    struct bytes encoding = bytes_of(";base64,");
    size_t type_size = bytes_find(uri, encoding);

    if (type_size == uri.size || type_size == sizeof "data:image/" - 1)
        return ".source: a data URI must start with data:image/TYPE;base64, where TYPE is a type or *";
    if (!base64_decode(bytes_after(uri, type_size + encoding.size), &input->decoded))
        return ".source: what follows ;base64, is not base64";
    input->content = buffer_bytes(&input->decoded);
    return NULL;
}

static const char *read_text_source(json_object *source, struct image_input *input)
{
    struct bytes text = {json_object_get_string(source), (size_t)json_object_get_string_len(source)};

    if (bytes_start_with(text, "data:image/"))
        return read_data_uri(text, input);
    if (!bytes_start_with(text, "http://") && !bytes_start_with(text, "https://"))
        return ".source: must be a URL (http: or https:), a data URI (data:image/TYPE;base64,...) or a file part with "
               "a file name";
    input->url = text.data;
    return NULL;
}

static const char *read_source(json_object *source, struct image_input *input)
{
    const struct part *part;

    if (source == NULL)
        return ".source: This field is required.";
    if (!json_object_is_type(source, json_type_string))
        return ".source: Not a valid string.";
    part = json_object_get_userdata(source);
    if (part == NULL)
        return read_text_source(source, input);
    input->content = part->content;
    return part->content.size > 0 ? NULL : ".source: The submitted file is empty.";
}

static bool read_share(json_object *object, const char *field, double *share)
{
    return value_number(json_object_object_get(object, field), share) && *share >= 0 && *share <= 1;
}

static const char *read_box(json_object *bbox, struct crop *crop)
{
    struct box *box = &crop->box;

    if (bbox == NULL)
        return NULL;
    crop->has_box = true;
    if (!json_object_is_type(bbox, json_type_object) || !read_share(bbox, "xmin", &box->xmin) ||
        !read_share(bbox, "ymin", &box->ymin) || !read_share(bbox, "xmax", &box->xmax) ||
        !read_share(bbox, "ymax", &box->ymax))
        return ".bbox: xmin, ymin, xmax and ymax are required, numbers from 0 to 1";
    return box->xmin < box->xmax && box->ymin < box->ymax ? NULL : ".bbox: xmin < xmax and ymin < ymax is required";
}

static bool read_point(json_object *object, struct point *point)
{
    return json_object_is_type(object, json_type_object) && read_share(object, "x", &point->x) &&
           read_share(object, "y", &point->y);
}

static const char *read_polygon(json_object *polygon, struct crop *crop)
{
    if (polygon == NULL)
        return NULL;
    if (!json_object_is_type(polygon, json_type_array) || json_object_array_length(polygon) < 3)
        return ".polygon: at least 3 points are required";
    crop->polygon_size = json_object_array_length(polygon);
    crop->polygon = memory_new(crop->polygon_size, sizeof *crop->polygon);
    for (size_t i = 0; i < crop->polygon_size; i++) {
        if (!read_point(json_object_array_get_idx(polygon, i), &crop->polygon[i]))
            return ".polygon: each point must have x and y, numbers from 0 to 1";
    }
    return NULL;
}

static const char *read_uniform_background(json_object *value, struct crop *crop)
{
    if (value == NULL || value_boolean(value, &crop->uniform_background))
        return NULL;
    return ".crop_uniform_background: Must be a valid boolean.";
}

const char *image_input_read(json_object *image, struct image_input *input)
{
    const char *error;

    *input = (struct image_input){0};
    if (!json_object_is_type(image, json_type_object))
        return ": This field is required, and an object.";
    error = read_source(json_object_object_get(image, "source"), input);
    if (error == NULL)
        error = read_box(json_object_object_get(image, "bbox"), &input->crop);
    if (error == NULL)
        error = read_polygon(json_object_object_get(image, "polygon"), &input->crop);
    if (error == NULL)
        error = read_uniform_background(json_object_object_get(image, "crop_uniform_background"), &input->crop);
    return error;
}

void image_input_clear(struct image_input *input)
{
    buffer_clear(&input->decoded);
    free(input->crop.polygon);
}
