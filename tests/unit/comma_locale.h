/* A locale with a decimal comma, made by the test itself, for no machine is sure to have one. */
#ifndef UNIT_COMMA_LOCALE_H
#define UNIT_COMMA_LOCALE_H

#include "temp_files.h"
#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMA_LOCALE "de_DE.UTF-8"

/* Only glibc has locales that a test can make. Elsewhere the tests run with a decimal point. */
#ifdef __GLIBC__
#define DECIMAL_COMMA ","
#else
#define DECIMAL_COMMA "."
#endif

/* Fails with a reason, for a test that skipped itself would hide what it is there for. An emulated program need not have
 * the byte order of the machine. */
static inline void compile_comma_locale(const char *folder)
{
    const char *order = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? "big" : "little";
    char command[512];
    snprintf(command, sizeof command, "localedef --%s-endian -i de_DE -f UTF-8 '%s/" COMMA_LOCALE "'", order, folder);
    if (system(command) != 0)
        fail_msg("%s failed: are Debian's packages libc-bin and locales installed?", command);
}

/* Group set-up: the program runs in a locale of which 0.5 is written "0,5". The state is the folder that holds it. */
static inline int enter_comma_locale(void **state)
{
    char *folder = temp_folder_new();
    assert_non_null(folder);
    *state = folder;
#ifndef __GLIBC__
    print_message("This C library has no locales that a test could make: the tests run with a decimal point\n");
    return 0;
#endif
    compile_comma_locale(folder);
    assert_int_equal(setenv("LOCPATH", folder, 1), 0);
    if (setlocale(LC_ALL, COMMA_LOCALE) == NULL)
        fail_msg("setlocale does not find " COMMA_LOCALE " in %s", folder);
    assert_string_equal(localeconv()->decimal_point, ",");
    return 0;
}

/* Group tear-down. */
static inline int leave_comma_locale(void **state)
{
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
    return temp_folder_remove(*state) ? 0 : -1;
}

#endif
