/* The values of the options on the command line. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "json_in.h"
#include "option_table.h"
#include "shard.h"
#include "values.h"

#include <deepomatic.h>

/* Zero or NULL where an option is missing. */
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
    const char *framework;
    char *preprocessing;
    const char *files_from;
    struct shard shard;
    const char *resume;
    dm_bbox bbox;
    struct polygon polygon; /* owned */
    int64_t max_predictions;
    double threshold;
    int64_t jobs;
    int64_t max_connections;
    int64_t retries;
    const char *tasks_from;
    const char *report;
    int64_t timeout_ms;
    const char *ca_file;
};

/* Reads the texts of the given options; the texts are borrowed. This is where files are read. False: a message was
 * written. Free the options in any case. */
bool options_read(option_set given, const char *const texts[OPTION_COUNT], struct options *options);

void options_free(struct options *options);

bool options_has(const struct options *options, enum option_id option);

/* Returns true if the user wants a single page of a list. */
bool options_want_page(const struct options *options);

#endif
