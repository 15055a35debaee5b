/* Pictures with pixels chosen by the test. */
#ifndef SUPPORT_TINY_PNG_H
#define SUPPORT_TINY_PNG_H

#include <stddef.h>

/*
 * Draws a picture, rows of equal length (NULL-terminated) with a letter for each pixel: r red, g green, b blue, w
 * white, anything else black. Gives it as an uncompressed PNG file of *length bytes, to be freed; NULL on failure.
 */
unsigned char *tiny_png(const char *const *rows, size_t *length);

#endif
