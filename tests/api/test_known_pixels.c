/* Pictures in which every pixel is known: the colours in the result are those of the requested part. */
#include "array.h"
#include "four_forms_test.h"
#include "test.h"
#include "tiny_png.h"

static const char *const red_beside_blue[] = {
    "rrrrbbbb", "rrrrbbbb", "rrrrbbbb", "rrrrbbbb", "rrrrbbbb", "rrrrbbbb", "rrrrbbbb", "rrrrbbbb", NULL,
};

static const char *const red_in_white[] = {
    "wwwwwwww", "wwwwwwww", "wwrrrrww", "wwrrrrww", "wwrrrrww", "wwrrrrww", "wwwwwwww", "wwwwwwww", NULL,
};

static const char *const white_above_green[] = {
    "wwwwwwww", "wwwwwwww", "wwwwwwww", "wwwwwwww", "wwwwwwww", "wwwwwwww", "gggggggg", "gggggggg", NULL,
};

struct share {
    const char *name;
    double share;
};

/* The part of a picture that is used, and its colours, the largest first. */
struct view {
    const char *const *rows;
    dm_bbox bbox; /* all 0: none */
    dm_point polygon[4];
    size_t polygon_count;
    bool crop_uniform_background;
    struct share shares[2];
};

static const struct view views[] = {
    {.rows = red_beside_blue, .bbox = {0, 0, 0.5, 1}, .shares = {{"red", 1}}},
    {.rows = red_beside_blue, .bbox = {0.5, 0, 1, 1}, .shares = {{"blue", 1}}},
    {.rows = red_beside_blue, .bbox = {0.25, 0.5, 0.625, 0.75}, .shares = {{"red", 2.0 / 3}, {"blue", 1.0 / 3}}},
    {.rows = red_beside_blue,
     .polygon = {{0, 0}, {0.625, 0}, {0.625, 1}, {0, 1}},
     .polygon_count = 4,
     .shares = {{"red", 0.8}, {"blue", 0.2}}},
    {.rows = red_beside_blue, .polygon = {{1, 0}, {1, 1}, {0.5, 0.5}}, .polygon_count = 3, .shares = {{"blue", 1}}},
    {.rows = white_above_green, .shares = {{"white", 0.75}, {"green", 0.25}}},
    {.rows = white_above_green, .bbox = {0, 0.75, 1, 1}, .shares = {{"green", 1}}},
    {.rows = white_above_green, .crop_uniform_background = true, .shares = {{"green", 1}}},
    {.rows = red_in_white, .shares = {{"white", 0.75}, {"red", 0.25}}},
    {.rows = red_in_white, .crop_uniform_background = true, .shares = {{"red", 1}}},
    {.rows = red_in_white, .bbox = {0, 0, 0.5, 0.5}, .shares = {{"white", 0.75}, {"red", 0.25}}},
    {.rows = red_in_white, .bbox = {0, 0, 0.5, 0.5}, .crop_uniform_background = true, .shares = {{"red", 1}}},
};

static void check_shares(const dm_inference *inference, const struct share *shares)
{
    const dm_labels_inference *labels = labels_of(inference);
    size_t expected = 0;

    for (; expected < 2 && shares[expected].name != NULL; expected++) {
        assert_true(expected < labels->predicted_count);
        assert_string_equal(labels->predicted[expected].label_name, shares[expected].name);
        assert_true(labels->predicted[expected].score > shares[expected].share - 1e-9);
        assert_true(labels->predicted[expected].score < shares[expected].share + 1e-9);
    }
    assert_int_equal(labels->predicted_count, expected);
}

static void check_view(const struct view *view)
{
    size_t size = 0;
    unsigned char *png = tiny_png(view->rows, &size);
    assert_non_null(png);
    char *base64 = base64_text(png, size, BASE64_UNPADDED);
    dm_input inputs[] = {dm_image_bytes(png, size), dm_image_base64(base64, strlen(base64))}; /* multipart, JSON */

    for (size_t i = 0; i < COUNT(inputs); i++) {
        inputs[i].bbox = view->bbox.xmax > 0 ? &view->bbox : NULL;
        inputs[i].polygon = view->polygon;
        inputs[i].polygon_count = view->polygon_count;
        inputs[i].crop_uniform_background = view->crop_uniform_background;
        dm_inference *inference = infer_one("sandbox-colors", inputs[i], NULL);

        check_shares(inference, view->shares);
        dm_inference_free(inference);
    }
    free(base64);
    free(png);
}

static void only_the_requested_part_of_a_picture_is_analysed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(views); i++)
        check_view(&views[i]);
}

static void check_region(const dm_prediction *found, const char *name, double xmin, double xmax)
{
    assert_string_equal(found->label_name, name);
    assert_true(found->score >= 1 && found->score <= 1);
    assert_non_null(found->roi);
    assert_true(found->roi->bbox->xmin >= xmin && found->roi->bbox->xmin <= xmin);
    assert_true(found->roi->bbox->xmax >= xmax && found->roi->bbox->xmax <= xmax);
    assert_true(found->roi->bbox->ymin >= 0 && found->roi->bbox->ymin <= 0);
    assert_true(found->roi->bbox->ymax >= 1 && found->roi->bbox->ymax <= 1);
}

static void a_region_has_its_position_in_the_picture(void **state)
{
    size_t size = 0;
    unsigned char *png = tiny_png(red_beside_blue, &size);
    dm_inference *inference = infer_one("sandbox-regions", dm_image_bytes(png, size), NULL);
    const dm_labels_inference *labels = labels_of(inference);

    (void)state;
    assert_int_equal(labels->predicted_count, 2);
    check_region(&labels->predicted[0], "red", 0, 0.5); /* of equal score, the smaller label id comes first */
    check_region(&labels->predicted[1], "blue", 0.5, 1);
    assert_true(labels->predicted[0].roi->region_id != labels->predicted[1].roi->region_id);
    dm_inference_free(inference);
    free(png);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_requested_part_of_a_picture_is_analysed),
        cmocka_unit_test(a_region_has_its_position_in_the_picture),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
