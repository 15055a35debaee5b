#include "transport/codings.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* What stands behind one of the names that say how a reply is coded; NULL if the line is another one. */
static const char *find_codings(const char *line, size_t length)
{
    static const char *const names[] = {"Content-Encoding:", "Transfer-Encoding:"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t name_length = strlen(names[i]);
        if (length >= name_length && strncasecmp(line, names[i], name_length) == 0)
            return line + name_length;
    }
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
