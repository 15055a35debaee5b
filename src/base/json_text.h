/* JSON as text: is it strictly right, and where in it does a value stand? */
#ifndef DM_JSON_TEXT_H
#define DM_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    JSON_DEPTH_OF_VALUE = 128, /* of free-form JSON, in both directions */
    JSON_DEPTH_OF_REPLY = 132, /* the same inside of a page's results: page, results, item, field */
    JSON_MAX_VALUES = 2000000,
    JSON_MAX_NUMBER = 63 /* what cJSON can read */
};

/* Where in a text, and why, it is not JSON as we take it. */
struct json_fault {
    const char *reason;
    size_t offset;
};

/* True if the text is one JSON value by RFC 8259, in valid UTF-8 without "\u0000" and lone surrogates, nested at most
 * `most_depth` (128 or 132) deep, with at most JSON_MAX_VALUES values. Only white space may surround it. Whatever
 * passes, cJSON can read. Otherwise fills *fault. */
bool json_scan(const char *text, size_t length, size_t most_depth, struct json_fault *fault);

/* A value within a text that json_scan has passed. */
struct json_slice {
    const char *start;
    size_t length;
};

/* The value of a scanned text, without the white space around it. */
struct json_slice json_value(const char *text, size_t length);

/* Finds the first member with this name (which is plain ASCII) in an object; false if there is none, or no object. */
bool json_member(struct json_slice object, const char *name, struct json_slice *value);

/* Steps through an array: begin with item->start NULL. False after the last item, or if it is no array. */
bool json_next_item(struct json_slice array, struct json_slice *item);

#endif
