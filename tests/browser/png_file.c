#include "png_file.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *file, const char *reason)
{
    fprintf(stderr, "%s: %s\n", file, reason);
    exit(2);
}

struct picture png_file_read(const char *file)
{
    png_image image = {.version = PNG_IMAGE_VERSION};

    if (png_image_begin_read_from_file(&image, file) == 0)
        fail(file, image.message);
    image.format = PNG_FORMAT_RGB;
    struct picture picture = {image.width, image.height, malloc(PNG_IMAGE_SIZE(image))};
    if (picture.pixels == NULL || png_image_finish_read(&image, NULL, picture.pixels, 0, NULL) == 0)
        fail(file, image.message);
    return picture;
}

void png_file_write(const char *file, const struct picture *picture)
{
    png_image image = {
        .version = PNG_IMAGE_VERSION, .width = picture->width, .height = picture->height, .format = PNG_FORMAT_RGB};

    if (png_image_write_to_file(&image, file, 0, picture->pixels, 0, NULL) == 0)
        fail(file, image.message);
}

uint32_t picture_colour(const struct picture *picture, uint32_t x, uint32_t y)
{
    const uint8_t *pixel = picture->pixels + 3 * ((size_t)y * picture->width + x);

    return (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2];
}
