#include "codec/encode.h"
#include "codec/form.h"

#include <inttypes.h>
#include <stdio.h>

enum { MAX_NAME = 96 };

static const char data_uri_prefix[] = "data:image/*;base64,";
static const char base64_padding[] = "==";

/* Base64 without white space is sent in place, as one piece. */
static void append_base64(struct body *body, const struct image *image)
{
    text_append_string(&body->text, data_uri_prefix);
    if (image->base64_characters == image->input->size)
        body_append_memory(body, image->input->data, image->input->size);
    else
        body_append_base64(body, image->input->data, image->input->size, image->base64_characters);
    text_append(&body->text, base64_padding, image->base64_padding);
}

/* ---- JSON ---- */

static void append_json_number(struct text *text, const char *before, double number)
{
    text_append_string(text, before);
    text_append_number(text, number);
}

static void append_json_bbox(struct text *text, const dm_bbox *box)
{
    append_json_number(text, ",\"bbox\":{\"xmin\":", box->xmin);
    append_json_number(text, ",\"ymin\":", box->ymin);
    append_json_number(text, ",\"xmax\":", box->xmax);
    append_json_number(text, ",\"ymax\":", box->ymax);
    text_append_string(text, "}");
}

static void append_json_polygon(struct text *text, const dm_point *points, size_t count)
{
    text_append_string(text, ",\"polygon\":[");
    for (size_t i = 0; i < count; i++) {
        append_json_number(text, i == 0 ? "{\"x\":" : ",{\"x\":", points[i].x);
        append_json_number(text, ",\"y\":", points[i].y);
        text_append_string(text, "}");
    }
    text_append_string(text, "]");
}

static void append_json_source(struct body *body, const struct image *image)
{
    if (image->input->source == DM_SOURCE_URL) {
        text_append_json_string(&body->text, image->input->data);
        return;
    }
    text_append_string(&body->text, "\"");
    append_base64(body, image);
    text_append_string(&body->text, "\"");
}

static void append_json_input(struct body *body, size_t index, const struct image *image)
{
    const dm_input *input = image->input;
    text_append_string(&body->text, index == 0 ? "{\"inputs\":[" : ",");
    text_append_string(&body->text, "{\"image\":{\"source\":");
    append_json_source(body, image);
    if (input->bbox != NULL)
        append_json_bbox(&body->text, input->bbox);
    if (input->polygon_count > 0)
        append_json_polygon(&body->text, input->polygon, input->polygon_count);
    if (input->crop_uniform_background)
        text_append_string(&body->text, ",\"crop_uniform_background\":true");
    text_append_string(&body->text, "}}");
}

static void append_json_end(struct text *text, const dm_infer_options *options)
{
    text_append_string(text, "]");
    if (options->show_discarded)
        text_append_string(text, ",\"show_discarded\":true");
    if (options->max_predictions > 0) {
        text_append_string(text, ",\"max_predictions\":");
        text_append_integer(text, options->max_predictions);
    }
    text_append_string(text, "}");
}

/* ---- Multipart: the same fields, flattened as Django REST framework expects them: no dot after an index ---- */

static void append_number_part(const struct form *form, size_t input, const char *member, double number)
{
    char name[MAX_NAME];
    snprintf(name, sizeof name, "inputs[%zu]image.%s", input, member);
    form_begin_text(form, name);
    text_append_number(&form->body->text, number);
    form_end_part(form);
}

static void append_bbox_parts(const struct form *form, size_t input, const dm_bbox *box)
{
    append_number_part(form, input, "bbox.xmin", box->xmin);
    append_number_part(form, input, "bbox.ymin", box->ymin);
    append_number_part(form, input, "bbox.xmax", box->xmax);
    append_number_part(form, input, "bbox.ymax", box->ymax);
}

static void append_polygon_parts(const struct form *form, size_t input, const dm_point *points, size_t count)
{
    char member[MAX_NAME / 2];
    for (size_t i = 0; i < count; i++) {
        snprintf(member, sizeof member, "polygon[%zu]x", i);
        append_number_part(form, input, member, points[i].x);
        snprintf(member, sizeof member, "polygon[%zu]y", i);
        append_number_part(form, input, member, points[i].y);
    }
}

/* Sends a file name, because the service would otherwise decode an image's bytes as text. An open file passes to the
 * body. */
