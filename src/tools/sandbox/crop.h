/* What of a picture is to be looked at. */
#ifndef SANDBOX_CROP_H
#define SANDBOX_CROP_H

#include "color_map.h"

#include <stdbool.h>

/* Shares of the picture's width and height; the origin is top left. */
struct box {
    double xmin;
    double ymin;
    double xmax;
    double ymax;
};

struct point {
    double x;
    double y;
};

struct crop {
    bool has_box;
    struct box box;
    struct point *polygon; /* NULL: none */
    size_t polygon_size;
    bool uniform_background; /* cut off the border that has the colour of the corner */
};

/* Narrows the map's view; pixels of it that are outside of the polygon become COLOR_NONE. */
void crop_apply(const struct crop *crop, struct color_map *map);

#endif
