#include "option_table.h"
#include "options.h"

#include <string.h>

#define FIELD(name) offsetof(struct options, name)

static const struct option_description descriptions[OPTION_COUNT] = {
    [OPTION_PUBLIC] = {"public", NULL, "list the public ones instead of your own", OPTION_KIND_FLAG, 0},
    [OPTION_LIMIT] = {"limit", "N", "list a single page of at most N items", OPTION_KIND_POSITIVE, FIELD(limit)},
    [OPTION_OFFSET] = {"offset", "N", "list a single page, starting at item N (the first one is 0)",
                       OPTION_KIND_NATURAL, FIELD(offset)},
    [OPTION_NAME] = {"name", "TEXT", "the name", OPTION_KIND_TEXT, FIELD(name)},
    [OPTION_DESCRIPTION] = {"description", "TEXT", "the description", OPTION_KIND_TEXT, FIELD(description)},
    [OPTION_METADATA] = {"metadata", "JSON", "a JSON object of your own, or @FILE", OPTION_KIND_JSON, FIELD(metadata)},
    [OPTION_OUTPUTS] = {"outputs", "JSON", "the JSON array of outputs (see below), or @FILE", OPTION_KIND_OUTPUTS,
                        FIELD(outputs)},
    [OPTION_CURRENT_VERSION] = {"current-version", "ID", "the version to use from now on", OPTION_KIND_ID,
                                FIELD(current_version_id)},
    [OPTION_CLEAR_CURRENT_VERSION] = {"clear-current-version", NULL, "remove the current version (it is not deleted)",
                                      OPTION_KIND_FLAG, 0},
    [OPTION_SPEC] = {"spec", "ID", "the specification of the version", OPTION_KIND_ID, FIELD(spec_id)},
    [OPTION_NETWORK] = {"network", "ID", "the network of the version", OPTION_KIND_ID, FIELD(network_id)},
    [OPTION_POST_PROCESSINGS] = {"post-processings", "JSON", "the JSON array of post-processings (see below), or @FILE",
                                 OPTION_KIND_JSON, FIELD(post_processings)},
    [OPTION_FRAMEWORK] = {"framework", "TEXT", "what the model was made with, such as tensorflow-1.x", OPTION_KIND_TEXT,
                          FIELD(framework)},
    [OPTION_PREPROCESSING] = {"preprocessing", "JSON", "the JSON object with the preprocessing (see below), or @FILE",
                              OPTION_KIND_JSON, FIELD(preprocessing)},
    [OPTION_WAIT] = {"wait", NULL, "wait until the network is deployed", OPTION_KIND_FLAG, 0},
    [OPTION_RECURSIVE] = {"recursive", NULL, "also take the images in subdirectories", OPTION_KIND_FLAG, 0},
    [OPTION_FILES_FROM] = {"files-from", "FILE",
                           "also take the images that FILE names, one per line; -: standard input", OPTION_KIND_FILE,
                           FIELD(files_from)},
    [OPTION_NULL] = {"null", NULL, "names in --files-from end with a NUL byte, as 'find -print0' writes them",
                     OPTION_KIND_FLAG, 0},
    [OPTION_SHARD] = {"shard", "I/N", "only the images of part I of N (1 to N), chosen by a hash of their names",
                      OPTION_KIND_SHARD, FIELD(shard)},
    [OPTION_RESUME] = {"resume", "FILE", "continue the run whose output is in FILE (see above)", OPTION_KIND_FILE,
                       FIELD(resume)},
    [OPTION_BASE64] = {"base64", NULL, "send files as base64 text in JSON", OPTION_KIND_FLAG, 0},
    [OPTION_BBOX] = {"bbox", "XMIN,YMIN,XMAX,YMAX", "recognise only this part; the whole image is 0,0,1,1",
                     OPTION_KIND_BBOX, FIELD(bbox)},
    [OPTION_POLYGON] = {"polygon", "X1,Y1,X2,Y2,...",
                        "recognise only the inside of this polygon of at least three points", OPTION_KIND_POLYGON,
                        FIELD(polygon)},
    [OPTION_CROP_UNIFORM_BACKGROUND] = {"crop-uniform-background", NULL, "first crop a background of uniform colour",
                                        OPTION_KIND_FLAG, 0},
    [OPTION_SHOW_DISCARDED] = {"show-discarded", NULL, "also show labels below their threshold", OPTION_KIND_FLAG, 0},
    [OPTION_MAX_PREDICTIONS] = {"max-predictions", "N", "show at most N predicted and N discarded labels",
                                OPTION_KIND_POSITIVE, FIELD(max_predictions)},
    [OPTION_THRESHOLD] = {"threshold", "T", "labels with a score above T are predicted, whatever their own thresholds",
                          OPTION_KIND_SCORE, FIELD(threshold)},
    [OPTION_JOBS] = {"jobs", "N", "images in flight at the same time, 1 to 10000 (default 16)", OPTION_KIND_COUNT,
                     FIELD(jobs)},
    [OPTION_MAX_CONNECTIONS] = {"max-connections", "N", "connections at the same time, 1 to 128 (default 8)",
                                OPTION_KIND_CONNECTIONS, FIELD(max_connections)},
    [OPTION_RETRIES] = {"retries", "N", "retry a request at most N times (default 4)", OPTION_KIND_RETRIES,
                        FIELD(retries)},
    [OPTION_SUBMIT_ONCE] = {"submit-once", NULL, "do not submit an image again if it may have been submitted",
                            OPTION_KIND_FLAG, 0},
    [OPTION_NO_WAIT] = {"no-wait", NULL, "print the task ids, and do not wait for the results", OPTION_KIND_FLAG, 0},
    [OPTION_TASKS_FROM] = {"tasks-from", "FILE",
                           "also the tasks in FILE, output of 'infer --no-wait'; -: standard input", OPTION_KIND_FILE,
                           FIELD(tasks_from)},
    [OPTION_UNORDERED] = {"unordered", NULL, "print each result as soon as it is ready, in any order", OPTION_KIND_FLAG,
                          0},
    [OPTION_CSV] = {"csv", NULL, "print CSV, one row for each label", OPTION_KIND_FLAG, 0},
    [OPTION_REPORT] = {"report", "FILE", "also write a page with the pictures and their boxes, for a web browser",
                       OPTION_KIND_FILE, FIELD(report)},
    [OPTION_PROGRESS] = {"progress", NULL, "show the progress on standard error even if it is not a terminal",
                         OPTION_KIND_FLAG, 0},
    [OPTION_NO_PROGRESS] = {"no-progress", NULL, "do not show the progress", OPTION_KIND_FLAG, 0},
    [OPTION_YES] = {"yes", NULL, "do not ask for confirmation", OPTION_KIND_FLAG, 0},
    [OPTION_JSON] = {"json", NULL, "print JSON with the field names of the API, one object per line", OPTION_KIND_FLAG,
                     0},
    [OPTION_TIMEOUT] = {"timeout", "SECONDS",
                        "time limit of each call or image (default 60; tasks wait: 300; networks create: none)",
                        OPTION_KIND_SECONDS, FIELD(timeout_ms)},
    [OPTION_CA_FILE] = {"ca-file", "FILE", "trust only the certificates in this PEM file", OPTION_KIND_FILE,
                        FIELD(ca_file)},
    [OPTION_VERBOSE] = {"verbose", NULL, "print each HTTP request and its result on standard error", OPTION_KIND_FLAG,
                        0},
    [OPTION_HELP] = {"help", NULL, "print this help", OPTION_KIND_FLAG, 0},
    [OPTION_VERSION] = {"version", NULL, "print the version", OPTION_KIND_FLAG, 0},
};

const struct option_description *option_description(enum option_id option)
{
    return &descriptions[option];
}

enum option_id option_named(const char *name)
{
    int option = 0;

    while (option < OPTION_COUNT && strcmp(descriptions[option].name, name) != 0)
        option++;
    return (enum option_id)option;
}

option_set options_matching(const char *name, size_t length, option_set allowed)
{
    option_set matching = 0;

    for (int i = 0; i < OPTION_COUNT; i++) {
        if ((allowed & OPTION_BIT(i)) == 0 || strncmp(descriptions[i].name, name, length) != 0)
            continue;
        if (descriptions[i].name[length] == '\0')
            return OPTION_BIT(i);
        matching |= OPTION_BIT(i);
    }
    return matching;
}

void options_explain(FILE *out, option_set set, option_set required)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_description *option = &descriptions[i];
        char usage[48];
        if ((set & OPTION_BIT(i)) == 0)
            continue;
        snprintf(usage, sizeof usage, "--%s%s%s", option->name, option->value_name != NULL ? " " : "",
                 option->value_name != NULL ? option->value_name : "");
        fprintf(out, "  %-28s %s%s\n", usage, option->help, (required & OPTION_BIT(i)) != 0 ? " (required)" : "");
    }
}
