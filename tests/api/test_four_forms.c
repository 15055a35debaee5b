/* A picture gives the same predictions as URL, file, bytes and base64, and so does each part of it. */
#include "array.h"
#include "assert_status.h"
#include "four_forms_test.h"
#include "inference_same.h"
#include "raw_http.h"
#include "sha256.h"
#include "test.h"

#include <stdio.h>

/* ---- Photographs: the predictions are the same in every form ---- */

/* Checks that there are predictions, that they are plausible, and that they have boxes if the specification asks for
 * boxes. */
static void check_sound(const dm_inference *inference, bool located)
{
    const dm_labels_inference *labels = labels_of(inference);

    assert_true(labels->predicted_count > 0);
    check_order(labels->predicted, labels->predicted_count, true);
    check_order(labels->discarded, labels->discarded_count, false);
    for (size_t i = 0; i < labels->predicted_count; i++) {
        assert_true((labels->predicted[i].roi != NULL) == located);
        assert_null(labels->predicted[i].sequence_index);
        assert_null(labels->predicted[i].sequence_time);
    }
}

/* Returns the result of the first form, to be freed. All other forms must give the same. */
static dm_inference *check_all_forms(const char *spec, const struct picture *picture, const dm_input *part)
{
    const dm_infer_options options = {.show_discarded = true};
    dm_inference *first = NULL;

    for (enum form form = 0; form < FORM_COUNT; form++) {
        dm_input input = input_of(picture, form);
        input.bbox = part->bbox;
        input.polygon = part->polygon;
        input.polygon_count = part->polygon_count;
        input.crop_uniform_background = part->crop_uniform_background;
        dm_inference *inference = infer_one(spec, input, &options);

        check_sound(inference, strcmp(spec, "sandbox-regions") == 0);
        if (first == NULL) {
            first = inference;
            continue;
        }
        if (!inference_same(first, inference))
            fail_msg("%s, %s: different predictions for the %s", spec, picture->path, form_names[form]);
        dm_inference_free(inference);
    }
    return first;
}

static const dm_bbox a_box = {.xmin = 0.1, .ymin = 0.25, .xmax = 0.7, .ymax = 0.9};
static const dm_point a_triangle[] = {{0.5, 0.125}, {0.875, 0.75}, {0.1, 0.8}};

static void a_photograph_gives_the_same_predictions_in_all_forms(void **state)
{
    static const char *const specs[] = {"sandbox-colors", "sandbox-regions"};
    const dm_input whole = {.source = DM_SOURCE_NONE};
    const dm_input boxed = {.bbox = &a_box};

    (void)state;
    for (size_t i = 0; i < COUNT(specs); i++) {
        for (int photo = 0; photo < PHOTO_COUNT; photo++) {
            dm_inference *of_whole = check_all_forms(specs[i], &pictures[photo], &whole);
            dm_inference *of_box = check_all_forms(specs[i], &pictures[photo], &boxed);

            assert_false(inference_same(of_whole, of_box));
            dm_inference_free(of_whole);
            dm_inference_free(of_box);
        }
    }
}

static void a_polygon_and_a_cropped_background_change_the_result_in_all_forms(void **state)
{
    const dm_input inside = {.polygon = a_triangle, .polygon_count = 3};
    const dm_input everything = {
        .bbox = &a_box, .polygon = a_triangle, .polygon_count = 3, .crop_uniform_background = true};
    const dm_input whole = {.source = DM_SOURCE_NONE};

    (void)state;
    dm_inference *of_whole = check_all_forms("sandbox-colors", &pictures[0], &whole);
    dm_inference *of_inside = check_all_forms("sandbox-colors", &pictures[0], &inside);
    dm_inference *of_everything = check_all_forms("sandbox-colors", &pictures[0], &everything);

    assert_false(inference_same(of_whole, of_inside));
    assert_false(inference_same(of_inside, of_everything));
    dm_inference_free(of_whole);
    dm_inference_free(of_inside);
    dm_inference_free(of_everything);
}

static void check_against_the_task(const char *spec, const dm_input *inputs, size_t count)
{
    const dm_infer_options options = {.show_discarded = true};
    char path[sizeof "/v0.7/tasks/" + sizeof(dm_task_id)];
    dm_task_id id;
    dm_task *task = NULL;

    assert_status(dm_spec_submit(api.client, dm_public_spec(spec), inputs, count, &options, NULL, &id, NULL), DM_OK,
                  NULL);
    assert_status(dm_task_wait(api.client, id, NULL, &task, NULL), DM_OK, NULL);
    snprintf(path, sizeof path, "/v0.7/tasks/%s", id.text);
    char *text = raw_http(sandbox_url(api.sandbox), path, SANDBOX_KEY, NULL, 200);
    cJSON *json = cJSON_Parse(text);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(json, "data");

    assert_non_null(task->inference);
    assert_true(labels_of(task->inference)->predicted_count > 0);
    assert_true(inference_same_as_json(task->inference, data));
    cJSON_Delete(json);
    free(text);
    dm_task_free(task);
}

/* The same tasks, retrieved with libcurl and cJSON alone. */
static void predictions_equal_the_json_of_the_service(void **state)
{
    const dm_input inputs[] = {input_of(&pictures[0], FORM_BYTES), input_of(&pictures[2], FORM_URL)};

    (void)state;
    check_against_the_task("sandbox-colors", inputs, 1);
    check_against_the_task("sandbox-regions", inputs, 1);
    check_against_the_task("sandbox-pair", inputs, 2);
}

/* ---- Two inputs of one inference ---- */

static dm_inference *infer_pair(dm_input first, dm_input second)
{
    const dm_input inputs[] = {first, second};

    return infer("sandbox-pair", inputs, 2, NULL);
}

