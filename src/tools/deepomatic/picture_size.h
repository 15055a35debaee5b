/* The size of a picture, from the header of its file. */
#ifndef CLI_PICTURE_SIZE_H
#define CLI_PICTURE_SIZE_H

#include <stdbool.h>
#include <stdint.h>

struct picture_size {
    uint32_t width;
    uint32_t height;
};

/* Reads the size of a JPEG, PNG, GIF, BMP or WebP file. False: it is something else. */
bool picture_size_read(const char *file, struct picture_size *size);

#endif
