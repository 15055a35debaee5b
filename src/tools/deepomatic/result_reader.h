/* Reads what 'infer' or 'tasks wait' printed earlier: lines of JSON, or the lines of --no-wait. */
#ifndef CLI_RESULT_READER_H
#define CLI_RESULT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct result_reader {
    FILE *stream;
    const char *option; /* of the file, for messages; this and the next borrowed */
    const char *file;
    char *text; /* the current line */
    size_t capacity;
    size_t line_number;
    off_t complete;  /* length of all complete lines so far */
    bool incomplete; /* the last line has no line feed: it was cut, and is left out */
};

/* The contents of a line. */
struct result_line {
    char *image;   /* NULL if there is no name; the caller frees it */
    char *task_id; /* NULL if there is none; the caller frees it */
    bool finished; /* the image has its result */
    bool is_open;  /* the image has no result, but its task may still give it */
};

enum result_state {
    RESULT_LINE,
    RESULT_INVALID, /* a message was written */
    RESULT_END
};

/* "-" is standard input. False: errno says why; there is nothing to close. */
bool result_reader_open(struct result_reader *reader, const char *option, const char *file);

enum result_state result_reader_next(struct result_reader *reader, struct result_line *line);

/* Reports what is wrong with the current line. */
enum result_state result_reader_fail(const struct result_reader *reader, const char *reason);

void result_line_free(struct result_line *line);

void result_reader_close(struct result_reader *reader);

#endif
