#include "text.h"

#include <stdint.h>
#include <string.h>
#include <wchar.h>

static const uint32_t replacement = 0xFFFD;

/* How many bytes follow the first byte of a character; -1 for an invalid first byte. */
static int following_bytes(unsigned char first)
{
    if (first < 0x80)
        return 0;
    if (first >= 0xC2 && first <= 0xDF)
        return 1;
    if (first >= 0xE0 && first <= 0xEF)
        return 2;
    if (first >= 0xF0 && first <= 0xF4)
        return 3;
    return -1;
}

/* Reads one character and moves *text past it. An invalid byte is read as U+FFFD. */
static uint32_t decode(const char **text)
{
    static const uint32_t lowest[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)*text;
    int following = following_bytes(bytes[0]);
    uint32_t code = following > 0 ? bytes[0] & (0x3Fu >> following) : bytes[0];

    (*text)++;
    for (int i = 1; i <= following; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return replacement;
        code = code << 6 | (bytes[i] & 0x3Fu);
    }
    if (following < 0 || code < lowest[following] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return replacement;
    *text += following;
    return code;
}

/* Control characters, line separators and characters that change the writing direction. */
static bool is_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

static void escape(uint32_t code, struct shown *shown)
{
    static const char names[] = "\bb\ff\nn\rr\tt";
    const char *name = code != 0 && code < 0x20 ? strchr(names, (int)code) : NULL;

    if (name != NULL)
        snprintf(shown->text, sizeof shown->text, "\\%c", name[1]);
    else
        snprintf(shown->text, sizeof shown->text, "\\u%04x", (unsigned)code & 0xFFFFu);
    shown->width = strlen(shown->text);
}

struct shown text_next(const char **text)
{
    struct shown shown = {"", 1};
    const char *begin = *text;
    uint32_t code = decode(text);

    if (is_unsafe(code)) {
        escape(code, &shown);
    } else if (code == replacement) {
        memcpy(shown.text, "\xEF\xBF\xBD", 4);
    } else {
        int width = wcwidth((wchar_t)code);
        memcpy(shown.text, begin, (size_t)(*text - begin));
        shown.width = width >= 0 ? (size_t)width : 1;
    }
    return shown;
}

void text_put(FILE *out, const char *text)
{
    while (*text != '\0')
        fputs(text_next(&text).text, out);
}

size_t text_width(const char *text)
{
    size_t width = 0;

    while (*text != '\0')
        width += text_next(&text).width;
    return width;
}

bool text_is_utf8(const char *text)
{
    while (*text != '\0') {
        const char *start = text;
        if (decode(&text) == replacement && text - start == 1)
            return false;
    }
    return true;
}
