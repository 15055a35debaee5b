#include "html.h"
#include "memory.h"
#include "text.h"

#include <string.h>

static const char *entity(char character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_put_text(FILE *out, const char *text)
{
    while (*text != '\0') {
        const struct shown shown = text_next(&text);
        const char *escaped = entity(shown.text[0]);
        fputs(escaped != NULL ? escaped : shown.text, out);
    }
}

void html_put_path(FILE *out, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

    for (; *path != '\0'; path++) {
        if (strchr(plain, *path) != NULL)
            fputc(*path, out);
        else
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*path);
    }
}

/* The length of the directories that both paths begin with, including the last '/'. */
static size_t common_length(const char *directory, const char *target)
{
    size_t common = 0;

    for (size_t i = 0; target[i] != '\0'; i++) {
        const char current = directory[i] != '\0' ? directory[i] : '/';
        if (current != target[i])
            break;
        if (current == '/')
            common = i + 1;
        if (directory[i] == '\0')
            break;
    }
    return common;
}

static size_t count_directories(const char *path)
{
    size_t count = path[0] != '\0';

    for (; *path != '\0'; path++)
        count += *path == '/';
    return count;
}

char *html_relative_path(const char *directory, const char *target)
{
    const size_t common = common_length(directory, target);
    const size_t levels = common <= strlen(directory) ? count_directories(directory + common) : 0;
    char *path = memory_array(NULL, levels * 3 + strlen(target + common) + 1, 1);
    char *end = path;

    for (size_t i = 0; i < levels; i++)
        end = stpcpy(end, "../");
    stpcpy(end, target + common);
    return path;
}
