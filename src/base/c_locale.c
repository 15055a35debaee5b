#include "base/c_locale.h"

bool c_locale_enter(locale_t *c_locale, locale_t *previous)
{
    *c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (*c_locale == (locale_t)0)
        return false;
    *previous = uselocale(*c_locale);
    return true;
}

void c_locale_leave(locale_t c_locale, locale_t previous)
{
    uselocale(previous);
    freelocale(c_locale);
}
