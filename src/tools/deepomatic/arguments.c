#include "arguments.h"

#include <stdio.h>
#include <string.h>

static void report_ambiguous(const char *text, option_set matching)
{
    char names[256] = "";
    size_t length = 0;

    for (int i = 0; i < OPTION_COUNT; i++)
        if ((matching & OPTION_BIT(i)) != 0 && length < sizeof names)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s--%s", length > 0 ? ", " : "",
                                       option_description((enum option_id)i)->name);
    report("ambiguous option '%s' (%s)", text, names);
}

static void report_unknown(const char *text, size_t name_length, const struct command *command)
{
    char name[COMMAND_NAME_SIZE];
    const char *end = text + 2 + name_length;
    const option_set other = options_matching(text + 2, name_length, OPTIONS_ALL);

    for (int i = 0; command != NULL && i < OPTION_COUNT; i++) {
        const char *option_name = option_description((enum option_id)i)->name;
        if (other == OPTION_BIT(i) && strlen(option_name) == name_length) {
            command_name(command, name);
            report("'%s' does not take --%s", name, option_name);
            return;
        }
    }
    report("unknown option '%.*s'", (int)(end - text), text);
}

/* Finds the option that is meant by "--NAME" or "--NAME=VALUE". OPTION_COUNT: a message was written. */
static enum option_id find_option(const char *text, size_t name_length, const struct command *command)
{
    const option_set allowed = command != NULL ? command_options(command) : OPTIONS_ALL;
    const option_set matching = options_matching(text + 2, name_length, allowed);

    for (int i = 0; i < OPTION_COUNT; i++)
        if (matching == OPTION_BIT(i))
            return (enum option_id)i;
    if (matching == 0)
        report_unknown(text, name_length, command);
    else
        report_ambiguous(text, matching);
    return OPTION_COUNT;
}

/* Takes the value after the '=' or from the next argument. False: a message was written. */
static bool take_value(struct arguments *arguments, const char *equals, struct argument *argument)
{
    const struct option_description *option = option_description(argument->option);
    const bool wants_value = option->kind != OPTION_KIND_FLAG;

    if (!wants_value && equals[0] == '=') {
        report("--%s does not take a value", option->name);
        return false;
    }
    if (wants_value && equals[0] != '=' && *arguments->next == NULL) {
        report("--%s needs a value: %s", option->name, option->value_name);
        return false;
    }
    argument->value = !wants_value ? NULL : equals[0] == '=' ? equals + 1 : *arguments->next++;
    return true;
}

static enum argument_kind take_option(struct arguments *arguments, const char *text, const struct command *command,
                                      struct argument *argument)
{
    const size_t name_length = strcspn(text + 2, "=");

    argument->option = find_option(text, name_length, command);
    if (argument->option == OPTION_COUNT || !take_value(arguments, text + 2 + name_length, argument))
        return ARGUMENT_INVALID;
    return ARGUMENT_OPTION;
}

static enum argument_kind take_short_option(const char *text, struct argument *argument)
{
    *argument = (struct argument){.option = OPTION_HELP};
    if (strcmp(text, "-h") == 0)
        return ARGUMENT_OPTION;
    report("unknown option '%s'", text);
    return ARGUMENT_INVALID;
}

enum argument_kind arguments_next(struct arguments *arguments, const struct command *command, struct argument *argument)
{
    char *text = *arguments->next;

    *argument = (struct argument){.word = text};
    if (text == NULL)
        return ARGUMENT_END;
    arguments->next++;
    if (arguments->only_words || text[0] != '-' || text[1] == '\0')
        return ARGUMENT_WORD;
    if (text[1] != '-')
        return take_short_option(text, argument);
    if (text[2] != '\0')
        return take_option(arguments, text, command, argument);
    arguments->only_words = true;
    return arguments_next(arguments, command, argument);
}
