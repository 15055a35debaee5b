#include "assignment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const job_names[] = {
    [JOB_GET] = "get",       [JOB_RETRIEVE] = "retrieve", [JOB_INFERENCE] = "inference",
    [JOB_UPLOAD] = "upload", [JOB_BASE64] = "base64",     [JOB_CREATE] = "create",
};

enum { JOB_COUNT = sizeof job_names / sizeof *job_names };

static enum job find_job(const char *name)
{
    for (int i = 0; i < JOB_COUNT; i++)
        if (strcmp(job_names[i], name) == 0)
            return (enum job)i;
    fprintf(stderr, "unknown job '%s'\n", name);
    exit(2);
}

struct assignment assignment_parse(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: %s JOB COUNT URL CA-FILE IMAGE-FILE\n", argv[0]);
        exit(2);
    }
    return (struct assignment){
        .job = find_job(argv[1]),
        .count = strtol(argv[2], NULL, 10),
        .url = argv[3],
        .ca = argv[4],
        .file = argv[5],
    };
}
