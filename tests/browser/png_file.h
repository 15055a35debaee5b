/* Pictures in PNG files, with 8 bits for each of red, green and blue. Any failure ends the program. */
#ifndef PNG_FILE_H
#define PNG_FILE_H

#include <stdint.h>

struct picture {
    uint32_t width;
    uint32_t height;
    uint8_t *pixels; /* row by row, three bytes each; the caller frees it */
};

struct picture png_file_read(const char *file);
void png_file_write(const char *file, const struct picture *picture);

/* The pixel as 0xRRGGBB. */
uint32_t picture_colour(const struct picture *picture, uint32_t x, uint32_t y);

#endif
