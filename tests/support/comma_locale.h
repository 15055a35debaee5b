/* A locale with a decimal comma. Few machines have one, so the first test that needs it creates it in the build
 * folder. */
#ifndef SUPPORT_COMMA_LOCALE_H
#define SUPPORT_COMMA_LOCALE_H

#include <locale.h> /* defines __GLIBC__, too */

#define COMMA_LOCALE "de_DE.UTF-8"

/* Only glibc has locales that a test can create. With other C libraries, the tests run with a decimal point. */
#ifdef __GLIBC__
#define DECIMAL_COMMA ","
#else
#define DECIMAL_COMMA "."
#endif

/* Creates the locale if it does not exist yet, and sets LOCPATH to its folder. Fails the test if it cannot be
 * created, because a skipped test would check nothing. */
void comma_locale_make(void);

/* Group fixtures: the tests of the group run in this locale, in which 0.5 is written "0,5". */
int enter_comma_locale(void **state);
int leave_comma_locale(void **state);

#endif
