#include "resume.h"
#include "file.h"
#include "result_reader.h"
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum exit_status fail(enum exit_status status, const char *file, const char *reason)
{
    report_file("resume", file, reason);
    return status;
}

static bool is_finished(const struct name_map *earlier, const char *image)
{
    const char *text = name_map_get(earlier, image);

    return text != NULL && strcmp(text, RESUME_FINISHED) == 0;
}

/* If any line has a result, the image is finished. Otherwise the last line counts. */
static void note(struct name_map *earlier, const struct result_line *line)
{
    if (line->finished)
        name_map_set(earlier, line->image, RESUME_FINISHED);
    else if (!is_finished(earlier, line->image))
        name_map_set(earlier, line->image, line->is_open ? line->task_id : NULL);
}

static bool is_valid(const struct result_line *line)
{
    dm_task_id id;

    return line->image != NULL && (!line->is_open || dm_task_id_parse(line->task_id, &id, NULL) == DM_OK);
}

/* Standard input, or a pipe of the shell such as that of '<(COMMAND)': it may be another image now. */
static bool is_stream(const char *name)
{
    static const char *const prefixes[] = {"/dev/fd/", "/dev/stdin", "/proc/self/fd/"};
    bool found = strcmp(name, "-") == 0;

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        found |= strncmp(name, prefixes[i], strlen(prefixes[i])) == 0;
    return found;
}

static enum exit_status read_lines(struct result_reader *reader, struct name_map *earlier)
{
    struct result_line line;
    enum result_state state;

    while ((state = result_reader_next(reader, &line)) == RESULT_LINE) {
        const bool valid = is_valid(&line);
        if (valid && !is_stream(line.image))
            note(earlier, &line);
        result_line_free(&line);
        if (!valid) {
            result_reader_fail(reader, "not a line that 'infer --json' or 'infer --no-wait' prints");
            return STATUS_FAILED;
        }
    }
    return state == RESULT_END ? STATUS_OK : STATUS_FAILED;
}

/* '>' would have emptied the file. The appended output must be readable by the next --resume. */
static enum exit_status check_output(const struct result_reader *reader, const struct options *options)
{
    if (!output_is(reader->stream))
        return STATUS_OK;
    if ((fcntl(STDOUT_FILENO, F_GETFL) & O_APPEND) == 0)
        return fail(STATUS_USAGE, reader->file, "this is also the output: append to it, with '>>'");
    if (!options_has(options, OPTION_JSON) && !options_has(options, OPTION_NO_WAIT))
        return fail(STATUS_USAGE, reader->file, "this is also the output: its lines need --json or --no-wait");
    return STATUS_OK;
}

/* Otherwise the next line would continue the one that was cut. Whether a program behind a pipe, such as 'tee -a', will
 * append to the file cannot be known. */
static enum exit_status remove_cut_line(const struct result_reader *reader)
{
    if (!reader->incomplete)
        return STATUS_OK;
    if (output_is(reader->stream))
        return ftruncate(STDOUT_FILENO, reader->complete) == 0 ? STATUS_OK
                                                               : fail(STATUS_FAILED, reader->file, strerror(errno));
    result_reader_fail(reader,
                       "it is incomplete: there is no line feed at its end; remove this line, or append the output to "
                       "this file with '>>', which removes it");
    return STATUS_FAILED;
}

enum exit_status resume_read(const struct options *options, struct name_map *earlier)
{
    const char *file = options->resume;
    struct result_reader reader;

    if (!result_reader_open(&reader, "resume", file))
        return errno == ENOENT ? STATUS_OK : fail(STATUS_FAILED, file, file_reason(errno));
    enum exit_status status = check_output(&reader, options);
    if (status == STATUS_OK)
        status = read_lines(&reader, earlier);
    if (status == STATUS_OK)
        status = remove_cut_line(&reader);
    result_reader_close(&reader);
    return status;
}
