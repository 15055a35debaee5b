/* Photographs as URL, file, bytes and base64, and inferences with them. */
#ifndef API_FOUR_FORMS_TEST_H
#define API_FOUR_FORMS_TEST_H

#include "api_test.h"
#include "array.h"
#include "base64_text.h"
#include "temp_files.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

enum form { FORM_URL, FORM_FILE, FORM_BYTES, FORM_BASE64, FORM_BASE64_WRAPPED, FORM_BASE64_UNPADDED, FORM_COUNT };

static const char *const form_names[FORM_COUNT] = {"URL",    "file",           "bytes",
                                                   "base64", "wrapped base64", "base64 without padding"};

/* One picture in all its forms. */
struct picture {
    char *url;
    char *path;
    char *bytes;
    size_t size;
    char *base64[FORM_COUNT]; /* by form; NULL if the form is not base64 */
};

static const char *const photos[] = {"coffee.jpg", "coffee.png", "cat.jpg", "rocket.jpg"};

enum { PHOTO_COUNT = COUNT(photos) };

static struct picture pictures[PHOTO_COUNT];

static inline struct picture open_picture(const char *name)
{
    struct picture picture = {.url = api_file_url(&api, name), .path = temp_path(PHOTOS_DIR, name)};

    picture.bytes = read_whole_file(picture.path, &picture.size);
    assert_non_null(picture.bytes);
    picture.base64[FORM_BASE64] = base64_text(picture.bytes, picture.size, BASE64_PLAIN);
    picture.base64[FORM_BASE64_WRAPPED] = base64_text(picture.bytes, picture.size, BASE64_WRAPPED);
    picture.base64[FORM_BASE64_UNPADDED] = base64_text(picture.bytes, picture.size, BASE64_UNPADDED);
    return picture;
}

static inline void close_picture(struct picture *picture)
{
    free(picture->url);
    free(picture->path);
    free(picture->bytes);
    for (int form = 0; form < FORM_COUNT; form++)
        free(picture->base64[form]);
}

static inline int start(void **state)
{
    (void)state;
    api_test_start(&api, sandbox_with_photos);
    for (int i = 0; i < PHOTO_COUNT; i++)
        pictures[i] = open_picture(photos[i]);
    return 0;
}

static inline int stop(void **state)
{
    (void)state;
    for (int i = 0; i < PHOTO_COUNT; i++)
        close_picture(&pictures[i]);
    api_test_stop(&api);
    return 0;
}

static inline dm_input input_of(const struct picture *picture, enum form form)
{
    switch (form) {
    case FORM_URL:
        return dm_image_url(picture->url);
    case FORM_FILE:
        return dm_image_file(picture->path);
    case FORM_BYTES:
        return dm_image_bytes(picture->bytes, picture->size);
    default:
        return dm_image_base64(picture->base64[form], strlen(picture->base64[form]));
    }
}

static inline dm_inference *infer(const char *spec, const dm_input *inputs, size_t count,
                                  const dm_infer_options *options)
{
    dm_inference *inference = NULL;
    dm_error error;

    if (dm_spec_infer(api.client, dm_public_spec(spec), inputs, count, options, NULL, &inference, &error) != DM_OK)
        fail_msg("%s: %s", spec, error.message);
    assert_non_null(inference);
    assert_int_equal(inference->output_count, 1);
    return inference;
}

static inline dm_inference *infer_one(const char *spec, dm_input input, const dm_infer_options *options)
{
    return infer(spec, &input, 1, options);
}

static inline const dm_labels_inference *labels_of(const dm_inference *inference)
{
    return &inference->outputs[0].labels;
}

static inline void check_order(const dm_prediction *predictions, size_t count, bool passed)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(predictions[i].score >= 0 && predictions[i].score <= 1);
        assert_true((predictions[i].score > predictions[i].threshold) == passed);
        if (i > 0)
            assert_true(predictions[i].score <= predictions[i - 1].score);
    }
}

#endif
