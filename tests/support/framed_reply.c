#include "framed_reply.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORED_BLOCK = 37 }; /* bytes; a few blocks in each body of a test */

static void append_head(FILE *stream, const struct framing *framing, const char *status, const char *headers,
                        size_t body_length)
{
    fprintf(stream, "%sHTTP/1.1 %s\r\n%s", framing->interim != NULL ? framing->interim : "", status, headers);
    if (framing->gzip)
        fputs("Content-Encoding: gzip\r\n", stream);
    if (framing->kind == FRAMING_LENGTH)
        fprintf(stream, "Content-Length: %zu\r\n", body_length);
    if (framing->kind == FRAMING_CHUNKED)
        fputs("Transfer-Encoding: chunked\r\n", stream);
    fputs("\r\n", stream);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void append_chunks(FILE *stream, const char *body, size_t length, size_t chunk_size)
{
    for (size_t at = 0; at < length; at += chunk_size) {
        const size_t size = smaller(chunk_size, length - at);
        fprintf(stream, "%zx\r\n", size);
        fwrite(body + at, 1, size, stream);
        fputs("\r\n", stream);
    }
    fputs("0\r\n\r\n", stream);
}

/* ---- gzip (RFC 1952) of stored blocks (RFC 1951) ---- */

static uint32_t crc32_of(const unsigned char *bytes, size_t length)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
    }
    return ~crc;
}

static void append_little_endian(FILE *stream, uint32_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        fputc((int)(number >> (8 * i) & 0xff), stream);
}

static void append_stored_block(FILE *stream, const char *bytes, size_t size, bool last)
{
    fputc(last, stream);
    append_little_endian(stream, (uint32_t)size, 2);
    append_little_endian(stream, ~(uint32_t)size, 2);
    fwrite(bytes, 1, size, stream);
}

static void append_gzip(FILE *stream, const char *body, size_t length)
{
    static const unsigned char header[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    fwrite(header, 1, sizeof header, stream);
    for (size_t at = 0; at < length; at += STORED_BLOCK) {
        const size_t size = smaller(STORED_BLOCK, length - at);
        append_stored_block(stream, body + at, size, at + size == length);
    }
    append_little_endian(stream, crc32_of((const unsigned char *)body, length), 4);
    append_little_endian(stream, (uint32_t)length, 4);
}

/* ---- All of it ---- */

static bool pack(const char *body, size_t length, char **packed, size_t *packed_length)
{
    FILE *stream = open_memstream(packed, packed_length);
    if (stream == NULL)
        return false;
    append_gzip(stream, body, length);
    return fclose(stream) == 0;
}

static bool write_reply(struct framed_reply *reply, const struct framing *framing, const char *status,
                        const char *headers, const char *body, size_t body_length)
{
    FILE *stream = open_memstream(&reply->bytes, &reply->length);
    if (stream == NULL)
        return false;
    append_head(stream, framing, status, headers, body_length);
    reply->head_length = (size_t)ftell(stream);
    if (framing->kind == FRAMING_CHUNKED)
        append_chunks(stream, body, body_length, framing->chunk_size);
    else
        fwrite(body, 1, body_length, stream);
    return fclose(stream) == 0;
}

struct framed_reply framed_reply_new(const struct framing *framing, const char *status, const char *headers,
                                     const void *body, size_t body_length)
{
    struct framed_reply reply = {NULL, 0, 0};
    char *packed = NULL;
    size_t packed_length = 0;

    if (framing->gzip && !pack(body, body_length, &packed, &packed_length))
        return reply;
    if (!write_reply(&reply, framing, status, headers, framing->gzip ? packed : body,
                     framing->gzip ? packed_length : body_length))
        framed_reply_free(&reply);
    free(packed);
    return reply;
}

void framed_reply_free(struct framed_reply *reply)
{
    free(reply->bytes);
    *reply = (struct framed_reply){NULL, 0, 0};
}
