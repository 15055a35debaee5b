/* The values on a command line: text in, exact and checked numbers out. Each gives false for text that is not one. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <deepomatic.h>

/* Decimal digits, perhaps after a '-', and nothing else. */
bool value_is_integer(const char *text);

/* An integer from `least` up. */
bool value_integer(const char *text, int64_t least, int64_t *value);

/* A time above zero in seconds, such as "2.5", up to 10^9. Given in milliseconds. */
bool value_seconds(const char *text, int64_t *milliseconds);

/* "xmin,ymin,xmax,ymax" with 0 <= min < max <= 1. */
bool value_bbox(const char *text, dm_bbox *bbox);

/* A specification: an integer is a private one, "public:NAME" and all other text a public one. */
bool value_spec(const char *text, dm_spec_id *spec);

#endif
