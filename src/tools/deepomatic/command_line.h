/* The command line: the command, its operands and the texts of its options. */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "command.h"

struct command_line {
    const struct command *command; /* NULL: no command is named, or only a group of commands, such as "specs" */
    const char *group;             /* the first word; NULL if there is none */
    char **operands;               /* owned; NULL after the last one */
    option_set given;
    const char *texts[OPTION_COUNT]; /* of the options; borrowed from argv */
};

/* Sorts the arguments. No value is read yet. False: a message was written. Free the line in any case. */
bool command_line_read(char *const *argv, struct command_line *line);

void command_line_free(struct command_line *line);

#endif
