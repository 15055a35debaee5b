/* The options of all commands: one table, read and explained in one place. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "json_in.h"

#include <deepomatic.h>
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
    OPTION_BASE64,
    OPTION_BBOX,
    OPTION_SHOW_DISCARDED,
    OPTION_MAX_PREDICTIONS,
    OPTION_NO_WAIT,
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
typedef uint32_t option_set;
#define OPTION_BIT(option) ((option_set)1 << (option))

/* What the options on the command line say. Zero or NULL where an option is missing. */
struct options {
    option_set given;
    int64_t limit;
    int64_t offset;
    const char *name;
    const char *description;
    char *metadata; /* owned, like all JSON here */
    struct outputs outputs;
    int64_t current_version_id;
    int64_t spec_id;
    int64_t network_id;
    char *post_processings;
    dm_bbox bbox;
    int64_t max_predictions;
    int64_t timeout_ms;
    const char *ca_file;
};

/* Reads all options of the command line, wherever they stand, and moves the words, which are none, to argv's end:
 * *first_word is the index of the first one. False: a message has been written. Free the options in any case. */
bool options_read(int argc, char **argv, struct options *options, int *first_word);

void options_free(struct options *options);

bool options_has(const struct options *options, enum option_id option);

/* Is one page of a list wanted, not all of them? */
bool options_want_page(const struct options *options);

/* Is every option that was given `allowed`, and every `required` one given? False: a message has been written. */
bool options_check(const struct options *options, option_set allowed, option_set required);

/* Explains the options of a set, one a line, and says which are required. */
void options_explain(FILE *out, option_set set, option_set required);

#endif
