#include "result_reader.h"
#include "base64.h"
#include "file.h"
#include "memory.h"
#include "name.h"
#include "report.h"
#include "task_state.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool result_reader_open(struct result_reader *reader, const char *option, const char *file)
{
    *reader = (struct result_reader){.option = option, .file = file};
    reader->stream = strcmp(file, "-") == 0 ? stdin : fopen(file, "r");
    return reader->stream != NULL;
}

enum result_state result_reader_fail(const struct result_reader *reader, const char *reason)
{
    char *quoted = name_quote(file_display_name(reader->file));

    report("--%s: %s: line %zu: %s", reader->option, quoted, reader->line_number, reason);
    free(quoted);
    return RESULT_INVALID;
}

static char *copy_string(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(value) ? memory_text(value->valuestring) : NULL;
}

/* The exact name if it is there, or else the text of the name. */
static char *copy_name(const cJSON *object)
{
    char *encoded = copy_string(object, "image_name_base64");
    char *name = encoded != NULL ? base64_decode(encoded) : NULL;

    free(encoded);
    return name != NULL ? name : copy_string(object, "image");
}

static bool has_outputs(const cJSON *object)
{
    return cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(object, "outputs"));
}

/* {"task_id"} of 'infer --no-wait'. */
static bool read_submission(const cJSON *object, struct result_line *line)
{
    line->task_id = copy_string(object, "task_id");
    line->is_open = line->task_id != NULL;
    return line->is_open;
}

/* {"id", "status", "data"} of 'tasks wait'. */
static bool read_task(const cJSON *object, struct result_line *line)
{
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(object, "status");

    line->task_id = copy_string(object, "id");
    line->finished = has_outputs(cJSON_GetObjectItemCaseSensitive(object, "data"));
    line->is_open = cJSON_IsString(status) && strcmp(status->valuestring, "pending") == 0;
    return line->task_id != NULL;
}

/* {"error": {"status", "task_id"}} of an image that failed. */
static void read_failure(const cJSON *object, struct result_line *line)
{
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(object, "error");
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(error, "status");

    line->task_id = copy_string(error, "task_id");
    line->is_open = line->task_id != NULL && cJSON_IsString(status) && task_may_finish_after(status->valuestring);
}

static void read_object(const cJSON *object, struct result_line *line)
{
    line->image = copy_name(object);
    line->finished = has_outputs(object);
    if (!line->finished && !read_submission(object, line) && !read_task(object, line))
        read_failure(object, line);
}

static enum result_state read_json(const struct result_reader *reader, struct result_line *line)
{
    cJSON *object = cJSON_ParseWithOpts(reader->text, NULL, true);
    const bool valid = cJSON_IsObject(object);

    if (valid)
        read_object(object, line);
    cJSON_Delete(object);
    if (valid && line->image != NULL)
        return RESULT_LINE;
    result_line_free(line);
    return result_reader_fail(reader, "not a line that 'infer --json' or 'infer --no-wait' prints");
}

/* The line of a file that was edited on Windows ends with CR LF. A name that ends with CR is printed quoted. */
static void remove_carriage_return(char *text, size_t length)
{
    if (length > 0 && text[length - 1] == '\r')
        text[length - 1] = '\0';
}

/* "ID" or "ID<tab>NAME". The name is as a person reads it. */
static enum result_state read_text(const struct result_reader *reader, struct result_line *line)
{
    const size_t length = strcspn(reader->text, "\t");
    char *task_id = memory_text(reader->text);

    task_id[length] = '\0';
    *line = (struct result_line){.task_id = task_id, .is_open = true};
    if (reader->text[length] == '\t')
        line->image = name_unquote(reader->text + length + 1);
    return RESULT_LINE;
}

static void put_byte(struct result_reader *reader, size_t length, char byte)
{
    if (length == reader->capacity) {
        reader->capacity = 2 * reader->capacity + 256;
        reader->text = memory_array(reader->text, reader->capacity, 1);
    }
    reader->text[length] = byte;
}

/* Reads to the end of the line, or to a NUL byte: a device of NUL bytes never ends. Returns the byte that ended it, or
 * EOF. */
static int read_line(struct result_reader *reader, size_t *length)
{
    int byte;

    *length = 0;
    while ((byte = getc(reader->stream)) != EOF && byte != '\n' && byte != '\0')
        put_byte(reader, (*length)++, (char)byte);
    put_byte(reader, *length, '\0');
    return byte;
}

enum result_state result_reader_next(struct result_reader *reader, struct result_line *line)
{
    size_t length;

    *line = (struct result_line){0};
    reader->line_number++;
    const int end = read_line(reader, &length);
    if (end == '\0')
        return result_reader_fail(reader, "it contains a NUL byte");
    if (ferror(reader->stream)) {
        report_file(reader->option, file_display_name(reader->file), file_reason(errno));
        return RESULT_INVALID;
    }
    reader->incomplete = end == EOF && length > 0;
    if (end == EOF)
        return RESULT_END;
    reader->complete += (off_t)length + 1;
    remove_carriage_return(reader->text, length);
    return reader->text[0] == '{' ? read_json(reader, line) : read_text(reader, line);
}

void result_line_free(struct result_line *line)
{
    free(line->image);
    free(line->task_id);
    *line = (struct result_line){0};
}

void result_reader_close(struct result_reader *reader)
{
    if (reader->stream != stdin)
        fclose(reader->stream);
    free(reader->text);
}
