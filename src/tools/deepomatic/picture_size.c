#include "picture_size.h"

#include <stdio.h>
#include <string.h>

static uint32_t big_endian(const unsigned char *bytes, size_t count)
{
    uint32_t value = 0;

    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static uint32_t little_endian(const unsigned char *bytes, size_t count)
{
    uint32_t value = 0;

    for (size_t i = count; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

/* The height may be negative, for rows from top to bottom. */
static struct picture_size read_bmp(const unsigned char *header)
{
    const int32_t height = (int32_t)little_endian(header + 22, 4);

    return (struct picture_size){little_endian(header + 18, 4), (uint32_t)(height < 0 ? -(int64_t)height : height)};
}

/* The three kinds: extended, lossless, lossy. */
static struct picture_size read_webp(const unsigned char *header)
{
    const uint32_t bits = little_endian(header + 21, 4);

    if (memcmp(header + 12, "VP8X", 4) == 0)
        return (struct picture_size){little_endian(header + 24, 3) + 1, little_endian(header + 27, 3) + 1};
    if (memcmp(header + 12, "VP8L", 4) == 0)
        return (struct picture_size){(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
    return (struct picture_size){little_endian(header + 26, 2) & 0x3FFF, little_endian(header + 28, 2) & 0x3FFF};
}

/* Returns true if it is the marker of a frame header, which has the size. */
static bool is_frame(unsigned char marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Goes from marker to marker, up to the frame header. */
static struct picture_size read_jpeg(FILE *stream)
{
    unsigned char segment[4];
    unsigned char frame[5];
    long offset = 2;

    while (fseek(stream, offset, SEEK_SET) == 0 && fread(segment, sizeof segment, 1, stream) == 1 &&
           segment[0] == 0xFF) {
        if (is_frame(segment[1]) && fread(frame, sizeof frame, 1, stream) == 1)
            return (struct picture_size){big_endian(frame + 3, 2), big_endian(frame + 1, 2)};
        /* A further 0xFF before a marker is padding. */
        offset += segment[1] == 0xFF ? 1 : 2 + (long)big_endian(segment + 2, 2);
    }
    return (struct picture_size){0};
}

static struct picture_size read_size(FILE *stream, const unsigned char header[32])
{
    if (memcmp(header, "\x89PNG\r\n\x1A\n", 8) == 0)
        return (struct picture_size){big_endian(header + 16, 4), big_endian(header + 20, 4)};
    if (memcmp(header, "GIF8", 4) == 0)
        return (struct picture_size){little_endian(header + 6, 2), little_endian(header + 8, 2)};
    if (memcmp(header, "RIFF", 4) == 0 && memcmp(header + 8, "WEBP", 4) == 0)
        return read_webp(header);
    if (memcmp(header, "BM", 2) == 0)
        return read_bmp(header);
    if (memcmp(header, "\xFF\xD8", 2) == 0)
        return read_jpeg(stream);
    return (struct picture_size){0};
}

bool picture_size_read(const char *file, struct picture_size *size)
{
    unsigned char header[32] = {0};
    FILE *stream = fopen(file, "rb");

    *size = (struct picture_size){0};
    if (stream != NULL && fread(header, 1, sizeof header, stream) > 0)
        *size = read_size(stream, header);
    if (stream != NULL)
        fclose(stream);
    return size->width > 0 && size->height > 0;
}
