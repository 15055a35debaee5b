#include "task_list.h"
#include "file.h"
#include "memory.h"
#include "result_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Takes over the name. */
static void add(struct task_list *list, const dm_task_id *id, char *image)
{
    if (list->count == list->capacity) {
        list->capacity = 2 * list->capacity + 16;
        list->ids = memory_array(list->ids, list->capacity, sizeof list->ids[0]);
        list->images = memory_array(list->images, list->capacity, sizeof list->images[0]);
    }
    list->ids[list->count] = *id;
    list->images[list->count++] = image;
}

/* Takes over the name of the line's image. */
static bool add_line(const struct result_reader *reader, struct result_line *line, struct task_list *list)
{
    dm_task_id id;

    if (line->finished || line->task_id == NULL)
        return true;
    if (dm_task_id_parse(line->task_id, &id, NULL) != DM_OK) {
        result_reader_fail(reader, "not a line that 'infer --no-wait' prints");
        return false;
    }
    add(list, &id, line->image);
    line->image = NULL;
    return true;
}

static bool read_lines(struct result_reader *reader, struct task_list *list)
{
    enum result_state state = RESULT_LINE;
    bool valid = true;

    while (valid && state == RESULT_LINE) {
        struct result_line line;
        state = result_reader_next(reader, &line);
        if (state == RESULT_LINE)
            valid = add_line(reader, &line, list);
        result_line_free(&line);
    }
    if (valid && reader->incomplete) {
        result_reader_fail(reader, "it is incomplete: there is no line feed at its end");
        return false;
    }
    return valid && state == RESULT_END;
}

static bool read_file(const char *file, struct task_list *list)
{
    struct result_reader reader;

    if (!result_reader_open(&reader, "tasks-from", file)) {
        report_file("tasks-from", file_display_name(file), file_reason(errno));
        return false;
    }
    const bool valid = read_lines(&reader, list);
    result_reader_close(&reader);
    return valid;
}

bool task_list_read(const struct cli *cli, struct task_list *list)
{
    const struct operands *operands = cli->operands;

    *list = (struct task_list){0};
    for (size_t i = 0; i < operands->task_count; i++)
        add(list, &operands->task_ids[i], NULL);
    return cli->options->tasks_from == NULL || read_file(cli->options->tasks_from, list);
}

void task_list_free(struct task_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->images[i]);
    free(list->images);
    free(list->ids);
}
