/* Switches to the C locale, so that numbers have a decimal point in any locale of the application. */
#ifndef DM_C_LOCALE_H
#define DM_C_LOCALE_H

#include <locale.h>
#include <stdbool.h>

#ifdef __APPLE__
#include <xlocale.h> /* locale_t */
#endif

/* Switches this thread, and no other, to the C locale. Returns false if out of memory. */
bool c_locale_enter(locale_t *c_locale, locale_t *previous);

/* Restores the locale that this thread had before c_locale_enter. */
void c_locale_leave(locale_t c_locale, locale_t previous);

#endif
