#include "message/body.h"

#include "base/base64.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libcurl takes the length as a signed number of 64 bits. */
#define MAX_LENGTH (SIZE_MAX < (uint64_t)INT64_MAX ? SIZE_MAX : (size_t)INT64_MAX)

void body_init(struct body *body)
{
    *body = (struct body){.status = DM_OK};
    text_init(&body->text, TEXT_NO_LIMIT);
}

void body_free(struct body *body)
{
    for (size_t i = 0; i < body->piece_count; i++)
        if (body->pieces[i].kind == PIECE_FILE)
            file_close(&body->pieces[i].file);
    free(body->pieces);
    text_free(&body->text);
    body_init(body);
}

static bool reserve_piece(struct body *body)
{
    if (body->piece_count < body->piece_capacity)
        return true;
    const size_t capacity = body->piece_capacity == 0 ? 4 : body->piece_capacity * 2;
    struct piece *pieces =
        capacity <= SIZE_MAX / sizeof *pieces ? realloc(body->pieces, capacity * sizeof *pieces) : NULL;
    if (pieces == NULL) {
        body->status = DM_ERR_NO_MEMORY;
        return false;
    }
    body->pieces = pieces;
    body->piece_capacity = capacity;
    return true;
}

static bool append_piece(struct body *body, struct piece added)
{
    if (body->status != DM_OK || !reserve_piece(body))
        return false;
    if (added.size > MAX_LENGTH - body->length) {
        body->status = DM_ERR_TOO_LARGE;
        return false;
    }
    body->pieces[body->piece_count++] = added;
    body->length += added.size;
    return true;
}

/* Makes a piece of the text appended since the last piece. It stores an offset, because the text may move in memory. */
static void flush_text(struct body *body)
{
    const size_t size = body->text.length - body->text_used;
    if (size > 0)
        append_piece(body, (struct piece){.kind = PIECE_TEXT, .size = size, .offset = body->text_used});
    body->text_used = body->text.length;
}

void body_append_memory(struct body *body, const void *bytes, size_t size)
{
    flush_text(body);
    append_piece(body, (struct piece){.kind = PIECE_MEMORY, .size = size, .data = bytes, .data_size = size});
}

void body_append_base64(struct body *body, const char *base64, size_t length, size_t characters)
{
    flush_text(body);
    append_piece(body, (struct piece){.kind = PIECE_BASE64, .size = characters, .data = base64, .data_size = length});
}

void body_append_file(struct body *body, struct file *opened)
{
    flush_text(body);
    if (!append_piece(body, (struct piece){.kind = PIECE_FILE, .size = opened->size, .file = *opened}))
        file_close(opened);
}

dm_status body_finish(struct body *body)
{
    flush_text(body);
    return body->text.status != DM_OK ? body->text.status : body->status;
}

const char *body_single_text(const struct body *body)
{
    return body->piece_count == 1 && body->pieces[0].kind == PIECE_TEXT ? body->text.data : NULL;
}

static void enter_piece(struct body_reader *reader, size_t index)
{
    reader->piece = index;
    reader->offset = 0;
    reader->left = index < reader->body->piece_count ? reader->body->pieces[index].size : 0;
}

bool body_rewind(struct body_reader *reader, const struct body *body)
{
    *reader = (struct body_reader){.body = body};
    for (size_t i = 0; i < body->piece_count; i++) {
        enter_piece(reader, i);
        if (body->pieces[i].kind == PIECE_FILE && !file_is_unchanged(&body->pieces[i].file))
            return false;
    }
    enter_piece(reader, 0);
    return true;
}

const char *body_reader_path(const struct body_reader *reader)
{
    return reader->body->pieces[reader->piece].file.path;
}

/* Before returning the last bytes, checks that the file has not changed during the upload. Without them, the service
 * cannot regard the request as complete. */
static ssize_t read_file(struct body_reader *reader, const struct file *file, char *buffer, size_t size)
{
    const ssize_t count = file_read(file, reader->offset, buffer, size);
    reader->error = count < 0 ? errno : 0;
    if (count <= 0 || ((size_t)count == reader->left && !file_is_unchanged(file)))
        return -1;
    reader->offset += (size_t)count;
    return count;
}

static ssize_t read_memory(struct body_reader *reader, const char *memory, char *buffer, size_t size)
{
    memcpy(buffer, memory + reader->offset, size);
    reader->offset += size;
    return (ssize_t)size;
}

static ssize_t read_piece(struct body_reader *reader, char *buffer, size_t size)
{
    const struct piece *piece = &reader->body->pieces[reader->piece];
    switch (piece->kind) {
    case PIECE_FILE:
        return read_file(reader, &piece->file, buffer, size);
    case PIECE_BASE64:
        return (ssize_t)base64_copy(piece->data, piece->data_size, &reader->offset, buffer, size);
    case PIECE_MEMORY:
        return read_memory(reader, piece->data, buffer, size);
    default:
        return read_memory(reader, reader->body->text.data + piece->offset, buffer, size);
    }
}

ssize_t body_read(struct body_reader *reader, char *buffer, size_t size)
{
    size_t total = 0;
    while (total < size && reader->piece < reader->body->piece_count) {
        if (reader->left == 0) {
            enter_piece(reader, reader->piece + 1);
            continue;
        }
        const size_t wanted = reader->left < size - total ? reader->left : size - total;
        const ssize_t count = read_piece(reader, buffer + total, wanted);
        if (count < 0)
            return -1;
        total += (size_t)count;
        reader->left -= (size_t)count;
    }
    return (ssize_t)total;
}
