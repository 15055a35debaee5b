#include "upload.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_HEAD = 16 * 1024,
    MAX_TEXT = 1024 * 1024,
};

/* What comes next. */
enum stage {
    STAGE_PREAMBLE,
    STAGE_LINE_END, /* the rest of a delimiter's line, or the two hyphens of the last one */
    STAGE_HEAD,
    STAGE_CONTENT,
    STAGE_EPILOGUE, /* everything after the last delimiter, or after an error */
};

struct upload {
    enum stage stage;
    char delimiter[MULTIPART_DELIMITER_SIZE];
    struct buffer window; /* what has arrived and is not taken yet */
    struct multipart multipart;
    struct digest *body_digest;
    struct digest *part_digest; /* of the part that is being read */
    char body_text[DIGEST_TEXT_SIZE];
};

static bool fail(struct upload *upload, const char *error)
{
    upload->multipart.error = error;
    upload->stage = STAGE_EPILOGUE;
    return true;
}

static struct part *current_part(struct upload *upload)
{
    return &upload->multipart.parts[upload->multipart.count - 1];
}

struct upload *upload_new(const char *content_type)
{
    struct upload *upload = memory_new(1, sizeof *upload);

    upload->body_digest = digest_new();
    if (!multipart_delimiter(content_type, upload->delimiter))
        fail(upload, "invalid boundary");
    buffer_append(&upload->window, "\r\n", strlen("\r\n"),
                  SIZE_MAX); /* so that the first delimiter is like the others */
    return upload;
}

void upload_free(struct upload *upload)
{
    char unused[DIGEST_TEXT_SIZE];

    if (upload == NULL)
        return;
    if (upload->part_digest != NULL)
        digest_finish(upload->part_digest, unused);
    if (upload->body_digest != NULL)
        digest_finish(upload->body_digest, unused);
    buffer_clear(&upload->window);
    multipart_clear(&upload->multipart);
    free(upload);
}

/* ---- Parts ---- */

static void add_content(struct upload *upload, struct bytes content)
{
    struct part *part = current_part(upload);

    digest_add(upload->part_digest, content);
    part->size += content.size;
    if (part->filename.data == NULL && !buffer_append(&part->kept, content.data, content.size, MAX_TEXT))
        fail(upload, "a text part is too large");
}

static void end_part(struct upload *upload)
{
    struct part *part = current_part(upload);

    digest_finish(upload->part_digest, part->digest);
    upload->part_digest = NULL;
    if (part->filename.data == NULL)
        part->content = part->kept.size > 0 ? buffer_bytes(&part->kept) : bytes_of("");
}

static void begin_part(struct upload *upload, struct bytes head)
{
    struct part *part = multipart_add_part(&upload->multipart);

    buffer_append(&part->head, head.data, head.size, SIZE_MAX);
    multipart_read_head(buffer_bytes(&part->head), part);
    if (part->name.data == NULL) {
        fail(upload, "a part has no name");
        return;
    }
    upload->part_digest = digest_new();
    upload->stage = STAGE_CONTENT;
}

/* ---- Stages. Each consumes bytes from the start of `rest`, and returns false if it needs more data. ---- */

/* Takes everything up to the next delimiter. Without one, all but what may be the start of one. */
static bool take_until_delimiter(struct upload *upload, struct bytes *rest, struct bytes *before)
{
    struct bytes delimiter = bytes_of(upload->delimiter);
    size_t size = bytes_find(*rest, delimiter);
    bool found = size < rest->size;

    if (!found)
        size = rest->size < delimiter.size ? 0 : rest->size - (delimiter.size - 1);
    *before = (struct bytes){rest->data, size};
    *rest = bytes_after(*rest, found ? size + delimiter.size : size);
    return found;
}

static bool take_preamble(struct upload *upload, struct bytes *rest)
{
    struct bytes ignored;

    if (!take_until_delimiter(upload, rest, &ignored))
        return false;
    upload->stage = STAGE_LINE_END;
    return true;
}

static bool take_line_end(struct upload *upload, struct bytes *rest)
{
    struct bytes line = *rest;

    if (bytes_start_with(line, "--")) {
        upload->stage = STAGE_EPILOGUE;
        return true;
    }
    while (bytes_start_with(line, " ") || bytes_start_with(line, "\t"))
        line = bytes_after(line, 1);
    if (line.size < strlen("\r\n"))
        return false;
    if (!bytes_start_with(line, "\r\n"))
        return fail(upload, "a boundary is not followed by CR LF");
    *rest = bytes_after(line, strlen("\r\n"));
    upload->stage = STAGE_HEAD;
    return true;
}

static bool take_head(struct upload *upload, struct bytes *rest)
{
    size_t size = bytes_find(*rest, bytes_of("\r\n\r\n"));

    if (size < rest->size) {
        begin_part(upload, (struct bytes){rest->data, size});
        *rest = bytes_after(*rest, size + strlen("\r\n\r\n"));
        return true;
    }
    return rest->size > MAX_HEAD && fail(upload, "a part has no end of headers");
}

static bool take_content(struct upload *upload, struct bytes *rest)
{
    struct bytes content;
    bool is_whole = take_until_delimiter(upload, rest, &content);

    add_content(upload, content);
    if (upload->stage != STAGE_CONTENT || !is_whole)
        return upload->stage != STAGE_CONTENT;
    end_part(upload);
    upload->stage = STAGE_LINE_END;
    return true;
}

static bool take_stage(struct upload *upload, struct bytes *rest)
{
    switch (upload->stage) {
    case STAGE_PREAMBLE:
        return take_preamble(upload, rest);
    case STAGE_LINE_END:
        return take_line_end(upload, rest);
    case STAGE_HEAD:
        return take_head(upload, rest);
    case STAGE_CONTENT:
        return take_content(upload, rest);
    default:
        *rest = bytes_after(*rest, rest->size);
        return false;
    }
}

/* Keeps what was not taken at the start of the window. */
static void keep(struct buffer *window, struct bytes rest)
{
    memmove(window->data, rest.data, rest.size);
    window->size = rest.size;
}

void upload_take(struct upload *upload, const void *data, size_t size)
{
    struct bytes rest;

    digest_add(upload->body_digest, (struct bytes){data, size});
    buffer_append(&upload->window, data, size, SIZE_MAX);
    rest = buffer_bytes(&upload->window);
    while (take_stage(upload, &rest))
        continue;
    keep(&upload->window, rest);
}

void upload_finish(struct upload *upload)
{
    digest_finish(upload->body_digest, upload->body_text);
    upload->body_digest = NULL;
    if (upload->stage == STAGE_PREAMBLE)
        fail(upload, "the boundary is missing");
    else if (upload->stage != STAGE_EPILOGUE)
        fail(upload, "the body stops before its last boundary");
}

const char *upload_digest(const struct upload *upload)
{
    return upload->body_text;
}

struct multipart upload_parts(const struct upload *upload)
{
    return upload->multipart;
}
