#include "image.h"
#include "base64.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static bool has_scheme(const char *name, const char *scheme)
{
    const size_t length = strlen(scheme);

    return strncasecmp(name, scheme, length) == 0 && name[length] != '\0';
}

bool image_is_url(const char *name)
{
    return has_scheme(name, "http://") || has_scheme(name, "https://");
}

/* "SCHEME://..." or "data:..." */
static bool looks_like_address(const char *name)
{
    const size_t scheme = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-");

    return (scheme > 0 && strncmp(name + scheme, "://", 3) == 0) || has_scheme(name, "data:");
}

bool image_is_directory(const char *name)
{
    struct stat found;

    return strcmp(name, "-") != 0 && !image_is_url(name) && stat(name, &found) == 0 && S_ISDIR(found.st_mode);
}

static bool fail(dm_error *error, const char *reason)
{
    *error = (dm_error){.status = DM_ERR_FILE};
    snprintf(error->message, sizeof error->message, "%s", reason);
    return false;
}

static bool fail_missing(const char *name, int error_number, dm_error *error)
{
    if (error_number == EINTR)
        return fail(error, "cancelled");
    if (name[0] == '\0')
        return fail(error, "the name of the image is empty");
    if (looks_like_address(name))
        return fail(error, "unsupported address; an image is a file, - or an http:// or https:// address");
    return fail(error, strerror(error_number));
}

static const char *reading_failed(int error_number)
{
    return error_number == ETIMEDOUT ? "no complete image came through the pipe before the time limit (--timeout)"
                                     : file_reason(error_number);
}

/* Reads the whole image into memory. */
static bool load_content(const char *name, bool base64, int64_t timeout_ms, struct image *image, dm_error *error)
{
    if (!file_load(name, timeout_ms, &image->content))
        return fail(error, reading_failed(errno));
    if (image->content.size == 0)
        return fail(error, "empty image");
    if (base64 && !base64_encode(&image->content))
        return fail(error, "out of memory");
    image->input = base64 ? dm_image_base64(image->content.data, image->content.size)
                          : dm_image_bytes(image->content.data, image->content.size);
    return true;
}

/* A regular file is streamed by the library, a pipe cannot be. */
static bool load_file(const char *name, bool base64, int64_t timeout_ms, struct image *image, dm_error *error)
{
    struct stat found;

    if (stat(name, &found) != 0)
        return fail_missing(name, errno, error);
    if (S_ISDIR(found.st_mode))
        return fail(error, strerror(EISDIR));
    if (base64 || S_ISFIFO(found.st_mode))
        return load_content(name, base64, timeout_ms, image, error);
    if (!S_ISREG(found.st_mode))
        return fail(error, "neither a regular file nor a pipe");
    if (found.st_size == 0)
        return fail(error, "empty image");
    image->input = dm_image_file(name);
    return true;
}

bool image_load(const char *name, bool base64, int64_t timeout_ms, struct image *image, dm_error *error)
{
    *image = (struct image){0};
    if (strcmp(name, "-") == 0)
        return load_content(name, base64, timeout_ms, image, error);
    if (!image_is_url(name))
        return load_file(name, base64, timeout_ms, image, error);
    image->input = dm_image_url(name);
    return true;
}

void image_free(struct image *image)
{
    free(image->content.data);
    *image = (struct image){0};
}
