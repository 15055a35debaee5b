#include "transport/codings.h"

#include <string.h>
#include <strings.h>

static bool has_name(const char *line, size_t length, const char *name)
{
    return length >= strlen(name) && strncasecmp(line, name, strlen(name)) == 0;
}

static const char content_encoding[] = "Content-Encoding:";
static const char transfer_encoding[] = "Transfer-Encoding:";

/* The ones that we can decode come first. */
static const char compressions[][sizeof "x-compress"] = {"gzip", "x-gzip",   "deflate",   "br",
                                                         "zstd", "compress", "x-compress"};

enum { DEFLATED_COUNT = 3, COMPRESSION_COUNT = sizeof compressions / sizeof compressions[0] };

static bool is_one_of_first(size_t count, const char *coding, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (length == strlen(compressions[i]) && strncasecmp(coding, compressions[i], length) == 0)
            return true;
    return false;
}

/* Counts how often the line names one of the first `count` compressions. Returns 0 if the header has another name. */
static int count_in_line(const char *line, size_t length, const char *name, size_t count)
{
    static const char between[] = ", \t\r\n";
    int found = 0;
    if (!has_name(line, length, name))
        return 0;
    for (const char *at = line + strlen(name); at < line + length; at++) {
        const char *start = at;
        while (at < line + length && strchr(between, *at) == NULL)
            at++;
        found += is_one_of_first(count, start, (size_t)(at - start));
    }
    return found;
}

int codings_count_compressions(const char *line, size_t length)
{
    return count_in_line(line, length, content_encoding, COMPRESSION_COUNT) +
           count_in_line(line, length, transfer_encoding, COMPRESSION_COUNT);
}

bool codings_is_deflated(const char *line, size_t length)
{
    return count_in_line(line, length, content_encoding, DEFLATED_COUNT) > 0;
}

bool codings_is_frame(const char *line, size_t length)
{
    return has_name(line, length, "Content-Length:") || has_name(line, length, transfer_encoding);
}
