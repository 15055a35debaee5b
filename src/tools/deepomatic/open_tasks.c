#include "open_tasks.h"
#include "memory.h"
#include "name.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_cancelled(const struct job *job)
{
    return job->done && job->status == DM_ERR_CANCELLED;
}

static void report_cancelled(const struct job *job)
{
    char *quoted = name_quote(file_display_name(job->name));

    if (job->error.task_id.text[0] != '\0')
        report("%s: cancelled; task %s is still open", quoted, job->error.task_id.text);
    else
        report("%s: cancelled", quoted);
    free(quoted);
}

void open_tasks_report(const struct job_list *jobs)
{
    char *ids = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&ids, &size);

    if (out == NULL)
        memory_exhausted();
    for (const struct job *job = jobs->first; job != NULL; job = job->next) {
        if (!is_cancelled(job))
            continue;
        report_cancelled(job);
        if (job->error.task_id.text[0] != '\0')
            fprintf(out, " %s", job->error.task_id.text);
    }
    if (fclose(out) != 0)
        memory_exhausted();
    if (size > 0)
        report("to continue waiting: deepomatic tasks wait%s", ids);
    free(ids);
}
