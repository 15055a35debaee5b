/* Text that grows up to a limit. Failures are sticky: append without checks, and check `status` once at the end. */
#ifndef DM_TEXT_H
#define DM_TEXT_H

#include <deepomatic.h>

#define TEXT_NO_LIMIT (SIZE_MAX / 2)

struct text {
    char *data; /* NULL before the first append; then NUL-terminated (the NUL is not counted in `length`) */
    size_t length;
    size_t capacity;
    size_t limit;     /* of `length`; at most TEXT_NO_LIMIT */
    dm_status status; /* DM_OK, DM_ERR_NO_MEMORY or DM_ERR_TOO_LARGE */
};

void text_init(struct text *text, size_t limit);
void text_free(struct text *text);

/* Empties the text and keeps its memory. */
void text_clear(struct text *text);

/* Allocates room for `size` bytes in total at once. */
void text_reserve(struct text *text, size_t size);

/* Shortens the text to `length` bytes. */
void text_cut(struct text *text, size_t length);

void text_append(struct text *text, const void *bytes, size_t size);
void text_append_string(struct text *text, const char *string);
void text_append_integer(struct text *text, int64_t integer);

/* Appends a finite number with a decimal point, using the fewest of 15 to 17 digits that read back as the same
 * number. */
void text_append_number(struct text *text, double number);

/* Appends a JSON string, with quotes. The string must be valid UTF-8. */
void text_append_json_string(struct text *text, const char *string);

/* Appends a segment of a URL path or a query value. All but RFC 3986's unreserved characters are percent-encoded. */
void text_append_url_segment(struct text *text, const char *string);

/* Appends a query that is already encoded. Only characters that are not allowed in a URL are percent-encoded. */
void text_append_url_query(struct text *text, const char *query, size_t length);

#endif
