/* The commands: what each one takes, what it does, and the function that runs it. */
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
    option_set options; /* in addition to those that every command takes */
    option_set required;
    const char *help;
    enum exit_status (*run)(const struct cli *cli);
};

/* Finds the command by its words; each may be NULL. NULL: there is none. */
const struct command *command_find(const char *group, const char *verb);

bool command_is_group(const char *word);

/* How many words its name has. */
size_t command_word_count(const struct command *command);

/* Writes its name, such as "specs get". */
#define COMMAND_NAME_SIZE 32
void command_name(const struct command *command, char name[COMMAND_NAME_SIZE]);

/* All options that it takes. */
option_set command_options(const struct command *command);

/* Returns true if all required options are given. False: a message was written. */
bool command_has_required(const struct command *command, option_set given);

/* Prints the help of one command. */
void command_explain(FILE *out, const struct command *command);

/* Prints the help of the program, with the commands of a group, or with all of them for NULL. */
void command_explain_all(FILE *out, const char *group);

#endif
