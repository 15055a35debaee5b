/*
 * check_boxes SCREENSHOT <BOXES
 *
 * The screenshot shows the picture of make_picture in its own size, with boxes drawn over it. Each line of standard
 * input is a box, "XMIN YMIN XMAX YMAX RRGGBB": its corners from 0 to 1, and the colour of its line. Checks that each
 * side of each box is drawn at its place, in its colour, and that each box has a label. The exit status is 1 if one is
 * not, and 3 if the picture is not shown at all.
 */
#include "png_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLUE = 0x0000FF, BLUE_LEFT = 240, BLUE_TOP = 150, BLUE_SIZE = 100, WIDTH = 400, HEIGHT = 300 };

enum { NO_PICTURE = 3 };

struct box {
    double xmin, ymin, xmax, ymax;
    unsigned colour;
};

/* Where the picture is in the screenshot, found by its blue rectangle. A line of two pixels covers its
 * outermost ones. */
static bool find_picture(const struct picture *shot, uint32_t *left, uint32_t *top)
{
    uint32_t min_x = UINT32_MAX, min_y = UINT32_MAX, max_x = 0, max_y = 0;

    for (uint32_t y = 0; y < shot->height; y++) {
        for (uint32_t x = 0; x < shot->width; x++) {
            if (picture_colour(shot, x, y) != BLUE)
                continue;
            min_x = x < min_x ? x : min_x;
            min_y = y < min_y ? y : min_y;
            max_x = x > max_x ? x : max_x;
            max_y = y > max_y ? y : max_y;
        }
    }
    if (max_x < min_x) {
        printf("the picture is not shown\n");
        exit(NO_PICTURE);
    }
    if (max_x - min_x + 3 != BLUE_SIZE || max_y - min_y + 3 != BLUE_SIZE) {
        printf("the blue rectangle is not shown in its size: x %u to %u, y %u to %u\n", min_x, max_x, min_y, max_y);
        return false;
    }
    *left = min_x - 1 - BLUE_LEFT;
    *top = min_y - 1 - BLUE_TOP;
    return true;
}

/* How many of the pixels of a rectangle have the colour. */
static uint32_t count(const struct picture *shot, uint32_t left, uint32_t top, uint32_t width, uint32_t height,
                      unsigned colour)
{
    uint32_t found = 0;

    for (uint32_t y = top; y < top + height && y < shot->height; y++)
        for (uint32_t x = left; x < left + width && x < shot->width; x++)
            found += picture_colour(shot, x, y) == colour;
    return found;
}

static bool expect(bool holds, const struct box *box, const char *what, uint32_t found)
{
    if (!holds)
        printf("box %g %g %g %g %06x: %s: %u pixels\n", box->xmin, box->ymin, box->xmax, box->ymax, box->colour, what,
               found);
    return holds;
}

/* A side is two pixels wide. Labels of other boxes may hide up to a quarter of it. */
static bool check_side(const struct picture *shot, const struct box *box, const char *side, uint32_t left, uint32_t top,
                       uint32_t width, uint32_t height)
{
    const uint32_t found = count(shot, left, top, width, height, box->colour);

    return expect(4 * found >= 3 * width * height, box, side, found);
}

/* Edges of whole pixels: the pictures regions end between two pixels. */
static bool check_box(const struct picture *shot, const struct box *box, uint32_t left, uint32_t top)
{
    const uint32_t x0 = left + (uint32_t)(box->xmin * WIDTH + 0.5) - 1;
    const uint32_t y0 = top + (uint32_t)(box->ymin * HEIGHT + 0.5) - 1;
    const uint32_t x1 = left + (uint32_t)(box->xmax * WIDTH + 0.5) - 1;
    const uint32_t y1 = top + (uint32_t)(box->ymax * HEIGHT + 0.5) - 1;
    const uint32_t label = count(shot, x0 + 3, box->ymin < 0.08 ? y0 + 3 : y0 - 14, 70, 12, box->colour);
    const bool sides = check_side(shot, box, "left side", x0, y0, 2, y1 - y0) &&
                       check_side(shot, box, "right side", x1, y0, 2, y1 - y0) &&
                       check_side(shot, box, "upper side", x0, y0, x1 - x0, 2) &&
                       check_side(shot, box, "lower side", x0, y1, x1 - x0, 2);

    return sides && expect(label >= 30, box, "label", label);
}

int main(int argc, char **argv)
{
    struct box box;
    uint32_t left, top;
    int boxes = 0;

    if (argc != 2)
        return 2;
    struct picture shot = png_file_read(argv[1]);
    bool right = find_picture(&shot, &left, &top);
    while (right && scanf("%lf %lf %lf %lf %x", &box.xmin, &box.ymin, &box.xmax, &box.ymax, &box.colour) == 5) {
        right = check_box(&shot, &box, left, top);
        boxes++;
    }
    free(shot.pixels);
    printf("%d boxes checked\n", boxes);
    return right && boxes > 0 ? 0 : 1;
}
