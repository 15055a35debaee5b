#include "cmyk_jpeg.h"

#include <stdio.h> /* jpeglib.h needs it */
#include <string.h>

#include <jpeglib.h>

enum { SIDE = 16 };

static void write_rows(j_compress_ptr info, const unsigned char inks[4])
{
    unsigned char row[SIDE * 4];
    JSAMPROW rows = row;

    for (size_t x = 0; x < SIDE; x++)
        memcpy(row + x * 4, inks, 4);
    while (info->next_scanline < info->image_height)
        jpeg_write_scanlines(info, &rows, 1);
}

unsigned char *cmyk_jpeg(const unsigned char inks[4], bool ycck, size_t *size)
{
    struct jpeg_compress_struct info = {0};
    struct jpeg_error_mgr errors;
    unsigned char *file = NULL;
    unsigned long file_size = 0;

    info.err = jpeg_std_error(&errors);
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &file, &file_size);
    info.image_width = SIDE;
    info.image_height = SIDE;
    info.input_components = 4;
    info.in_color_space = JCS_CMYK;
    jpeg_set_defaults(&info);
    jpeg_set_colorspace(&info, ycck ? JCS_YCCK : JCS_CMYK);
    jpeg_start_compress(&info, TRUE);
    write_rows(&info, inks);
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *size = file_size;
    return file;
}
