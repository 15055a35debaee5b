#include "base/random.h"

#include "base/system.h"
#include "test.h"

#include <string.h>

static void the_system_gives_bytes_that_differ(void **state)
{
    unsigned char first[64] = {0};
    unsigned char second[64] = {0};
    (void)state;
    assert_true(system_random(first, sizeof first));
    assert_true(system_random(second, sizeof second));
    assert_memory_not_equal(first, second, sizeof first);
}

static void only_the_bytes_asked_for_are_written(void **state)
{
    unsigned char bytes[16];
    (void)state;
    memset(bytes, 0x5a, sizeof bytes);
    assert_true(system_random(bytes + 4, 8));
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(bytes[i], 0x5a);
        assert_int_equal(bytes[12 + i], 0x5a);
    }
}

/* The published numbers of splitmix64 for the seed 1234567. */
static void fractions_are_those_of_splitmix64(void **state)
{
    static const uint64_t published[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                         UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
                                         UINT64_C(16408922859458223821)};
    uint64_t random = 1234567;
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        const double wanted = (double)(published[i] >> 11) * 0x1p-53;
        const double fraction = random_fraction(&random);
        assert_memory_equal(&fraction, &wanted, sizeof wanted);
    }
}

static void fractions_are_from_0_up_to_1_and_spread(void **state)
{
    enum { COUNT = 100000, PARTS = 10 };
    int counts[PARTS] = {0};
    uint64_t random = 0;
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        const double fraction = random_fraction(&random);
        assert_true(fraction >= 0 && fraction < 1);
        counts[(int)(fraction * PARTS)]++;
    }
    for (int i = 0; i < PARTS; i++)
        assert_in_range(counts[i], COUNT / PARTS - 500, COUNT / PARTS + 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_gives_bytes_that_differ),
        cmocka_unit_test(only_the_bytes_asked_for_are_written),
        cmocka_unit_test(fractions_are_those_of_splitmix64),
        cmocka_unit_test(fractions_are_from_0_up_to_1_and_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
