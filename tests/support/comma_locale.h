/* A locale with a decimal comma. Few machines have one, so the first test that needs it makes it, in the build folder. */
#ifndef SUPPORT_COMMA_LOCALE_H
#define SUPPORT_COMMA_LOCALE_H

#include <locale.h> /* defines __GLIBC__, too */

#define COMMA_LOCALE "de_DE.UTF-8"

/* Only glibc has locales that a test can make. Elsewhere the tests run with a decimal point. */
#ifdef __GLIBC__
#define DECIMAL_COMMA ","
#else
#define DECIMAL_COMMA "."
#endif

/* Makes the locale, if it has not been made before, and lets LOCPATH lead to it. Fails the test if it cannot be made: a
 * test that was skipped would hide what it checks. */
void comma_locale_make(void);

/* Group fixtures: the program runs in this locale, where 0.5 is written "0,5". */
int enter_comma_locale(void **state);
int leave_comma_locale(void **state);

#endif
