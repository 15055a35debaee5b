#include "json_syntax.h"

#include <string.h>

enum { MAX_DEPTH = 128 };

struct scanner {
    const char *next;
    const char *reason; /* NULL while no error was found; then `next` is its position */
};

static bool fail(struct scanner *scanner, const char *reason)
{
    scanner->reason = *scanner->next != '\0' ? reason : "the text ends too early";
    return false;
}

static char skip_space(struct scanner *scanner)
{
    scanner->next += strspn(scanner->next, " \t\r\n");
    return *scanner->next;
}

static bool take(struct scanner *scanner, char expected, const char *reason)
{
    if (skip_space(scanner) != expected)
        return fail(scanner, reason);
    scanner->next++;
    return true;
}

/* The four digits of \uXXXX. */
static bool take_hex_digits(struct scanner *scanner)
{
    const char *start = scanner->next;

    for (int i = 0; i < 4; i++, scanner->next++)
        if (*scanner->next == '\0' || strchr("0123456789abcdefABCDEF", *scanner->next) == NULL)
            return fail(scanner, "\\u needs four hexadecimal digits");
    if (strncmp(start, "0000", 4) != 0)
        return true;
    scanner->next = start;
    return fail(scanner, "a string must not contain \\u0000");
}

static bool take_escape(struct scanner *scanner)
{
    const char escaped = *++scanner->next;

    if (escaped == '\0' || strchr("\"\\/bfnrtu", escaped) == NULL)
        return fail(scanner, "invalid escape");
    scanner->next++;
    return escaped != 'u' || take_hex_digits(scanner);
}

static bool take_string(struct scanner *scanner)
{
    if (!take(scanner, '"', "expected a string in double quotes"))
        return false;
    while (*scanner->next != '"') {
        if ((unsigned char)*scanner->next < 0x20)
            return fail(scanner, "unescaped control character in a string");
        if (*scanner->next != '\\')
            scanner->next++;
        else if (!take_escape(scanner))
            return false;
    }
    scanner->next++;
    return true;
}

static bool take_digits(struct scanner *scanner)
{
    const size_t count = strspn(scanner->next, "0123456789");

    scanner->next += count;
    return count > 0 || fail(scanner, "expected a digit");
}

static bool take_number(struct scanner *scanner)
{
    scanner->next += *scanner->next == '-';
    if (*scanner->next == '0')
        scanner->next++; /* a number has no leading zeros */
    else if (!take_digits(scanner))
        return false;
    if (*scanner->next == '.') {
        scanner->next++;
        if (!take_digits(scanner))
            return false;
    }
    if (*scanner->next != 'e' && *scanner->next != 'E')
        return true;
    scanner->next++;
    scanner->next += *scanner->next == '+' || *scanner->next == '-';
    return take_digits(scanner);
}

static bool take_literal(struct scanner *scanner)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
        if (strncmp(scanner->next, literals[i], strlen(literals[i])) == 0) {
            scanner->next += strlen(literals[i]);
            return true;
        }
    }
    return fail(scanner, "expected a value");
}

static bool take_value(struct scanner *scanner, int depth);

/* The rest of an object or array, after its opening bracket. */
static bool take_members(struct scanner *scanner, char closing, int depth)
{
    const bool is_object = closing == '}';

    if (skip_space(scanner) == closing)
        return take(scanner, closing, "");
    do {
        if (is_object && (!take_string(scanner) || !take(scanner, ':', "expected ':'")))
            return false;
        if (!take_value(scanner, depth))
            return false;
        if (skip_space(scanner) == closing)
            return take(scanner, closing, "");
    } while (take(scanner, ',', is_object ? "expected ',' or '}'" : "expected ',' or ']'"));
    return false;
}

static bool take_value(struct scanner *scanner, int depth)
{
    const char first = skip_space(scanner);

    if (first == '"')
        return take_string(scanner);
    if (first == '-' || (first >= '0' && first <= '9'))
        return take_number(scanner);
    if (first != '{' && first != '[')
        return take_literal(scanner);
    if (depth == MAX_DEPTH)
        return fail(scanner, "nested too deeply");
    scanner->next++;
    return take_members(scanner, first == '{' ? '}' : ']', depth + 1);
}

bool json_syntax_check(const char *text, struct json_error *error)
{
    struct scanner scanner = {text, NULL};

    if (take_value(&scanner, 0) && skip_space(&scanner) != '\0')
        fail(&scanner, "unexpected text after the value");
    *error = (struct json_error){(size_t)(scanner.next - text), scanner.reason};
    return scanner.reason == NULL;
}
