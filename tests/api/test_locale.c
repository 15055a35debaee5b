/* A locale with a decimal comma changes no byte on the wire and no score, and calls do not change the locale. */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "comma_locale.h"
#include "inference_same.h"
#include "temp_files.h"
#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *photo_url;
static char *photo_path;

static int start(void **state)
{
    (void)state;
    api_test_start(&api, sandbox_with_photos);
    comma_locale_make();
    photo_url = api_file_url(&api, "coffee.jpg");
    photo_path = temp_path(PHOTOS_DIR, "coffee.jpg");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    free(photo_url);
    free(photo_path);
    api_test_stop(&api);
    return 0;
}

/* ---- The locale ---- */

static void enter_c(void)
{
    assert_non_null(setlocale(LC_ALL, "C"));
    assert_string_equal(localeconv()->decimal_point, ".");
}

static void check_comma(void)
{
    char number[16];

#ifndef __GLIBC__
    print_message("skipped: this C library has no locale with a decimal comma\n");
    skip();
#endif
    snprintf(number, sizeof number, "%.1f", 0.5);
    assert_string_equal(number, "0,5");
    assert_string_equal(localeconv()->decimal_point, ",");
    assert_true(strtod("0,5", NULL) > 0.4);
}

static void enter_german(void)
{
    if (setlocale(LC_ALL, COMMA_LOCALE) == NULL)
        fail_msg("the locale " COMMA_LOCALE " does not exist");
    check_comma();
}

static int leave_german(void **state)
{
    (void)state;
    enter_c();
    return 0;
}

/* ---- One inference with numbers wherever possible, and everything that is compared ---- */

static const dm_bbox box = {.xmin = 0.125, .ymin = 0.1, .xmax = 2.0 / 3, .ymax = 0.9999999999999999};
static const dm_point triangle[] = {{0.5, 0.0625}, {0.875, 0.75}, {0.1, 1e-5}};

struct outcome {
    char body_sha256[65];
    int64_t body_length;
    dm_inference *inference;
};

static struct outcome infer(dm_input input)
{
    const dm_infer_options options = {.show_discarded = true, .max_predictions = 9000};
    const size_t mark = sandbox_mark(api.sandbox);
    struct outcome outcome = {.inference = NULL};
    dm_error error;

    input.bbox = &box;
    input.polygon = triangle;
    input.polygon_count = 3;
    assert_status(dm_spec_infer(api.client, dm_public_spec("sandbox-regions"), &input, 1, &options, NULL,
                                &outcome.inference, &error),
                  DM_OK, &error);
    struct request_log *log = api_requests_since(&api, mark, "/v0.7/recognition/");
    assert_int_equal(log->count, 1);
    snprintf(outcome.body_sha256, sizeof outcome.body_sha256, "%s", log_text(log->items[0], "body_sha256"));
    outcome.body_length = log_number(log->items[0], "body_length");
    request_log_free(log);
    return outcome;
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
    assert_int_equal(a->body_length, b->body_length);
    assert_string_equal(a->body_sha256, b->body_sha256);
    assert_true(a->inference->outputs[0].labels.predicted_count > 0);
    assert_true(inference_same(a->inference, b->inference));
}

static void check_in_both_locales(dm_input input)
{
    enter_c();
    struct outcome in_c = infer(input);
    enter_german();
    struct outcome in_german = infer(input);

    check_comma();
    check_same(&in_c, &in_german);
    dm_inference_free(in_c.inference);
    dm_inference_free(in_german.inference);
}

static void a_decimal_comma_changes_neither_json_nor_scores(void **state)
{
    (void)state;
    check_in_both_locales(dm_image_url(photo_url));
}

/* A client always uses the same boundary, so that even forms are equal byte for byte. */
static void a_decimal_comma_changes_neither_forms_nor_scores(void **state)
{
    (void)state;
    check_in_both_locales(dm_image_file(photo_path));
}

/* (newlocale of glibc leaks the folders of LOCPATH.) */
static locale_t german_of_a_thread(void)
{
    enter_german();
    locale_t german = duplocale(LC_GLOBAL_LOCALE);
    enter_c();
    assert_true(german != (locale_t)0);
    return german;
}

/* A thread may have its own locale, which takes precedence over that of the process. */
static void a_decimal_comma_of_one_thread_changes_neither(void **state)
{
    (void)state;
    enter_c();
    struct outcome in_c = infer(dm_image_url(photo_url));
    locale_t german = german_of_a_thread();
    const locale_t before = uselocale(german);
    check_comma();
    struct outcome in_german = infer(dm_image_url(photo_url));

    check_comma();
    assert_true(uselocale(before) == german);
    freelocale(german);
    check_same(&in_c, &in_german);
    dm_inference_free(in_c.inference);
    dm_inference_free(in_german.inference);
}

/* ---- No call changes the locale, not even one that fails ---- */

static void check_locale_is(const char *name)
{
    assert_string_equal(setlocale(LC_ALL, NULL), name);
    check_comma();
    assert_true(uselocale((locale_t)0) == LC_GLOBAL_LOCALE);
}

static void make_and_free_a_client(void)
{
    dm_client_free(api_client_new(sandbox_url(api.sandbox), SANDBOX_KEY));
}

static void retrieve_a_specification(void)
{
    dm_spec *spec = NULL;

    assert_status(dm_spec_retrieve(api.client, dm_public_spec("sandbox-colors"), NULL, &spec, NULL), DM_OK, NULL);
    dm_spec_free(spec);
}

static void recognise_an_image(void)
{
    dm_inference_free(infer(dm_image_file(photo_path)).inference);
}

static void fail_to_find(void)
{
    dm_spec *spec = NULL;

    assert_status(dm_spec_retrieve(api.client, dm_public_spec("none"), NULL, &spec, NULL), DM_ERR_NOT_FOUND, NULL);
}

/* In this locale, messages of the operating system would be in German. */
static void fail_to_open(void)
{
    const dm_input input = dm_image_file("/does/not/exist.jpg");
    dm_task_id id;
    dm_error error;

    assert_status(dm_spec_submit(api.client, dm_public_spec("a"), &input, 1, NULL, NULL, &id, &error), DM_ERR_FILE,
                  &error);
    assert_non_null(strstr(error.message, "No such file or directory"));
}

static void fail_to_recognise(void)
{
    const dm_input input = dm_image_bytes("not an image", 12);
    dm_inference *inference = NULL;

    assert_status(dm_spec_infer(api.client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, NULL),
                  DM_ERR_TASK_FAILED, NULL);
}

static void every_call_leaves_the_locale_as_it_was(void **state)
{
    void (*const calls[])(void) = {
        make_and_free_a_client, retrieve_a_specification, recognise_an_image, fail_to_find,
        fail_to_open,           fail_to_recognise,
    };
    char name[256];

    (void)state;
    enter_german();
    snprintf(name, sizeof name, "%s", setlocale(LC_ALL, NULL));
    for (size_t i = 0; i < COUNT(calls); i++) {
        calls[i]();
        check_locale_is(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_decimal_comma_changes_neither_json_nor_scores, leave_german),
        cmocka_unit_test_teardown(a_decimal_comma_changes_neither_forms_nor_scores, leave_german),
        cmocka_unit_test_teardown(a_decimal_comma_of_one_thread_changes_neither, leave_german),
        cmocka_unit_test_teardown(every_call_leaves_the_locale_as_it_was, leave_german),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
