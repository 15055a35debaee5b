/* The end of the help of some commands, after their options: fields and examples. */
#ifndef CLI_COMMAND_NOTES_H
#define CLI_COMMAND_NOTES_H

#include "command.h"

/* Prints them, if there are any. */
void command_notes_explain(FILE *out, const struct command *command);

#endif
