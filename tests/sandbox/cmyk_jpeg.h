/* JPEG files in CMYK. */
#ifndef SANDBOX_CMYK_JPEG_H
#define SANDBOX_CMYK_JPEG_H

#include <stdbool.h>
#include <stddef.h>

/* A file of 16 x 16 pixels of one colour, as Adobe's programs write it: 255 is no ink. ycck: with the colour space YCCK
 * instead of CMYK. To be freed. */
unsigned char *cmyk_jpeg(const unsigned char inks[4], bool ycck, size_t *size);

#endif
