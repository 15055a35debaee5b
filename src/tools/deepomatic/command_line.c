#include "command_line.h"
#include "arguments.h"
#include "memory.h"

#include <stdlib.h>

static void note_option(struct command_line *line, const struct argument *argument)
{
    line->given |= OPTION_BIT(argument->option);
    line->texts[argument->option] = argument->value;
}

/* Options may precede the command, so its name must be found first: up to there, any option of any command is accepted.
 * Notes these options, for a command line that names no command. */
static bool find_command(char *const *argv, struct command_line *line, char *words[2])
{
    struct arguments arguments = {argv, false};
    struct argument argument;
    enum argument_kind kind = ARGUMENT_OPTION;
    size_t count = 0;

    while (line->command == NULL && count < 2 && (kind = arguments_next(&arguments, NULL, &argument)) != ARGUMENT_END) {
        if (kind == ARGUMENT_INVALID)
            return false;
        if (kind == ARGUMENT_OPTION)
            note_option(line, &argument);
        else
            words[count++] = argument.word;
        line->command = command_find(words[0], words[1]);
    }
    return true;
}

/* A first word alone is the name of a group, which --help explains. */
static bool check_words(const struct command_line *line, char *const words[2])
{
    if (line->command != NULL || words[0] == NULL || (command_is_group(words[0]) && words[1] == NULL))
        return true;
    if (command_is_group(words[0]))
        report("unknown command '%s %s'", words[0], words[1]);
    else
        report("unknown command '%s'", words[0]);
    return false;
}

static size_t count_arguments(char *const *argv)
{
    size_t count = 0;

    while (argv[count] != NULL)
        count++;
    return count;
}

/* Reads all arguments again, now with the command's own options only. */
static bool read_all(char *const *argv, struct command_line *line)
{
    struct arguments arguments = {argv, false};
    struct argument argument;
    enum argument_kind kind;
    size_t count = 0;
    const size_t name_words = command_word_count(line->command);

    line->operands = memory_array(NULL, count_arguments(argv) + 1, sizeof *line->operands);
    while ((kind = arguments_next(&arguments, line->command, &argument)) != ARGUMENT_END) {
        if (kind == ARGUMENT_INVALID)
            return false;
        if (kind == ARGUMENT_OPTION)
            note_option(line, &argument);
        else if (count++ >= name_words)
            line->operands[count - name_words - 1] = argument.word;
    }
    line->operands[count - name_words] = NULL;
    return true;
}

bool command_line_read(char *const *argv, struct command_line *line)
{
    char *words[2] = {NULL, NULL};

    *line = (struct command_line){0};
    if (!find_command(argv + 1, line, words) || !check_words(line, words))
        return false;
    line->group = words[0];
    return line->command == NULL || read_all(argv + 1, line);
}

void command_line_free(struct command_line *line)
{
    free(line->operands);
}
