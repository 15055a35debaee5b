/* Finds connected regions of one colour. */
#ifndef SANDBOX_REGIONS_H
#define SANDBOX_REGIONS_H

#include "crop.h"

enum { MAX_REGIONS = 100 };

struct region {
    size_t color;
    double score;   /* the share of its box that the region fills */
    struct box box; /* relative to the whole picture, not to the crop */
};

/* Finds the regions that cover at least 1 % of the map's view, from top to bottom. Returns their number. */
size_t regions_find(const struct color_map *map, struct region regions[MAX_REGIONS]);

#endif
