/* The named colour of each pixel of a picture, and the part of the picture to recognise. */
#ifndef SANDBOX_COLOR_MAP_H
#define SANDBOX_COLOR_MAP_H

#include "colors.h"
#include "picture.h"

/* In pixels; right and bottom are exclusive. */
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

/* Returns a pointer to the colour of a pixel. */
unsigned char *color_map_at(const struct color_map *map, size_t x, size_t y);

/* Computes the share of each colour in the pixels of the view. */
void color_map_shares(const struct color_map *map, double shares[COLOR_COUNT]);

#endif