static void append_source_part(const struct form *form, size_t input, struct image *image)
{
    char name[MAX_NAME];
    const dm_source source = image->input->source;
    const bool binary = source == DM_SOURCE_FILE || source == DM_SOURCE_BYTES;

    snprintf(name, sizeof name, "inputs[%zu]image.source", input);
    if (binary)
        form_begin_file(form, name, "image");
    else
        form_begin_text(form, name);
    if (source == DM_SOURCE_FILE)
        body_append_file(form->body, &image->file);
    else if (source == DM_SOURCE_BYTES)
        body_append_memory(form->body, image->input->data, image->input->size);
    else if (source == DM_SOURCE_BASE64)
        append_base64(form->body, image);
    else
        text_append_string(&form->body->text, image->input->data);
    form_end_part(form);
}

static void append_form_options(const struct form *form, const dm_infer_options *options)
{
    char digits[24];
    if (options->show_discarded)
        form_append_text(form, "show_discarded", "true");
    if (options->max_predictions > 0) {
        snprintf(digits, sizeof digits, "%" PRId64, options->max_predictions);
        form_append_text(form, "max_predictions", digits);
    }
}

static void append_form_input(const struct form *form, size_t index, struct image *image)
{
    char name[MAX_NAME];
    const dm_input *input = image->input;

    append_source_part(form, index, image);
    if (input->bbox != NULL)
        append_bbox_parts(form, index, input->bbox);
    if (input->polygon_count > 0)
        append_polygon_parts(form, index, input->polygon, input->polygon_count);
    if (input->crop_uniform_background) {
        snprintf(name, sizeof name, "inputs[%zu]image.crop_uniform_background", index);
        form_append_text(form, name, "true");
    }
}

/* ---- Both ---- */

static const dm_infer_options *options_of(const struct inference_job *job)
{
    static const dm_infer_options defaults = {0};
    return job->options != NULL ? job->options : &defaults;
}

static enum request_media choose_media(const struct inference_job *job)
{
    for (size_t i = 0; i < job->input_count; i++)
        if (job->inputs[i].source == DM_SOURCE_FILE || job->inputs[i].source == DM_SOURCE_BYTES)
            return MEDIA_MULTIPART;
    return MEDIA_JSON;
}

static bool check_arguments(const struct inference_job *job, struct failure *failure)
{
    const int64_t max_predictions = options_of(job)->max_predictions;
    if (job->inputs == NULL || job->input_count == 0)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                           "there are no inputs; an inference needs at least one image");
    if (max_predictions < 0)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                           "options.max_predictions is %" PRId64 "; it must not be negative", max_predictions);
    return true;
}

bool check_inference(const struct inference_job *job, struct image *images, struct failure *failure)
{
    bool fine = check_arguments(job, failure);
    for (size_t i = 0; fine && i < job->input_count; i++)
        fine = image_check(&images[i], &job->inputs[i], i, failure);
    return fine;
}

/* The checked input, or the result of checking it now. */
static bool take_image(const struct inference_job *job, size_t index, struct image *image, struct failure *failure)
{
    if (job->images == NULL)
        return image_check(image, &job->inputs[index], index, failure);
    *image = job->images[index];
    return true;
}

/* Writes each input right after its check. This is safe, because nothing is sent before all inputs are checked. */
static bool append_inputs(struct request *request, const struct form *parts, const struct inference_job *job,
                          struct failure *failure)
{
    for (size_t i = 0; i < job->input_count; i++) {
        struct image image;
        if (!take_image(job, i, &image, failure) || !image_open(&image, i, failure))
            return false;
        if (request->media == MEDIA_JSON)
            append_json_input(&request->body, i, &image);
        else
            append_form_input(parts, i, &image);
    }
    return true;
}

void encode_inference(struct request *request, const char *boundary, const struct inference_job *job,
                      struct failure *failure)
{
    const struct form parts = {&request->body, boundary};
    if (!check_arguments(job, failure))
        return;

    request->media = choose_media(job);
    if (request->media == MEDIA_MULTIPART)
        append_form_options(&parts, options_of(job));
    if (!append_inputs(request, &parts, job, failure))
        return;
    if (request->media == MEDIA_MULTIPART)
        form_end(&parts);
    else
        append_json_end(&request->body.text, options_of(job));
}
