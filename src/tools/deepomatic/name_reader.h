/* The names in a file or pipe: one per line, also with a byte order mark and CR LF, or each with a NUL at its end. */
#ifndef CLI_NAME_READER_H
#define CLI_NAME_READER_H

#include <stdbool.h>
#include <stddef.h>

enum name_state {
    NAME_READY,
    NAME_WAIT,  /* the writer of the pipe has not sent the next name yet */
    NAME_ERROR, /* reading failed; errno says why. There are no more names */
    NAME_END
};

struct name_reader {
    int descriptor;
    char separator;
    char *bytes; /* from `start` to `end`, what was read and not taken yet */
    size_t start;
    size_t end;
    size_t capacity;
    bool may_have_mark; /* a byte order mark, before the first line */
    bool at_end;
};

/* "-" is standard input. With `null`, a NUL byte ends each name. False: errno says why; there is nothing to close. */
bool name_reader_open(struct name_reader *reader, const char *file, bool null);

/* Gives the next name, which the caller frees. Empty names are skipped. It does not wait for a pipe or terminal. A
 * name of more than 64 KiB, or with a NUL byte inside a line, is an error (EINVAL). */
enum name_state name_reader_next(struct name_reader *reader, char **name);

void name_reader_close(struct name_reader *reader);

#endif
