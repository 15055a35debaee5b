/* Decoding integers and numbers. */
#include "decode_test.h"

static void integers_are_exact(void **state)
{
    static const struct {
        const char *json;
        int64_t wanted;
    } integers[] = {
        {SPEC("\"current_version_id\":9007199254740991"), INT64_C(9007199254740991)},
        {SPEC("\"current_version_id\":-9007199254740991"), INT64_C(-9007199254740991)},
        {SPEC("\"current_version_id\":9007199254740993"), INT64_C(9007199254740993)},
        {SPEC("\"current_version_id\":-9007199254740993"), INT64_C(-9007199254740993)},
        {SPEC("\"current_version_id\":9223372036854775807"), INT64_MAX},
        {SPEC("\"current_version_id\":-9223372036854775808"), INT64_MIN},
        {SPEC("\"current_version_id\":9223372036854775807.00"), INT64_MAX},
        {SPEC("\"current_version_id\":92233720368547758070e-1"), INT64_MAX},
        {SPEC("\"current_version_id\":-9.223372036854775808e18"), INT64_MIN},
        {SPEC("\"current_version_id\":42.0"), 42},
        {SPEC("\"current_version_id\":4.2e1"), 42},
        {SPEC("\"current_version_id\":4.20E+1"), 42},
        {SPEC("\"current_version_id\":0.0"), 0},
        {SPEC("\"current_version_id\":0e99999999999"), 0},
        {SPEC("\"current_version_id\":-0.000e-99999999999"), 0},
        {SPEC("\"current_version_id\":9007199254740990"), INT64_C(9007199254740990)},
        {SPEC("\"current_version_id\":4294967296"), INT64_C(4294967296)},
        {SPEC("\"current_version_id\":0"), 0},
        {SPEC("\"current_version_id\":-0"), 0},
        {SPEC("\"current_version_id\":1.0"), 1},
        {SPEC("\"current_version_id\":12e2"), 1200},
    };
    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        dm_spec *spec = good_spec(integers[i].json);
        assert_true(*spec->current_version_id == integers[i].wanted);
        dm_spec_free(spec);
    }
}

static void integers_that_cannot_be_held_are_refused(void **state)
{
    static const char *const integers[] = {
        SPEC("\"current_version_id\":9223372036854775808"),
        SPEC("\"current_version_id\":-9223372036854775809"),
        SPEC("\"current_version_id\":9223372036854775807.5"),
        SPEC("\"current_version_id\":9007199254740993.00000000000000000000000000001"),
        SPEC("\"current_version_id\":9223372036854775808e0"),
        SPEC("\"current_version_id\":92233720368547758070e-2"),
        SPEC("\"current_version_id\":12345678901234567890"),
        SPEC("\"current_version_id\":1.5"),
        SPEC("\"current_version_id\":1e-1"),
        SPEC("\"current_version_id\":1e300"),
        SPEC("\"current_version_id\":1e400"),
        SPEC("\"current_version_id\":-1e400"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++)
        assert_bad(try_spec, integers[i], "in the reply, current_version_id is not an integer from -2^63 to 2^63 - 1");
}

static void ids_of_either_end_are_exact_for_labels_too(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(LABELS("\"labels\":[{\"id\":9223372036854775807,\"name\":\"most\"},"
                                     "{\"id\":-9223372036854775808,\"name\":\"least\"}]"));
    assert_label(&spec->outputs[0].labels.labels[0], INT64_MAX, "most");
    assert_label(&spec->outputs[0].labels.labels[1], INT64_MIN, "least");
    dm_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_exact),
        cmocka_unit_test(integers_that_cannot_be_held_are_refused),
        cmocka_unit_test(ids_of_either_end_are_exact_for_labels_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