static void each_input_may_have_any_form(void **state)
{
    dm_inference *expected = infer_pair(input_of(&pictures[0], FORM_FILE), input_of(&pictures[2], FORM_FILE));

    (void)state;
    assert_true(labels_of(expected)->predicted_count > 0);
    for (enum form form = 0; form < FORM_COUNT; form++) {
        for (enum form other = 0; other < FORM_COUNT; other++) {
            dm_inference *pair = infer_pair(input_of(&pictures[0], form), input_of(&pictures[2], other));

            if (!inference_same(expected, pair))
                fail_msg("different predictions for %s and %s", form_names[form], form_names[other]);
            dm_inference_free(pair);
        }
    }
    dm_inference_free(expected);
}

static void inputs_keep_their_order(void **state)
{
    const dm_input coffee = input_of(&pictures[0], FORM_BYTES);
    const dm_input cat = input_of(&pictures[2], FORM_URL);
    dm_inference *there = infer_pair(coffee, cat);
    dm_inference *back = infer_pair(cat, coffee);

    (void)state;
    assert_true(labels_of(there)->predicted_count > 0);
    assert_true(labels_of(back)->predicted_count > 0);
    assert_false(inference_same(there, back));
    dm_inference_free(there);
    dm_inference_free(back);
}

/* Each part of the second picture is compared with the whole first one. */
static void each_input_has_its_own_crop(void **state)
{
    const dm_input whole = input_of(&pictures[0], FORM_FILE);
    dm_input part = input_of(&pictures[0], FORM_FILE);

    (void)state;
    part.bbox = &a_box;
    dm_inference *same = infer_pair(whole, whole);
    dm_inference *part_last = infer_pair(whole, part);
    dm_inference *part_first = infer_pair(part, whole);
    assert_int_equal(labels_of(same)->predicted_count, 0);
    assert_true(labels_of(part_last)->predicted_count > 0);
    assert_false(inference_same(part_last, part_first));
    dm_inference_free(same);
    dm_inference_free(part_last);
    dm_inference_free(part_first);
}

static void check_wrong_number(const char *spec, const dm_input *inputs, size_t count)
{
    dm_inference *inference = NULL;
    dm_error error;

    assert_int_equal(dm_spec_infer(api.client, dm_public_spec(spec), inputs, count, NULL, NULL, &inference, &error),
                     DM_ERR_REJECTED);
    assert_int_equal(error.http_status, 400);
    assert_non_null(strstr(error.message, "This specification takes exactly"));
}

static void a_wrong_number_of_inputs_is_rejected(void **state)
{
    const dm_input urls[] = {input_of(&pictures[0], FORM_URL), input_of(&pictures[1], FORM_URL),
                             input_of(&pictures[2], FORM_URL)};
    const dm_input files[] = {input_of(&pictures[0], FORM_FILE), input_of(&pictures[1], FORM_FILE),
                              input_of(&pictures[2], FORM_FILE)};

    (void)state;
    check_wrong_number("sandbox-colors", urls, 2);
    check_wrong_number("sandbox-regions", files, 3);
    check_wrong_number("sandbox-pair", urls, 1);
    check_wrong_number("sandbox-pair", files, 3);
}

/* ---- What the server received ---- */

/* The whole picture arrived exactly once, as a part of a form or in JSON. */
static void the_picture_arrives_unchanged_and_once(void **state)
{
    char digest[SHA256_HEX_SIZE];
    const dm_input inputs[] = {input_of(&pictures[1], FORM_FILE), input_of(&pictures[1], FORM_BYTES)};

    (void)state;
    assert_true(sha256_of_file(pictures[1].path, digest));
    for (size_t i = 0; i < COUNT(inputs); i++) {
        const size_t mark = sandbox_mark(api.sandbox);
        dm_inference_free(infer_one("sandbox-colors", inputs[i], NULL));
        struct request_log *log = api_requests_since(&api, mark, "/v0.7/recognition/");
        const cJSON *post = log_only(log, "POST", "/v0.7/recognition/public/sandbox-colors/inference");
        const cJSON *parts = cJSON_GetObjectItemCaseSensitive(post, "parts");

        assert_int_equal(log->count, 1);
        assert_int_equal(cJSON_GetArraySize(parts), 1);
        assert_int_equal(log_number(parts->child, "length"), pictures[1].size);
        assert_string_equal(log_text(parts->child, "sha256"), digest);
        request_log_free(log);
    }
}

/* A URL is fetched by the service, not by the library. */
static void a_picture_by_url_is_fetched_by_the_service(void **state)
{
    const size_t mark = sandbox_mark(api.sandbox);
    dm_inference_free(infer_one("sandbox-colors", input_of(&pictures[0], FORM_URL), NULL));
    struct request_log *log = api_requests_since(&api, mark, "/files/");

    (void)state;
    assert_null(log_header(log_only(log, "GET", "/files/coffee.jpg"), "x-api-key"));
    request_log_free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photograph_gives_the_same_predictions_in_all_forms),
        cmocka_unit_test(a_polygon_and_a_cropped_background_change_the_result_in_all_forms),
        cmocka_unit_test(predictions_equal_the_json_of_the_service),
        cmocka_unit_test(each_input_may_have_any_form),
        cmocka_unit_test(inputs_keep_their_order),
        cmocka_unit_test(each_input_has_its_own_crop),
        cmocka_unit_test(a_wrong_number_of_inputs_is_rejected),
        cmocka_unit_test(the_picture_arrives_unchanged_and_once),
        cmocka_unit_test(a_picture_by_url_is_fetched_by_the_service),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
