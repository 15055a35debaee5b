/* TEST_FILTER=PATTERN in the environment: only the tests whose names match run. The pattern may contain * and ?. */
#include "test.h"

#include <stdlib.h>

__attribute__((constructor)) static void filter_tests(void)
{
    const char *pattern = getenv("TEST_FILTER");

    if (pattern != NULL)
        cmocka_set_test_filter(pattern);
}
