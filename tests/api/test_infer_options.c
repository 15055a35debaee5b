/* The options of an inference: discarded labels, and the number of predictions. */
#include "array.h"
#include "four_forms_test.h"
#include "inference_same.h"
#include "test.h"

static void discarded_labels_are_shown_when_asked_for(void **state)
{
    const dm_infer_options shown = {.show_discarded = true};
    const dm_infer_options not_shown = {.show_discarded = false};
    const enum form forms[] = {FORM_URL, FORM_BYTES}; /* JSON, multipart */

    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        const dm_input input = input_of(&pictures[2], forms[i]);
        dm_inference *with = infer_one("sandbox-colors", input, &shown);
        dm_inference *without = infer_one("sandbox-colors", input, &not_shown);
        dm_inference *by_default = infer_one("sandbox-colors", input, NULL);

        assert_true(labels_of(with)->discarded_count > 0);
        check_order(labels_of(with)->discarded, labels_of(with)->discarded_count, false);
        assert_int_equal(labels_of(without)->discarded_count, 0);
        assert_int_equal(labels_of(with)->predicted_count, labels_of(without)->predicted_count);
        assert_true(inference_same(without, by_default));
        dm_inference_free(with);
        dm_inference_free(without);
        dm_inference_free(by_default);
    }
}

/* With limits, the predicted and the discarded labels are the first ones of the unlimited lists. */
static void check_limit(dm_input input, size_t limit)
{
    const dm_infer_options all = {.show_discarded = true};
    const dm_infer_options some = {.show_discarded = true, .max_predictions = (int64_t)limit};
    dm_inference *whole = infer_one("sandbox-colors", input, &all);
    dm_inference *limited = infer_one("sandbox-colors", input, &some);
    dm_output_inference cut = whole->outputs[0];
    const dm_inference expected = {.outputs = &cut, .output_count = 1};

    assert_true(cut.labels.predicted_count > limit && cut.labels.discarded_count > limit);
    cut.labels.predicted_count = limit;
    cut.labels.discarded_count = limit;
    assert_true(inference_same(limited, &expected));
    dm_inference_free(whole);
    dm_inference_free(limited);
}

static void max_predictions_limits_the_predictions(void **state)
{
    (void)state;
    check_limit(input_of(&pictures[0], FORM_URL), 1);
    check_limit(input_of(&pictures[0], FORM_FILE), 1);
    check_limit(input_of(&pictures[0], FORM_BYTES), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(discarded_labels_are_shown_when_asked_for),
        cmocka_unit_test(max_predictions_limits_the_predictions),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
