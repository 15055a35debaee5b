/* The named colours, and which of them a pixel is. */
#ifndef SANDBOX_COLORS_H
#define SANDBOX_COLORS_H

#include <stddef.h>

enum {
    COLOR_COUNT = 11,
    COLOR_NONE = COLOR_COUNT, /* no pixel; no such colour */
};

const char *color_name(size_t color);

/* The colour of that name, or COLOR_NONE. */
size_t color_named(const char *name);

/* The colours of count pixels of red, green and blue. */
void colors_of_pixels(const unsigned char *rgb, size_t count, unsigned char *colors);

#endif
