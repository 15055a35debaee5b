/*
 * make_picture FILE: writes a white PNG picture of 400 x 300 pixels with a red, a green and a blue rectangle. The blue
 * one, from (240,150) to (340,250), is of the only pure blue.
 */
#include "png_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 400, HEIGHT = 300 };

static const struct rectangle {
    uint32_t left, top, right, bottom;
    uint8_t colour[3];
} rectangles[] = {
    {0, 0, WIDTH, HEIGHT, {255, 255, 255}},
    {40, 60, 160, 120, {220, 0, 0}},
    {60, 170, 130, 280, {0, 160, 0}},
    {240, 150, 340, 250, {0, 0, 255}},
};

static void fill(struct picture *picture, const struct rectangle *rectangle)
{
    for (uint32_t y = rectangle->top; y < rectangle->bottom; y++)
        for (uint32_t x = rectangle->left; x < rectangle->right; x++)
            memcpy(picture->pixels + 3 * ((size_t)y * picture->width + x), rectangle->colour, 3);
}

int main(int argc, char **argv)
{
    static uint8_t pixels[3 * WIDTH * HEIGHT];
    struct picture picture = {WIDTH, HEIGHT, pixels};

    if (argc != 2)
        return 2;
    for (size_t i = 0; i < sizeof rectangles / sizeof rectangles[0]; i++)
        fill(&picture, &rectangles[i]);
    png_file_write(argv[1], &picture);
    return 0;
}
