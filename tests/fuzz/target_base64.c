/* The first byte is the size of the pieces; the rest may be base64. The oracle is a regular expression. */
#include "check.h"

#include "base/base64.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* The text without white space, with a NUL. Free the result. */
static char *strip(const char *from, size_t length, size_t *stripped)
{
    char *to = exact_memory(length + 1);
    *stripped = 0;
    for (size_t i = 0; i < length; i++)
        if (from[i] == '\0' || strchr(" \t\r\n", from[i]) == NULL)
            to[(*stripped)++] = from[i];
    to[*stripped] = '\0';
    return to;
}

static bool is_base64(const char *stripped, size_t length)
{
    static const char pattern[] = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=?|[A-Za-z0-9+/]{2}={0,2})$";
    static bool compiled = false;
    static regex_t expression;

    if (!compiled)
        CLAIM(regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB) == 0);
    compiled = true;
    return strlen(stripped) == length && regexec(&expression, stripped, 0, NULL, 0) == 0;
}

static void claim_copies(const char *from, size_t length, size_t step, const char *stripped, size_t stripped_length)
{
    char *piece = exact_memory(stripped_length);
    size_t copied = 0;
    size_t at = 0;

    while (copied < stripped_length) {
        const size_t left = stripped_length - copied;
        const size_t wanted = step < left ? step : left;
        CLAIM(base64_copy(from, length, &at, piece, wanted) == wanted);
        CLAIM(memcmp(piece, stripped + copied, wanted) == 0);
        copied += wanted;
    }
    CLAIM(base64_copy(from, length, &at, piece, 1) == 0 && at == length);
    free(piece);
}

static void claim_measured_rightly(const char *from, size_t length, const char *stripped, size_t stripped_length)
{
    const char *reason = NULL;
    size_t characters = 0;
    size_t missing = 0;
    size_t offset = 0;

    const bool ok = base64_measure(from, length, &characters, &missing, &reason, &offset);
    CLAIM(ok == is_base64(stripped, stripped_length));
    CLAIM(ok == (reason == NULL));
    CLAIM(!ok || (characters == stripped_length && missing <= 2 && (characters + missing) % 4 == 0));
    CLAIM(offset <= length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *from = exact_copy(data + 1, size - 1);
    size_t stripped_length = 0;
    char *stripped = strip(from, size - 1, &stripped_length);

    claim_measured_rightly(from, size - 1, stripped, stripped_length);
    claim_copies(from, size - 1, (size_t)data[0] + 1, stripped, stripped_length);
    free(stripped);
    free(from);
    return 0;
}
