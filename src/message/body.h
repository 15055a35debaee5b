/* A request's body: a list of pieces, and a reader that presents them as one stream of known length. The data of images
 * are not copied. */
#ifndef DM_BODY_H
#define DM_BODY_H

#include "base/file.h"
#include "base/text.h"

#include <sys/types.h>

enum piece_kind {
    PIECE_TEXT,   /* a part of body.text */
    PIECE_MEMORY, /* the caller's bytes */
    PIECE_BASE64, /* the caller's base64 text, sent without its white space */
    PIECE_FILE    /* an open file */
};

struct piece {
    enum piece_kind kind;
    size_t size;      /* in the stream */
    const char *data; /* PIECE_MEMORY and PIECE_BASE64 */
    size_t data_size; /* bytes at `data` */
    size_t offset;    /* PIECE_TEXT: in body.text */
    struct file file;
};

struct body {
    struct text text; /* data of PIECE_TEXT; append to it freely */
    size_t text_used;
    struct piece *pieces;
    size_t piece_count;
    size_t piece_capacity;
    size_t length; /* of the whole stream; valid after body_finish */
    dm_status status;
};

void body_init(struct body *body);
void body_free(struct body *body);

/* Each of these appends a piece after the text appended so far. Failures are sticky, in `status`. */
void body_append_memory(struct body *body, const void *bytes, size_t size);
void body_append_base64(struct body *body, const char *base64, size_t length, size_t characters);

/* Takes ownership of an open file: body_free closes it, or this function if it fails. */
void body_append_file(struct body *body, struct file *opened);

/* Completes the body with the text appended since the last piece. */
dm_status body_finish(struct body *body);

/* Returns the body if it is a single text in memory; otherwise NULL. Valid after body_finish. */
const char *body_single_text(const struct body *body);

/* A position in the stream. */
struct body_reader {
    const struct body *body;
    size_t piece;
    size_t offset; /* within the piece's source */
    size_t left;   /* bytes left of the piece */
    int error;     /* errno of a failed read; 0: the file has changed */
};

/* Goes to the first byte. Returns false if a file has changed since it was opened. */
bool body_rewind(struct body_reader *reader, const struct body *body);

/* Reads up to `size` bytes. Returns 0 at the end, and -1 if a file cannot be read or has changed. */
ssize_t body_read(struct body_reader *reader, char *buffer, size_t size);

/* Returns the path of the file at which reading failed. */
const char *body_reader_path(const struct body_reader *reader);

#endif
