#include "transport/codings.h"

#include <string.h>
#include <strings.h>

static bool has_name(const char *line, size_t length, const char *name)
{
    return length >= strlen(name) && strncasecmp(line, name, strlen(name)) == 0;
}

/* What stands behind one of the names that say how a reply is coded; NULL if the line is another one. */
static const char *find_codings(const char *line, size_t length)
{
    static const char *const names[] = {"Content-Encoding:", "Transfer-Encoding:"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (has_name(line, length, names[i]))
            return line + strlen(names[i]);
    return NULL;
}

static bool is_compression(const char *coding, size_t length)
{
    static const char *const plain[] = {"chunked", "identity"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (length == strlen(plain[i]) && strncasecmp(coding, plain[i], length) == 0)
            return false;
    return length > 0;
}

int codings_count_compressions(const char *line, size_t length)
{
    static const char between[] = ", \t\r\n";
    const char *at = find_codings(line, length);
    int count = 0;
    while (at != NULL && at < line + length) {
        const char *start = at;
        while (at < line + length && strchr(between, *at) == NULL)
            at++;
        count += is_compression(start, (size_t)(at - start));
        at += at < line + length;
    }
    return count;
}

bool codings_is_frame(const char *line, size_t length)
{
    return has_name(line, length, "Content-Length:") || has_name(line, length, "Transfer-Encoding:");
}
