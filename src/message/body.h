/* A request's body: a list of pieces, and a reader that turns them into one stream of bytes of known length. Nothing
 * is copied but what the library itself writes between the images. */
#ifndef DM_BODY_H
#define DM_BODY_H

#include "base/file.h"
#include "base/text.h"

#include <sys/types.h>

enum piece_kind {
    PIECE_TEXT,   /* a stretch of the body's own text */
    PIECE_MEMORY, /* the caller's bytes, as they are */
    PIECE_BASE64, /* the caller's base64 text, less its white space */
    PIECE_FILE    /* an open file */
};

struct piece {
    enum piece_kind kind;
    size_t size;      /* what it adds to the stream */
    const char *data; /* memory and base64 */
    size_t data_size; /* at `data` */
    size_t offset;    /* text: in the body's own */
    struct file file;
};

struct body {
    struct text text; /* what PIECE_TEXT refers to; append to it as you like */
    size_t text_used;
    struct piece *pieces;
    size_t piece_count;
    size_t piece_capacity;
    size_t length; /* of the whole stream; right after body_finish */
    dm_status status;
};

void body_init(struct body *body);
void body_free(struct body *body);

/* Each appends a piece behind the text appended so far. Failures stick in `status`. */
void body_append_memory(struct body *body, const void *bytes, size_t size);
void body_append_base64(struct body *body, const char *base64, size_t length, size_t characters);

/* Takes a regular file over, and closes it at the end, also if this fails. */
void body_append_file(struct body *body, struct file *opened);

/* Ends the body with the text appended since the last piece. */
dm_status body_finish(struct body *body);

/* The body as one text in memory, if it is that; otherwise NULL. Right after body_finish. */
const char *body_single_text(const struct body *body);

/* A place in the stream. */
struct body_reader {
    const struct body *body;
    size_t piece;
    size_t offset; /* within the piece's source */
    size_t left;   /* of the piece */
    int error;     /* why a file could not be read: an errno; 0: it is not what it was */
};

/* Goes to the first byte. False if a file is not as it was when it was opened. */
bool body_rewind(struct body_reader *reader, const struct body *body);

/* Reads up to `size` bytes; 0 at the end. -1 if a file cannot be read, or is not as it was. */
ssize_t body_read(struct body_reader *reader, char *buffer, size_t size);

/* The path of the file that the reader failed at. */
const char *body_reader_path(const struct body_reader *reader);

#endif
