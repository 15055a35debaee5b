#include "regions.h"

#include <stdint.h>

enum { SIDE = 128 };

/* The view scaled down. Each cell has the most frequent colour of its pixels. */
struct grid {
    size_t width;
    size_t height;
    unsigned char cells[SIDE][SIDE]; /* [y][x] */
};

/* In cells; right and bottom are exclusive. */
struct blob {
    size_t area;
    struct rectangle around;
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static unsigned char most_frequent(const struct color_map *map, struct rectangle pixels)
{
    size_t counts[COLOR_COUNT + 1] = {0};
    size_t best = 0;

    for (size_t y = pixels.top; y < pixels.bottom; y++) {
        for (size_t x = pixels.left; x < pixels.right; x++)
            counts[*color_map_at(map, x, y)]++;
    }
    for (size_t color = 1; color <= COLOR_COUNT; color++) {
        if (counts[color] > counts[best])
            best = color;
    }
    return (unsigned char)best;
}

/* Converts a rectangle of cells to pixels. */
static struct rectangle pixels_of(const struct grid *grid, const struct rectangle *view, struct rectangle cells)
{
    size_t width = view->right - view->left;
    size_t height = view->bottom - view->top;

    return (struct rectangle){
        .left = view->left + cells.left * width / grid->width,
        .top = view->top + cells.top * height / grid->height,
        .right = view->left + cells.right * width / grid->width,
        .bottom = view->top + cells.bottom * height / grid->height,
    };
}

static void fill_grid(struct grid *grid, const struct color_map *map)
{
    grid->width = smaller(map->view.right - map->view.left, SIDE);
    grid->height = smaller(map->view.bottom - map->view.top, SIDE);
    for (size_t y = 0; y < grid->height; y++) {
        for (size_t x = 0; x < grid->width; x++) {
            struct rectangle cell = {x, y, x + 1, y + 1};

            grid->cells[y][x] = most_frequent(map, pixels_of(grid, &map->view, cell));
        }
    }
}

static void add_cell(struct blob *blob, size_t x, size_t y)
{
    struct rectangle *around = &blob->around;

    blob->area++;
    around->left = smaller(around->left, x);
    around->top = smaller(around->top, y);
    around->right = around->right > x ? around->right : x + 1;
    around->bottom = around->bottom > y ? around->bottom : y + 1;
}

/* Cells of the region whose neighbours have not been visited yet. */
struct frontier {
    struct cell {
        uint8_t x;
        uint8_t y;
    } cells[SIDE * SIDE];
    size_t count;
};

/* Moves a cell from the grid to the frontier if it exists and has the colour. */
static void reach(struct grid *grid, struct frontier *frontier, size_t x, size_t y, unsigned char color)
{
    if (x >= grid->width || y >= grid->height || grid->cells[y][x] != color)
        return;
    grid->cells[y][x] = COLOR_NONE;
    frontier->cells[frontier->count++] = (struct cell){(uint8_t)x, (uint8_t)y};
}

/* Removes the blob of a cell from the grid. (Left of column 0 the column number wraps around and is too large.) */
static struct blob take_blob(struct grid *grid, size_t x, size_t y)
{
    struct blob blob = {.around = {SIDE, SIDE, 0, 0}};
    unsigned char color = grid->cells[y][x];
    struct frontier frontier;

    frontier.count = 0;
    reach(grid, &frontier, x, y, color);
    while (frontier.count > 0) {
        struct cell cell = frontier.cells[--frontier.count];

        add_cell(&blob, cell.x, cell.y);
        reach(grid, &frontier, cell.x - (size_t)1, cell.y, color);
        reach(grid, &frontier, cell.x + (size_t)1, cell.y, color);
        reach(grid, &frontier, cell.x, cell.y - (size_t)1, color);
        reach(grid, &frontier, cell.x, cell.y + (size_t)1, color);
    }
    return blob;
}

static struct region region_of(const struct grid *grid, const struct color_map *map, struct blob blob, size_t color)
{
    struct rectangle around = blob.around;
    struct rectangle pixels = pixels_of(grid, &map->view, around);
    double width = (double)map->width;
    double height = (double)map->height;

    return (struct region){
        .color = color,
        .score = (double)blob.area / (double)((around.right - around.left) * (around.bottom - around.top)),
        .box = {.xmin = (double)pixels.left / width,
                .ymin = (double)pixels.top / height,
                .xmax = (double)pixels.right / width,
                .ymax = (double)pixels.bottom / height},
    };
}

static bool is_large(const struct grid *grid, const struct blob *blob)
{
    return blob->area * MAX_REGIONS >= grid->width * grid->height;
}

size_t regions_find(const struct color_map *map, struct region regions[MAX_REGIONS])
{
    struct grid grid = {0};
    size_t count = 0;

    fill_grid(&grid, map);
    for (size_t y = 0; y < grid.height; y++) {
        for (size_t x = 0; x < grid.width; x++) {
            unsigned char color = grid.cells[y][x];
            struct blob blob = {0};

            if (color != COLOR_NONE)
                blob = take_blob(&grid, x, y);
            if (is_large(&grid, &blob))
                regions[count++] = region_of(&grid, map, blob, color);
        }
    }
    return count;
}
