#include "base/line.h"

#include "base/c_locale.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

/* C0, DEL and C1: characters that a terminal may interpret. */
static bool is_control(const char *character, size_t width)
{
    const unsigned char first = (unsigned char)character[0];
    if (width == 1)
        return first < 0x20 || first == 0x7f;
    return width == 2 && first == 0xc2 && (unsigned char)character[1] < 0xa0;
}

void line_copy(char *line, size_t size, const char *text, size_t length)
{
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        const size_t sequence = utf8_sequence(text + at, length - at);
        const size_t width = sequence > 0 ? sequence : 1;
        const char replacement = sequence == 0 ? '?' : is_control(text + at, width) ? ' ' : '\0';
        const size_t written = replacement != '\0' ? 1 : width;
        if (used + written >= size)
            break;
        memcpy(line + used, replacement != '\0' ? &replacement : text + at, written);
        used += written;
        at += width;
    }
    line[used] = '\0';
}

const char *line_system_error(int number)
{
    static _Thread_local char text[128];
    locale_t c_locale;
    locale_t previous;
    if (!c_locale_enter(&c_locale, &previous))
        return "unknown error";
    text[0] = '\0';
    const int failed = strerror_r(number, text, sizeof text); /* writes a text even if the number is unknown */
    (void)failed;
    c_locale_leave(c_locale, previous);
    return text;
}
