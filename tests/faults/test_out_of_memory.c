/* Every allocation of every public call fails once: those by the library, and those by cJSON for it. */
#include "points.h"

#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>

static struct tally fail_memory(const struct scenario *scenario, bool for_ever)
{
    const struct trial trial = {.what = {.kind = INJECT_MEMORY, .for_ever = for_ever}, .status = DM_ERR_NO_MEMORY};
    return fail_all_points(scenario, &trial);
}

static void print_tally(const char *name, const struct tally *tally)
{
    printf("%6zu  %s", tally->points, name);
    if (tally->outlived > 0)
        printf(" (%zu of them did not change the failure)", tally->outlived);
    printf(tally->wrong > 0 ? ": %zu WRONG\n" : "\n", tally->wrong);
}

static void fail_memory_everywhere(bool for_ever)
{
    struct tally sum = {0};

    for (size_t i = 0; i < scenario_count; i++) {
        if (!scenario_can_run(&scenarios[i]))
            continue;
        const struct tally tally = fail_memory(&scenarios[i], for_ever);
        print_tally(scenarios[i].name, &tally);
        assert_true(tally.points > 0);
        sum.points += tally.points;
        sum.outlived += tally.outlived;
        sum.wrong += tally.wrong;
    }
    print_tally("points in all", &sum);
    assert_int_equal(sum.wrong, 0);
}

static void each_allocation_fails_alone(void **state)
{
    (void)state;
    fail_memory_everywhere(false);
}

static void each_allocation_fails_and_all_later_ones(void **state)
{
    (void)state;
    fail_memory_everywhere(true);
}

/* Returns how many allocations have failed. */
static size_t get_an_endless_header_line(size_t point)
{
    const struct injection memory = {.kind = INJECT_MEMORY, .for_ever = true};
    struct scene scene;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nX-Filler: 0123456789012345678901234567890123456789")->endless_tail = 40;
    scene_start(&scene, NULL);
    injection_arm(&memory, point);
    const dm_status status = scene_get(&scene, NULL);
    const size_t failed = injection_disarm();
    assert_status(status, failed > 0 ? DM_ERR_NO_MEMORY : DM_ERR_TOO_LARGE, &scene.error);
    scene_end(&scene);
    return failed;
}

/* libcurl before 8.6 reports such a line as "out of memory". */
static void a_header_line_is_too_large_only_if_there_is_memory(void **state)
{
    size_t point = 1;

    (void)state;
    while (get_an_endless_header_line(point) > 0)
        point++;
    assert_true(point > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_fails_alone),
        cmocka_unit_test(each_allocation_fails_and_all_later_ones),
        cmocka_unit_test(a_header_line_is_too_large_only_if_there_is_memory),
    };
    points_set_up();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
