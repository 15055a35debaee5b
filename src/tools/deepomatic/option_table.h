/* The options of all commands, in one table. */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_id {
    OPTION_PUBLIC,
    OPTION_LIMIT,
    OPTION_OFFSET,
    OPTION_NAME,
    OPTION_DESCRIPTION,
    OPTION_METADATA,
    OPTION_OUTPUTS,
    OPTION_CURRENT_VERSION,
    OPTION_CLEAR_CURRENT_VERSION,
    OPTION_SPEC,
    OPTION_NETWORK,
    OPTION_POST_PROCESSINGS,
    OPTION_FRAMEWORK,
    OPTION_PREPROCESSING,
    OPTION_WAIT,
    OPTION_RECURSIVE,
    OPTION_FILES_FROM,
    OPTION_NULL,
    OPTION_SHARD,
    OPTION_RESUME,
    OPTION_BASE64,
    OPTION_BBOX,
    OPTION_POLYGON,
    OPTION_CROP_UNIFORM_BACKGROUND,
    OPTION_SHOW_DISCARDED,
    OPTION_MAX_PREDICTIONS,
    OPTION_THRESHOLD,
    OPTION_JOBS,
    OPTION_MAX_CONNECTIONS,
    OPTION_RETRIES,
    OPTION_SUBMIT_ONCE,
    OPTION_NO_WAIT,
    OPTION_TASKS_FROM,
    OPTION_UNORDERED,
    OPTION_CSV,
    OPTION_REPORT,
    OPTION_PROGRESS,
    OPTION_NO_PROGRESS,
    OPTION_YES,
    OPTION_JSON,
    OPTION_TIMEOUT,
    OPTION_CA_FILE,
    OPTION_VERBOSE,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_COUNT
};

/* A set of options: the sum of their bits. */
typedef uint64_t option_set;
#define OPTION_BIT(option) ((option_set)1 << (option))
#define OPTIONS_ALL        (OPTION_BIT(OPTION_COUNT) - 1)

/* The kind of an option's value, and so the type of its field in struct options. */
enum option_kind {
    OPTION_KIND_FLAG,        /* no value and no field */
    OPTION_KIND_TEXT,        /* const char * */
    OPTION_KIND_FILE,        /* const char *: the name of a file, not "" */
    OPTION_KIND_JSON,        /* char *: JSON text, or the content of a file for "@FILE" */
    OPTION_KIND_OUTPUTS,     /* struct outputs: JSON as above, parsed */
    OPTION_KIND_NATURAL,     /* int64_t, 0 or more */
    OPTION_KIND_POSITIVE,    /* int64_t, 1 or more */
    OPTION_KIND_COUNT,       /* int64_t, 1 to 10000 */
    OPTION_KIND_CONNECTIONS, /* int64_t, 1 to 128 */
    OPTION_KIND_RETRIES,     /* int64_t, 0 to 1000 */
    OPTION_KIND_ID,          /* int64_t, the id of a resource */
    OPTION_KIND_SECONDS,     /* int64_t, milliseconds */
    OPTION_KIND_BBOX,        /* dm_bbox */
    OPTION_KIND_POLYGON,     /* struct polygon */
    OPTION_KIND_SCORE,       /* double, 0 to 1 */
    OPTION_KIND_SHARD        /* struct shard */
};

struct option_description {
    const char *name;       /* without the dashes */
    const char *value_name; /* for --help; NULL for a flag */
    const char *help;
    enum option_kind kind;
    size_t field; /* offset in struct options */
};

const struct option_description *option_description(enum option_id option);

/* The option with exactly this name; OPTION_COUNT if there is none. */
enum option_id option_named(const char *name);

/* The options of `allowed` that a name of `length` characters can mean: the one with exactly this name, or else all
 * whose names begin with it. */
option_set options_matching(const char *name, size_t length, option_set allowed);

/* Prints the options of a set, one per line, and marks the required ones. */
void options_explain(FILE *out, option_set set, option_set required);

#endif
