#include "command.h"
#include "commands.h"

#include <string.h>

#define BIT(name) OPTION_BIT(OPTION_##name)

/* Every command takes these. */
static const option_set common_options = BIT(JSON) | BIT(TIMEOUT) | BIT(CA_FILE) | BIT(VERBOSE) | BIT(HELP);

#define PAGE        (BIT(LIMIT) | BIT(OFFSET))
#define INFER       (BIT(BASE64) | BIT(BBOX) | BIT(SHOW_DISCARDED) | BIT(MAX_PREDICTIONS) | BIT(NO_WAIT))
#define NEW_SPEC    (BIT(NAME) | BIT(OUTPUTS))
#define NEW_VERSION (BIT(SPEC) | BIT(NETWORK) | BIT(POST_PROCESSINGS))
#define ABOUT       (BIT(DESCRIPTION) | BIT(METADATA))
#define CHANGES     (BIT(NAME) | ABOUT | BIT(CURRENT_VERSION) | BIT(CLEAR_CURRENT_VERSION))

static const struct command commands[] = {
    {"account", NULL, OPERANDS_NONE, 0, 0, "Show the account that the API key belongs to", account_show},
    {"infer", NULL, OPERANDS_IMAGES, INFER, 0, "Recognise images, each one by itself", infer_images},
    {"specs", "list", OPERANDS_NONE, PAGE | BIT(PUBLIC), 0, "List specifications", specs_list},
    {"specs", "get", OPERANDS_SPEC, 0, 0, "Show a specification", specs_get},
    {"specs", "create", OPERANDS_NONE, NEW_SPEC | ABOUT, NEW_SPEC, "Create a specification", specs_create},
    {"specs", "update", OPERANDS_OWN_SPEC, CHANGES, 0, "Change a specification", specs_update},
    {"specs", "delete", OPERANDS_OWN_SPEC, BIT(YES), 0, "Delete a specification with its versions", specs_delete},
    {"specs", "versions", OPERANDS_OWN_SPEC, PAGE, 0, "List a specification's versions", specs_versions},
    {"versions", "list", OPERANDS_NONE, PAGE, 0, "List all your versions", versions_list},
    {"versions", "get", OPERANDS_VERSION, 0, 0, "Show a version", versions_get},
    {"versions", "create", OPERANDS_NONE, NEW_VERSION, NEW_VERSION, "Give a specification a version", versions_create},
    {"versions", "delete", OPERANDS_VERSION, BIT(YES), 0, "Delete a version", versions_delete},
    {"tasks", "get", OPERANDS_TASKS, 0, 0, "Show how tasks are doing", tasks_get},
    {"tasks", "wait", OPERANDS_TASKS, 0, 0, "Wait until tasks are done, and show them", tasks_wait},
};

static const size_t command_count = sizeof commands / sizeof commands[0];

static bool is_named(const struct command *command, char *const *words)
{
    if (words[0] == NULL || strcmp(command->group, words[0]) != 0)
        return false;
    return command->verb == NULL || (words[1] != NULL && strcmp(command->verb, words[1]) == 0);
}

const struct command *command_find(char *const **words)
{
    for (size_t i = 0; i < command_count; i++) {
        if (is_named(&commands[i], *words)) {
            *words += commands[i].verb != NULL ? 2 : 1;
            return &commands[i];
        }
    }
    return NULL;
}

bool command_accepts(const struct command *command, const struct options *options)
{
    return options_check(options, command->options | common_options, command->required);
}

/* "specs get SPEC" */
static void name_command(const struct command *command, char *name, size_t size)
{
    snprintf(name, size, "%s%s%s%s", command->group, command->verb != NULL ? " " : "",
             command->verb != NULL ? command->verb : "", operands_name(command->operands));
}

void command_explain(FILE *out, const struct command *command)
{
    char name[64];

    name_command(command, name, sizeof name);
    fprintf(out, "Usage: deepomatic %s [OPTION...]\n\n%s.\n\n", name, command->help);
    operands_explain(out, command->operands);
    fputs("Options:\n", out);
    options_explain(out, command->options | common_options, command->required);
}

static bool is_group(const char *word)
{
    for (size_t i = 0; word != NULL && i < command_count; i++)
        if (strcmp(commands[i].group, word) == 0)
            return true;
    return false;
}

void command_explain_all(FILE *out, const char *group)
{
    char name[64];

    fputs("Usage: deepomatic [--json] COMMAND [OPTION...]\n"
          "Recognises images with Deepomatic's API.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < command_count; i++) {
        if (is_group(group) && strcmp(commands[i].group, group) != 0)
            continue;
        name_command(&commands[i], name, sizeof name);
        fprintf(out, "  %-34s %s\n", name, commands[i].help);
    }
    fputs("\n'deepomatic COMMAND --help' explains a command; 'deepomatic --version' prints the version.\n"
          "Options may stand anywhere; what follows -- is no option. Environment: DEEPOMATIC_API_KEY is the key,\n"
          "DEEPOMATIC_API_URL another server. Exit status: 0 all is well, 1 something failed, 2 wrong usage;\n"
          "a program that Ctrl-C or SIGTERM has ended is ended by that signal.\n",
          out);
}
