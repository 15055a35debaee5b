/* The arguments of the program, one after the other: words and options. */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "command.h"

/* A position in argv. Begin with `= {argv + 1}`. */
struct arguments {
    char *const *next;
    bool only_words; /* after -- */
};

enum argument_kind {
    ARGUMENT_END,
    ARGUMENT_WORD,
    ARGUMENT_OPTION,
    ARGUMENT_INVALID /* a message was written */
};

struct argument {
    char *word;
    enum option_id option;
    const char *value; /* of the option; NULL for a flag */
};

/* Reads the next argument, and with an option its value. The options are those of `command`; or all, for NULL. */
enum argument_kind arguments_next(struct arguments *arguments, const struct command *command,
                                  struct argument *argument);

#endif
