/* Text that grows up to a limit. A failure sticks: append as you like, and look at `status` once, at the end. */
#ifndef DM_TEXT_H
#define DM_TEXT_H

#include <deepomatic.h>

#define TEXT_NO_LIMIT (SIZE_MAX / 2)

struct text {
    char *data; /* NULL while nothing was appended, else ends in a NUL that `length` does not count */
    size_t length;
    size_t capacity;
    size_t limit;     /* of `length`; at most TEXT_NO_LIMIT */
    dm_status status; /* DM_OK, DM_ERR_NO_MEMORY or DM_ERR_TOO_LARGE */
};

void text_init(struct text *text, size_t limit);
void text_free(struct text *text);

/* Empties the text and keeps its memory. */
void text_clear(struct text *text);

/* Gets room for `size` bytes in all, in one piece. */
void text_reserve(struct text *text, size_t size);

/* Shortens the text to `length` bytes. */
void text_cut(struct text *text, size_t length);

void text_append(struct text *text, const void *bytes, size_t size);
void text_append_string(struct text *text, const char *string);
void text_append_integer(struct text *text, int64_t integer);

/* A finite number with as few digits as read back to the same number, with a decimal point. */
void text_append_number(struct text *text, double number);

/* A JSON string with its quotes. The string must be valid UTF-8. */
void text_append_json_string(struct text *text, const char *string);

/* One segment of a URL's path, or a query's value: all but RFC 3986's unreserved characters are percent-encoded. */
void text_append_url_segment(struct text *text, const char *string);

/* A URL's query that is encoded already: only what cannot stand in a URL at all is percent-encoded. */
void text_append_url_query(struct text *text, const char *query, size_t length);

#endif
