/* Classes of ASCII characters, whatever the locale. */
#ifndef DM_ASCII_H
#define DM_ASCII_H

#include <stdbool.h>

static inline bool ascii_is_digit(char character)
{
    return (unsigned char)(character - '0') < 10;
}

static inline bool ascii_is_letter(char character)
{
    return (unsigned char)((character | 0x20) - 'a') < 26;
}

static inline bool ascii_is_alphanumeric(char character)
{
    return ascii_is_digit(character) || ascii_is_letter(character);
}

#endif
