#include "values.h"
#include "memory.h"
#include "text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool value_is_integer(const char *text)
{
    const char *digits = text[0] == '-' ? text + 1 : text;

    return digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0';
}

bool value_integer(const char *text, int64_t least, int64_t *value)
{
    if (!value_is_integer(text))
        return false;
    errno = 0;
    long long number = strtoll(text, NULL, 10);
    *value = number;
    return errno == 0 && number >= least;
}

bool value_id(const char *text, int64_t *id)
{
    return value_integer(text, 1, id);
}

/* Reads a decimal number that ends before the character `end`; moves *text past it. */
static bool take_number(const char **text, char end, double *value)
{
    char *rest;

    /* strtod also accepts white space, "inf", "nan" and hexadecimal. */
    size_t length = strspn(*text, "0123456789.eE+-");
    *value = strtod(*text, &rest);
    if (length == 0 || rest != *text + length || *rest != end || !isfinite(*value))
        return false;
    *text = rest + 1;
    return true;
}

bool value_seconds(const char *text, int64_t *milliseconds)
{
    static const double longest = 1e9;
    double seconds;

    if (!take_number(&text, '\0', &seconds) || seconds <= 0 || seconds > longest)
        return false;
    *milliseconds = (int64_t)ceil(seconds * 1000);
    return true;
}

bool value_bbox(const char *text, dm_bbox *bbox)
{
    return take_number(&text, ',', &bbox->xmin) && take_number(&text, ',', &bbox->ymin) &&
           take_number(&text, ',', &bbox->xmax) && take_number(&text, '\0', &bbox->ymax) && bbox->xmin >= 0 &&
           bbox->xmin < bbox->xmax && bbox->xmax <= 1 && bbox->ymin >= 0 && bbox->ymin < bbox->ymax && bbox->ymax <= 1;
}

static bool in_unit(double value)
{
    return value >= 0 && value <= 1;
}

static size_t count_commas(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += *text == ',';
    return count;
}

bool value_polygon(const char *text, struct polygon *polygon)
{
    const size_t count = (count_commas(text) + 1) / 2;
    dm_point *points = memory_array(NULL, count, sizeof points[0]);
    bool valid = count >= 3;

    for (size_t i = 0; i < count && valid; i++)
        valid = take_number(&text, ',', &points[i].x) && take_number(&text, i + 1 < count ? ',' : '\0', &points[i].y) &&
                in_unit(points[i].x) && in_unit(points[i].y);
    free(polygon->points);
    *polygon = (struct polygon){points, count};
    return valid;
}

bool value_score(const char *text, double *score)
{
    return take_number(&text, '\0', score) && in_unit(*score);
}

/* What the library takes as the name of a public resource. */
static bool is_public_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    return name[0] != '\0' && text_is_utf8(name) && strpbrk(name, "/\\?#%") == NULL && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

bool value_spec(const char *text, dm_spec_id *spec)
{
    static const char prefix[] = "public:";
    int64_t id;

    if (value_is_integer(text)) {
        bool valid = value_id(text, &id);
        *spec = dm_private_spec(valid ? id : 0);
        return valid;
    }
    if (strncmp(text, prefix, strlen(prefix)) == 0)
        text += strlen(prefix);
    *spec = dm_public_spec(text);
    return is_public_name(text);
}
