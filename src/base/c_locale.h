/* Numbers are written and read with a decimal point, whatever locale the application has chosen. */
#ifndef DM_C_LOCALE_H
#define DM_C_LOCALE_H

#include <locale.h>
#include <stdbool.h>

/* Puts this thread, and no other, into the C locale; false if there is no memory for that. */
bool c_locale_enter(locale_t *c_locale, locale_t *previous);

/* Puts this thread back into the locale that c_locale_enter found. */
void c_locale_leave(locale_t c_locale, locale_t previous);

#endif
