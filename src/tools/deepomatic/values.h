/* Values on the command line. Each function returns false if the text is not such a value. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <deepomatic.h>

/* Decimal digits, optionally after a '-'. */
bool value_is_integer(const char *text);

/* An integer of at least `least`. */
bool value_integer(const char *text, int64_t least, int64_t *value);

/* The id of a resource: an integer from 1 to 2^63 - 1. */
bool value_id(const char *text, int64_t *id);

/* Seconds above 0, up to 10^9, such as "2.5"; rounded up to milliseconds. */
bool value_seconds(const char *text, int64_t *milliseconds);

/* "xmin,ymin,xmax,ymax" with 0 <= min < max <= 1. */
bool value_bbox(const char *text, dm_bbox *bbox);

/* The corners of a polygon. */
struct polygon {
    dm_point *points; /* the caller frees it */
    size_t count;
};

/* "x1,y1,x2,y2,x3,y3" or more corners, each value from 0 to 1. */
bool value_polygon(const char *text, struct polygon *polygon);

/* A number from 0 to 1. */
bool value_score(const char *text, double *score);

/* A specification: an integer is the id of a private one; "public:NAME", or any other UTF-8 text, names a
 * public one. */
bool value_spec(const char *text, dm_spec_id *spec);

#endif
