/* Includes cmocka after the headers that it needs but does not include itself. */
#ifndef DM_TEST_H
#define DM_TEST_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
