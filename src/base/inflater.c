#include "base/inflater.h"

#include <stdlib.h>
#include <string.h>

/* Own allocation functions, so that tests can make each allocation fail. */
static void *allocate(void *opaque, unsigned count, unsigned size)
{
    (void)opaque;
    return calloc(count, size);
}

static void release(void *opaque, void *memory)
{
    (void)opaque;
    free(memory);
}

/* Returns the window bits for inflateInit2. The first byte identifies the format: gzip has a magic number, zlib has
 * the number of its method in the lower half, and raw deflate has no header. Some servers send raw deflate as
 * "deflate", although that name means zlib. */
static int window_bits(unsigned char first)
{
    enum { GZIP_MAGIC = 0x1f, GZIP_ONLY = 16 };
    const bool is_zlib = (first & 0x0f) == Z_DEFLATED && first >> 4 <= 7;
    if (first == GZIP_MAGIC)
        return MAX_WBITS + GZIP_ONLY;
    return is_zlib ? MAX_WBITS : -MAX_WBITS;
}

static bool is_gzip(const z_stream *stream)
{
    return window_bits(*stream->next_in) > MAX_WBITS;
}

/* A gzip member may be followed by zeros, which pad a block, and by further members. */
static void skip_zeros(z_stream *stream)
{
    while (stream->avail_in > 0 && *stream->next_in == 0) {
        stream->next_in++;
        stream->avail_in--;
    }
}

static dm_status open_member(struct inflater *inflater)
{
    z_stream *stream = &inflater->stream;
    const int bits = window_bits(*stream->next_in);
    stream->zalloc = allocate;
    stream->zfree = release;
    if ((inflater->is_open ? inflateReset2(stream, bits) : inflateInit2(stream, bits)) != Z_OK)
        return DM_ERR_NO_MEMORY;
    inflater->is_open = true;
    inflater->in_member = true;
    return DM_OK;
}

static dm_status begin_member(struct inflater *inflater)
{
    z_stream *stream = &inflater->stream;
    if (!inflater->has_member)
        return open_member(inflater);
    skip_zeros(stream);
    if (stream->avail_in == 0)
        return DM_OK;
    return is_gzip(stream) ? open_member(inflater) : DM_ERR_BAD_RESPONSE;
}

static dm_status status_of(int code)
{
    if (code == Z_MEM_ERROR)
        return DM_ERR_NO_MEMORY;
    return code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END ? DM_OK : DM_ERR_BAD_RESPONSE;
}

/* Continues until the member ends or the input is used up. */
static dm_status inflate_member(struct inflater *inflater, struct text *text)
{
    z_stream *stream = &inflater->stream;
    unsigned char chunk[4096];
    int code;
    do {
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        code = inflate(stream, Z_NO_FLUSH);
        text_append(text, chunk, sizeof chunk - stream->avail_out);
    } while (code == Z_OK && text->status == DM_OK);
    if (code == Z_STREAM_END) {
        inflater->in_member = false;
        inflater->has_member = true;
    }
    return text->status != DM_OK ? text->status : status_of(code);
}

dm_status inflater_feed(struct inflater *inflater, const void *bytes, unsigned size, struct text *text)
{
    z_stream *stream = &inflater->stream;
    dm_status status = DM_OK;
    stream->next_in = (z_const Bytef *)bytes;
    stream->avail_in = size;
    while (status == DM_OK && stream->avail_in > 0)
        status = inflater->in_member ? inflate_member(inflater, text) : begin_member(inflater);
    return status;
}

void inflater_end(struct inflater *inflater)
{
    if (inflater->is_open)
        inflateEnd(&inflater->stream);
    memset(inflater, 0, sizeof *inflater);
}
