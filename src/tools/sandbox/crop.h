/* Cropping: the part of a picture to recognise. */
#ifndef SANDBOX_CROP_H
#define SANDBOX_CROP_H

#include "color_map.h"

#include <stdbool.h>

/* Relative to the picture's width and height; the origin is the top left corner. */
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
    bool uniform_background; /* remove a border that has the colour of the top left corner */
};

/* Shrinks the map's view, and sets the pixels outside the polygon to COLOR_NONE. */
void crop_apply(const struct crop *crop, struct color_map *map);

#endif
