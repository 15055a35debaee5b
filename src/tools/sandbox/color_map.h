/* A picture reduced to the named colour of each pixel, and the part of it that is looked at. */
#ifndef SANDBOX_COLOR_MAP_H
#define SANDBOX_COLOR_MAP_H

#include "colors.h"
#include "picture.h"

/* Pixels; right and bottom are the first ones outside. */
struct rectangle {
    size_t left;
    size_t top;
    size_t right;
    size_t bottom;
};

struct color_map {
    size_t width;
    size_t height;
    unsigned char *colors;
    struct rectangle view; /* never empty */
};

void color_map_fill(struct color_map *map, const struct picture *picture);
void color_map_clear(struct color_map *map);

/* The colour of a pixel; it may be changed. */
unsigned char *color_map_at(const struct color_map *map, size_t x, size_t y);

/* The share of each colour in the pixels of the view. */
void color_map_shares(const struct color_map *map, double shares[COLOR_COUNT]);

#endif
