/* The operands of a command: the words after its name. */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include "option_table.h"

#include <deepomatic.h>
#include <stdio.h>

enum operand_kind {
    OPERANDS_NONE,
    OPERANDS_SPEC,        /* a specification, private or public */
    OPERANDS_OWN_SPEC,    /* a private specification */
    OPERANDS_NETWORK,     /* a network, private or public */
    OPERANDS_OWN_NETWORK, /* a private network */
    OPERANDS_FILES,       /* the files of a model */
    OPERANDS_VERSION,     /* the id of a version */
    OPERANDS_TASKS,       /* the ids of tasks */
    OPERANDS_IMAGES       /* a specification or version, then images */
};

/* Fields that the kind of operands does not have are zero or NULL. */
struct operands {
    dm_spec_id spec;
    dm_network_id network;
    dm_network_file *files;
    char **file_names; /* for the names of the files that are given as NAME=FILE */
    size_t file_count;
    int64_t version_id; /* if not 0, it replaces `spec` */
    dm_task_id *task_ids;
    size_t task_count;
    char *const *images; /* NULL after the last one; borrowed */
};

/* Reads the words, which end with NULL. With --files-from or --tasks-from among the options `given`, there may be no
 * images or tasks among the words. False: a message was written. Free the operands in any case. */
bool operands_read(enum operand_kind kind, char *const *words, option_set given, struct operands *operands);

void operands_free(struct operands *operands);

/* Their name in --help after a space, such as " SPEC"; "" if there are none. */
const char *operands_name(enum operand_kind kind);

/* Prints the help for them, if there are any. */
void operands_explain(FILE *out, enum operand_kind kind);

#endif
