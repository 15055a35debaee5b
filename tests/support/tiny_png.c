#include "tiny_png.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The file is a signature and three chunks: IHDR, IDAT with one stored block of deflate, IEND. */
enum { MAX_PIXEL_BYTES = 60000, OVERHEAD = 256 };

struct writer {
    unsigned char *bytes;
    size_t length;
};

static void put(struct writer *writer, const void *bytes, size_t length)
{
    memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
}

static void put_big_endian(struct writer *writer, uint32_t number)
{
    const unsigned char bytes[] = {(unsigned char)(number >> 24), (unsigned char)(number >> 16),
                                   (unsigned char)(number >> 8), (unsigned char)number};
    put(writer, bytes, sizeof bytes);
}

static void put_little_endian(struct writer *writer, uint16_t number)
{
    const unsigned char bytes[] = {(unsigned char)number, (unsigned char)(number >> 8)};
    put(writer, bytes, sizeof bytes);
}

static uint32_t crc32_of(const unsigned char *bytes, size_t length)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

static uint32_t adler32_of(const unsigned char *bytes, size_t length)
{
    uint32_t a = 1;
    uint32_t b = 0;

    for (size_t i = 0; i < length; i++) {
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static void put_chunk(struct writer *writer, const char *type, const struct writer *content)
{
    put_big_endian(writer, (uint32_t)content->length);
    const size_t start = writer->length;
    put(writer, type, 4);
    put(writer, content->bytes, content->length);
    put_big_endian(writer, crc32_of(writer->bytes + start, writer->length - start));
}

static void put_pixel(struct writer *writer, char letter)
{
    const unsigned char rgb[] = {letter == 'r' || letter == 'w' ? 255 : 0, letter == 'g' || letter == 'w' ? 255 : 0,
                                 letter == 'b' || letter == 'w' ? 255 : 0};
    put(writer, rgb, sizeof rgb);
}

static void put_row(struct writer *writer, const char *row)
{
    put(writer, "", 1); /* no filter */
    for (; *row != '\0'; row++)
        put_pixel(writer, *row);
}

static void put_stored(struct writer *writer, const struct writer *pixels)
{
    put(writer, "\x78\x01\x01", 3); /* zlib's header, and a last block that is stored */
    put_little_endian(writer, (uint16_t)pixels->length);
    put_little_endian(writer, (uint16_t)~pixels->length);
    put(writer, pixels->bytes, pixels->length);
    put_big_endian(writer, adler32_of(pixels->bytes, pixels->length));
}

static void put_header(struct writer *writer, size_t width, size_t height)
{
    put_big_endian(writer, (uint32_t)width);
    put_big_endian(writer, (uint32_t)height);
    put(writer, "\x08\x02\x00\x00\x00", 5); /* eight bits, RGB */
}

unsigned char *tiny_png(const char *const *rows, size_t *length)
{
    unsigned char header_bytes[16];
    unsigned char pixel_bytes[MAX_PIXEL_BYTES];
    unsigned char stored_bytes[MAX_PIXEL_BYTES + OVERHEAD];
    struct writer header = {header_bytes, 0};
    struct writer pixels = {pixel_bytes, 0};
    struct writer stored = {stored_bytes, 0};
    struct writer file = {malloc(MAX_PIXEL_BYTES + (size_t)2 * OVERHEAD), 0};
    size_t width = 0;
    size_t height = 0;

    if (file.bytes == NULL)
        return NULL;
    for (; rows[height] != NULL; height++) {
        width = strlen(rows[height]);
        put_row(&pixels, rows[height]);
    }
    put_header(&header, width, height);
    put_stored(&stored, &pixels);
    put(&file, "\x89PNG\r\n\x1a\n", 8);
    put_chunk(&file, "IHDR", &header);
    put_chunk(&file, "IDAT", &stored);
    put_chunk(&file, "IEND", &(struct writer){header_bytes, 0});
    *length = file.length;
    return file.bytes;
}
