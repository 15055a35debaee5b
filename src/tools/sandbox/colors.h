/* The named colours, and how pixels are assigned to them. */
#ifndef SANDBOX_COLORS_H
#define SANDBOX_COLORS_H

#include <stddef.h>

enum {
    COLOR_COUNT = 11,
    COLOR_NONE = COLOR_COUNT, /* a masked pixel, or an unknown name */
};

const char *color_name(size_t color);

/* Returns the colour with that name, or COLOR_NONE. */
size_t color_named(const char *name);

/* Finds the colours of count RGB pixels. */
void colors_of_pixels(const unsigned char *rgb, size_t count, unsigned char *colors);

#endif
