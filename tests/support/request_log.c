#include "request_log.h"
#include "temp_files.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t count_lines(const char *text)
{
    size_t count = 0;

    while ((text = strchr(text, '\n')) != NULL) {
        text++;
        count++;
    }
    return count;
}

static const char *skip_lines(const char *text, size_t count)
{
    while (count-- > 0)
        text = strchr(text, '\n') + 1;
    return text;
}

/* The sandbox may be writing the next line at this moment, so a line without a line feed is ignored. */
static bool parse_lines(struct request_log *log, const char *text, size_t count)
{
    while (log->count < count) {
        const char *end = strchr(text, '\n');
        cJSON *item = cJSON_ParseWithLength(text, (size_t)(end - text));

        if (item == NULL)
            return false;
        log->items[log->count++] = item;
        if (!cJSON_IsObject(item))
            return false;
        text = end + 1;
    }
    return true;
}

static struct request_log *parse_log(const char *text, size_t skipped)
{
    struct request_log *log = calloc(1, sizeof *log);
    size_t lines = count_lines(text);

    if (skipped > lines)
        skipped = lines;
    if (log == NULL)
        return NULL;
    log->items = calloc(lines - skipped + 1, sizeof(cJSON *));
    if (log->items == NULL || !parse_lines(log, skip_lines(text, skipped), lines - skipped)) {
        request_log_free(log);
        return NULL;
    }
    return log;
}

size_t request_log_count(const char *path)
{
    char *text = read_whole_file(path, NULL);
    size_t count = text != NULL ? count_lines(text) : 0;

    free(text);
    return count;
}

struct request_log *request_log_read(const char *path, size_t skipped)
{
    char *text = read_whole_file(path, NULL);

    if (text == NULL)
        return NULL;
    struct request_log *log = parse_log(text, skipped);
    free(text);
    return log;
}

void request_log_free(struct request_log *log)
{
    if (log == NULL)
        return;
    for (size_t i = 0; i < log->count; i++)
        cJSON_Delete(log->items[i]);
    free(log->items);
    free(log);
}
