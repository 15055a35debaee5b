#include "codec/image.h"

#include "base/base64.h"
#include "base/check.h"
#include "codec/upload.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_WHAT = 32 };

dm_input dm_image_url(const char *url)
{
    return (dm_input){.source = DM_SOURCE_URL, .data = url};
}

dm_input dm_image_file(const char *path)
{
    return (dm_input){.source = DM_SOURCE_FILE, .data = path};
}

dm_input dm_image_bytes(const void *bytes, size_t size)
{
    return (dm_input){.source = DM_SOURCE_BYTES, .data = bytes, .size = size};
}

dm_input dm_image_base64(const char *text, size_t length)
{
    return (dm_input){.source = DM_SOURCE_BASE64, .data = text, .size = length};
}

/* The arguments of the checks. */
struct subject {
    const dm_input *input;
    struct upload_words words;
    struct failure *failure;
};

static bool check_url(const struct subject *subject)
{
    const char *url = subject->input->data;
    char what[48];
    snprintf(what, sizeof what, "%s: the URL", subject->words.what);
    if (!check_header_text(subject->failure, what, url))
        return false;
    const size_t scheme = strncasecmp(url, "http://", 7) == 0 ? 7 : strncasecmp(url, "https://", 8) == 0 ? 8 : 0;
    if (scheme == 0 || url[scheme] == '\0')
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT,
                           "%s: \"%s\" is not an http:// or https:// address; use dm_image_file for a path",
                           subject->words.what, url);
    return true;
}

static bool check_memory(const struct subject *subject)
{
    return upload_check_memory(subject->failure, &subject->words, subject->input->data, subject->input->size);
}

static bool check_base64(const struct subject *subject, struct image *measured)
{
    const char *text = subject->input->data;
    const char *reason = NULL;
    size_t offset = 0;
    if (!check_memory(subject))
        return false;
    if (subject->input->size >= 5 && strncasecmp(text, "data:", 5) == 0)
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT,
                           "%s: the text is a data: URI; pass only the base64 text after its comma",
                           subject->words.what);
    if (!base64_measure(text, subject->input->size, &measured->base64_characters, &measured->base64_padding, &reason,
                        &offset))
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT, "%s: the text is not base64: at byte %zu, %s",
                           subject->words.what, offset, reason);
    return true;
}

static bool check_source(const struct subject *subject, struct image *measured)
{
    switch (subject->input->source) {
    case DM_SOURCE_URL:
        return check_url(subject);
    case DM_SOURCE_FILE:
        return upload_check_path(subject->failure, &subject->words, subject->input->data);
    case DM_SOURCE_BYTES:
        return check_memory(subject);
    case DM_SOURCE_BASE64:
        return check_base64(subject, measured);
    default:
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT,
                           "%s: create the input with one of the dm_image_... functions", subject->words.what);
    }
}

/* NaN fails every comparison. */
static bool is_normalised(double coordinate)
{
    return coordinate >= 0 && coordinate <= 1;
}

static const char range_of_coordinates[] = "coordinates are from 0 to 1, parts of the image's width and height";

static bool check_bbox(const struct subject *subject)
{
    const dm_bbox *box = subject->input->bbox;
    if (box == NULL)
        return true;
    if (!is_normalised(box->xmin) || !is_normalised(box->ymin) || !is_normalised(box->xmax) ||
        !is_normalised(box->ymax))
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT, "%s.bbox: %s", subject->words.what,
                           range_of_coordinates);
    if (!(box->xmin < box->xmax) || !(box->ymin < box->ymax))
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT,
                           "%s.bbox: xmin must be below xmax, and ymin (the top) below ymax", subject->words.what);
    return true;
}

static bool check_polygon(const struct subject *subject)
{
    const dm_input *input = subject->input;
    if (input->polygon_count == 0)
        return true;
    if (input->polygon == NULL)
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT, "%s.polygon must not be NULL",
                           subject->words.what);
    if (input->polygon_count < 3)
        return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT, "%s.polygon has %zu points; it needs at least 3",
                           subject->words.what, input->polygon_count);
    for (size_t i = 0; i < input->polygon_count; i++)
        if (!is_normalised(input->polygon[i].x) || !is_normalised(input->polygon[i].y))
            return failure_set(subject->failure, DM_ERR_INVALID_ARGUMENT, "%s.polygon[%zu]: %s", subject->words.what, i,
                               range_of_coordinates);
    return true;
}

static struct upload_words words_of(char what[MAX_WHAT], size_t index)
{
    snprintf(what, MAX_WHAT, "inputs[%zu]", index);
    return (struct upload_words){what, "the image", "an image file", "use dm_image_bytes"};
}

bool image_check(struct image *image, const dm_input *input, size_t index, struct failure *failure)
{
    char what[MAX_WHAT];
    const struct subject subject = {input, words_of(what, index), failure};

    *image = (struct image){.input = input};
    return check_source(&subject, image) && check_bbox(&subject) && check_polygon(&subject);
}

bool image_open(struct image *image, size_t index, struct failure *failure)
{
    char what[MAX_WHAT];
    const struct upload_words words = words_of(what, index);
    return image->input->source != DM_SOURCE_FILE || upload_open(failure, &words, image->input->data, &image->file);
}
