#include "image.h"
#include "base64.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_url(const char *name)
{
    return strncasecmp(name, "http://", 7) == 0 || strncasecmp(name, "https://", 8) == 0;
}

/* False: a message has been written. */
static bool load_base64(const char *name, struct image *image)
{
    if (!file_read(name, &image->content))
        return false;
    if (!base64_encode(&image->content)) {
        report("%s: out of memory", name);
        return false;
    }
    image->input = dm_image_base64(image->content.data, image->content.size);
    return true;
}

/* Likewise. */
static bool load_standard_input(struct image *image)
{
    if (!file_read("-", &image->content))
        return false;
    image->input = dm_image_bytes(image->content.data, image->content.size);
    return true;
}

bool image_load(const char *name, bool base64, struct image *image)
{
    *image = (struct image){0};
    if (!is_url(name) && base64)
        return load_base64(name, image);
    if (strcmp(name, "-") == 0)
        return load_standard_input(image);
    image->input = is_url(name) ? dm_image_url(name) : dm_image_file(name);
    return true;
}

void image_free(struct image *image)
{
    free(image->content.data);
}
