/* The commands: what each one takes, what it is for, and what runs it. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "operands.h"
#include "options.h"
#include "report.h"

/* What a command gets when it runs. */
struct cli {
    const struct options *options;
    const struct operands *operands;
    dm_client *client;
    dm_call_options call;
};

struct command {
    const char *group; /* first word, such as "specs" */
    const char *verb;  /* second word, such as "list"; NULL if there is none */
    enum operand_kind operands;
    option_set options; /* the ones it takes */
    option_set required;
    const char *help;
    enum exit_status (*run)(const struct cli *cli);
};

/* Finds the command that the words, which end with NULL, begin with, and moves *words past its name. NULL: none. */
const struct command *command_find(char *const **words);

/* Does the command take all options that were given, and was none forgotten? False: a message has been written. */
bool command_accepts(const struct command *command, const struct options *options);

/* Explains one command. */
void command_explain(FILE *out, const struct command *command);

/* Explains the program: lists the commands of the group, or all of them if there is no such group or it is NULL. */
void command_explain_all(FILE *out, const char *group);

#endif
