#include "crop.h"

#include "memory.h"

#include <math.h>
#include <stdlib.h>

/* Shrinks the range first..end to the pixels between two shares of a length. At least one pixel remains. */
static void narrow(double low, double high, size_t length, size_t *first, size_t *end)
{
    size_t start = (size_t)floor(low * (double)length);
    size_t stop = (size_t)ceil(high * (double)length);

    start = start < length ? start : length - 1;
    stop = stop > start ? stop : start + 1;
    if (start >= *end || stop <= *first) /* no overlap: keep the range */
        return;
    *first = start > *first ? start : *first;
    *end = stop < *end ? stop : *end;
}

static void crop_to_box(struct color_map *map, struct box box)
{
    narrow(box.xmin, box.xmax, map->width, &map->view.left, &map->view.right);
    narrow(box.ymin, box.ymax, map->height, &map->view.top, &map->view.bottom);
}

static struct box box_around(const struct point *points, size_t count)
{
    struct box box = {points[0].x, points[0].y, points[0].x, points[0].y};

    for (size_t i = 1; i < count; i++) {
        box.xmin = fmin(box.xmin, points[i].x);
        box.ymin = fmin(box.ymin, points[i].y);
        box.xmax = fmax(box.xmax, points[i].x);
        box.ymax = fmax(box.ymax, points[i].y);
    }
    return box;
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;

    return (first > second) - (first < second);
}

/* Finds where the polygon's edges cross the horizontal line at y, from left to right. */
static size_t find_crossings(const struct crop *crop, double y, double *crossings)
{
    size_t count = 0;

    for (size_t i = 0; i < crop->polygon_size; i++) {
        struct point start = crop->polygon[i];
        struct point end = crop->polygon[(i + 1) % crop->polygon_size];

        if ((start.y > y) != (end.y > y))
            crossings[count++] = start.x + (y - start.y) / (end.y - start.y) * (end.x - start.x);
    }
    qsort(crossings, count, sizeof *crossings, compare);
    return count;
}

/* A pixel is inside the polygon if an odd number of crossings is to the left of its centre. */
static void mask_row(struct color_map *map, size_t y, const double *crossings, size_t count)
{
    size_t passed = 0;

    for (size_t x = map->view.left; x < map->view.right; x++) {
        double middle = ((double)x + 0.5) / (double)map->width;

        while (passed < count && crossings[passed] <= middle)
            passed++;
        if (passed % 2 == 0)
            *color_map_at(map, x, y) = COLOR_NONE;
    }
}

static void mask_polygon(struct color_map *map, const struct crop *crop)
{
    double *crossings = memory_new(crop->polygon_size, sizeof *crossings);

    for (size_t y = map->view.top; y < map->view.bottom; y++) {
        double middle = ((double)y + 0.5) / (double)map->height;

        mask_row(map, y, crossings, find_crossings(crop, middle, crossings));
    }
    free(crossings);
}

static bool is_uniform(const struct color_map *map, struct rectangle strip, unsigned char color)
{
    for (size_t y = strip.top; y < strip.bottom; y++) {
        for (size_t x = strip.left; x < strip.right; x++) {
            if (*color_map_at(map, x, y) != color)
                return false;
        }
    }
    return true;
}

/* Removes the uniform border. A picture of a single colour is not changed. */
static void trim(struct color_map *map)
{
    struct rectangle v = map->view;
    unsigned char color = *color_map_at(map, v.left, v.top);

    if (is_uniform(map, v, color))
        return;
    while (is_uniform(map, (struct rectangle){v.left, v.top, v.right, v.top + 1}, color))
        v.top++;
    while (is_uniform(map, (struct rectangle){v.left, v.bottom - 1, v.right, v.bottom}, color))
        v.bottom--;
    while (is_uniform(map, (struct rectangle){v.left, v.top, v.left + 1, v.bottom}, color))
        v.left++;
    while (is_uniform(map, (struct rectangle){v.right - 1, v.top, v.right, v.bottom}, color))
        v.right--;
    map->view = v;
}

void crop_apply(const struct crop *crop, struct color_map *map)
{
    if (crop->has_box)
        crop_to_box(map, crop->box);
    if (crop->polygon != NULL) {
        crop_to_box(map, box_around(crop->polygon, crop->polygon_size));
        mask_polygon(map, crop);
    }
    if (crop->uniform_background)
        trim(map);
}
