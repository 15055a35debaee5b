#include "comma_locale.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* An emulated program may have a different byte order from the machine's. */
static void compile(const char *path)
{
    const char *order = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? "big" : "little";
    char *command = NULL;

    assert_true(asprintf(&command, "localedef --%s-endian -i de_DE -f UTF-8 '%s'", order, path) > 0);
    if (system(command) != 0)
        fail_msg("%s failed: are Debian's packages libc-bin and locales installed?", command);
    free(command);
}

/* Other tests may create the locale at the same time. Each one compiles it under a unique name, and the first one to
 * finish renames it. */
static void compile_and_rename(const char *path)
{
    char *own = NULL;

    assert_true(asprintf(&own, "%s/%ld." COMMA_LOCALE, LOCALES_DIR, (long)getpid()) > 0);
    compile(own);
    if (rename(own, path) != 0)
        assert_true(temp_folder_remove(own));
    else
        free(own);
}

void comma_locale_make(void)
{
    char *path = temp_path(LOCALES_DIR, COMMA_LOCALE);

    assert_non_null(path);
    if (access(path, R_OK) != 0)
        compile_and_rename(path);
    assert_int_equal(setenv("LOCPATH", LOCALES_DIR, 1), 0);
    free(path);
}

int enter_comma_locale(void **state)
{
    (void)state;
#ifndef __GLIBC__
    print_message("a test cannot create a locale for this C library: the tests run with a decimal point\n");
    return 0;
#endif
    comma_locale_make();
    if (setlocale(LC_ALL, COMMA_LOCALE) == NULL)
        fail_msg("setlocale does not find " COMMA_LOCALE " in " LOCALES_DIR);
    assert_string_equal(localeconv()->decimal_point, DECIMAL_COMMA);
    return 0;
}

int leave_comma_locale(void **state)
{
    (void)state;
    setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
    return 0;
}
