#include "base/secret.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

static void wiping_overwrites_all_and_no_more(void **state)
{
    static const char wanted[] = "<\0\0\0\0\0\0>";
    char memory[] = "<secret>";
    (void)state;
    secret_wipe(memory + 1, 6);
    assert_memory_equal(memory, wanted, sizeof memory);
    secret_wipe(memory, 0);
    assert_int_equal(memory[0], '<');
}

/* That the string is gone is for the leak checkers to say. */
static void a_secret_can_be_freed_and_so_can_none(void **state)
{
    (void)state;
    char *secret = strdup("sk-0123456789");
    assert_non_null(secret);
    secret_free(secret);
    char *empty = strdup("");
    assert_non_null(empty);
    secret_free(empty);
    secret_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wiping_overwrites_all_and_no_more),
        cmocka_unit_test(a_secret_can_be_freed_and_so_can_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
