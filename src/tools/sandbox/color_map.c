#include "color_map.h"

#include "memory.h"

#include <stdlib.h>

void color_map_fill(struct color_map *map, const struct picture *picture)
{
    size_t count = picture->width * picture->height;

    *map = (struct color_map){
        .width = picture->width,
        .height = picture->height,
        .colors = memory_new(count, 1),
        .view = {0, 0, picture->width, picture->height},
    };
    colors_of_pixels(picture->pixels, count, map->colors);
}

void color_map_clear(struct color_map *map)
{
    free(map->colors);
    *map = (struct color_map){0};
}

unsigned char *color_map_at(const struct color_map *map, size_t x, size_t y)
{
    return &map->colors[y * map->width + x];
}

void color_map_shares(const struct color_map *map, double shares[COLOR_COUNT])
{
    size_t counts[COLOR_COUNT + 1] = {0};
    size_t total = 0;

    for (size_t y = map->view.top; y < map->view.bottom; y++) {
        for (size_t x = map->view.left; x < map->view.right; x++)
            counts[*color_map_at(map, x, y)]++;
    }
    for (size_t color = 0; color < COLOR_COUNT; color++)
        total += counts[color];
    for (size_t color = 0; color < COLOR_COUNT; color++)
        shares[color] = total > 0 ? (double)counts[color] / (double)total : 0;
}
