#include "picture.h"

#include "memory.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h> /* jpeglib.h needs it */
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h> /* needs jpeglib.h */

enum { MAX_PIXELS = 100 * 1000 * 1000 };

static bool allocate(struct picture *picture, size_t width, size_t height)
{
    if (width == 0 || height == 0 || width > MAX_PIXELS / height)
        return false;
    *picture = (struct picture){width, height, memory_new(width * height, 3)};
    return true;
}

void picture_clear(struct picture *picture)
{
    free(picture->pixels);
    *picture = (struct picture){0};
}

/* libjpeg reports errors by a function that must not return: it jumps back to decode_jpeg. */
struct jpeg_failure {
    struct jpeg_error_mgr manager;
    jmp_buf way_out;
};

static void jpeg_fail(j_common_ptr info)
{
    longjmp(((struct jpeg_failure *)info->err)->way_out, 1);
}

/* libjpeg only warns of a truncated file, and fills the rest with gray. Here it is an error. */
static void jpeg_warn(j_common_ptr info, int level)
{
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF)
        jpeg_fail(info);
}

static bool is_cmyk(j_decompress_ptr info)
{
    return info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
}

/* By Adobe's convention CMYK files hold inverted values: 255 is no ink. */
static void cmyk_to_rgb(const unsigned char *cmyk, size_t count, unsigned char *rgb)
{
    for (size_t i = 0; i < count; i++, cmyk += 4, rgb += 3) {
        for (size_t c = 0; c < 3; c++)
            rgb[c] = (unsigned char)(cmyk[c] * cmyk[3] / 255);
    }
}

/* Decodes the next row. cmyk has room for one row; it belongs to libjpeg. */
static void read_row(j_decompress_ptr info, JSAMPARRAY cmyk, unsigned char *rgb)
{
    if (is_cmyk(info)) {
        jpeg_read_scanlines(info, cmyk, 1);
        cmyk_to_rgb(cmyk[0], info->output_width, rgb);
    } else {
        jpeg_read_scanlines(info, &rgb, 1);
    }
}

static void read_rows(j_decompress_ptr info, struct picture *picture)
{
    JSAMPARRAY cmyk = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, info->output_width * 4, 1);

    while (info->output_scanline < info->output_height)
        read_row(info, cmyk, picture->pixels + (size_t)info->output_scanline * picture->width * 3);
}

static void read_jpeg(j_decompress_ptr info, struct bytes file, struct picture *picture)
{
    jpeg_create_decompress(info);
    jpeg_mem_src(info, (const unsigned char *)file.data, file.size);
    jpeg_read_header(info, TRUE);
    info->out_color_space = is_cmyk(info) ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(info);
    if (!allocate(picture, info->output_width, info->output_height))
        jpeg_fail((j_common_ptr)info);
    read_rows(info, picture);
    jpeg_finish_decompress(info);
}

static const char *decode_jpeg(struct bytes file, struct picture *picture)
{
    struct jpeg_decompress_struct info = {0};
    struct jpeg_failure failure;
    const char *volatile error = NULL;

    info.err = jpeg_std_error(&failure.manager);
    failure.manager.error_exit = jpeg_fail;
    failure.manager.emit_message = jpeg_warn;
    if (setjmp(failure.way_out) == 0)
        read_jpeg(&info, file, picture);
    else
        error = "the JPEG image can't be decoded";
    jpeg_destroy_decompress(&info);
    return error;
}

static const char *decode_png(struct bytes file, struct picture *picture)
{
    const png_color white = {255, 255, 255};
    png_image image = {.version = PNG_IMAGE_VERSION};
    bool decoded = false;

    if (png_image_begin_read_from_memory(&image, file.data, file.size) != 0) {
        image.format = PNG_FORMAT_RGB;
        decoded = allocate(picture, image.width, image.height) &&
                  png_image_finish_read(&image, &white, picture->pixels, 0, NULL) != 0;
    }
    png_image_free(&image);
    return decoded ? NULL : "the PNG image can't be decoded";
}

const char *picture_decode(struct bytes file, struct picture *picture)
{
    const char *error = "the image is neither JPEG nor PNG";

    *picture = (struct picture){0};
    if (bytes_start_with(file, "\xff\xd8\xff"))
        error = decode_jpeg(file, picture);
    else if (bytes_start_with(file, "\x89PNG\r\n\x1a\n"))
        error = decode_png(file, picture);
    if (error != NULL)
        picture_clear(picture);
    return error;
}
