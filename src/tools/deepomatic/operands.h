/* The words after a command's name: what it works on. */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include <deepomatic.h>
#include <stdio.h>

enum operand_kind {
    OPERANDS_NONE,
    OPERANDS_SPEC,     /* a specification, private or public */
    OPERANDS_OWN_SPEC, /* a private specification */
    OPERANDS_VERSION,  /* a version's id */
    OPERANDS_TASKS,    /* tasks' ids */
    OPERANDS_IMAGES    /* a specification or version, then images */
};

/* Zero or NULL is what the command's kind of operands does not have. */
struct operands {
    dm_spec_id spec;
    int64_t version_id; /* if not 0, in place of `spec` */
    dm_task_id *task_ids;
    size_t task_count;
    char *const *images; /* NULL after the last one; borrowed */
};

/* Reads the words, which end with NULL. False: a message has been written. Free the operands in any case. */
bool operands_read(enum operand_kind kind, char *const *words, struct operands *operands);

void operands_free(struct operands *operands);

/* What --help calls them, such as "SPEC"; "" for none. */
const char *operands_name(enum operand_kind kind);

/* Explains them, if there are any, in a paragraph. */
void operands_explain(FILE *out, enum operand_kind kind);

#endif
