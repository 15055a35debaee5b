/* Connected regions of one colour. */
#ifndef SANDBOX_REGIONS_H
#define SANDBOX_REGIONS_H

#include "crop.h"

enum { MAX_REGIONS = 100 };

struct region {
    size_t color;
    double score;   /* the share of its box that it fills */
    struct box box; /* in the whole picture, not in what was cropped of it */
};

/* Finds the regions of at least a hundredth of the map's view, from top to bottom; gives how many there are. */
size_t regions_find(const struct color_map *map, struct region regions[MAX_REGIONS]);

#endif
