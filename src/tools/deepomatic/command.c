#include "command.h"
#include "command_notes.h"
#include "commands.h"

#include <string.h>

#define BIT(name) OPTION_BIT(OPTION_##name)

/* Every command takes these. */
static const option_set common_options = BIT(JSON) | BIT(TIMEOUT) | BIT(CA_FILE) | BIT(VERBOSE) | BIT(HELP);

#define PAGE        (BIT(LIMIT) | BIT(OFFSET))
#define IMAGE_LIST  (BIT(RECURSIVE) | BIT(FILES_FROM) | OPTION_BIT(OPTION_NULL) | BIT(SHARD) | BIT(RESUME))
#define IMAGE       (BIT(BASE64) | BIT(BBOX) | BIT(POLYGON) | BIT(CROP_UNIFORM_BACKGROUND))
#define PREDICTIONS (BIT(SHOW_DISCARDED) | BIT(MAX_PREDICTIONS) | BIT(THRESHOLD))
#define REQUESTS    (BIT(JOBS) | BIT(MAX_CONNECTIONS) | BIT(RETRIES) | BIT(SUBMIT_ONCE) | BIT(NO_WAIT))
#define OUTPUT      (BIT(UNORDERED) | BIT(CSV) | BIT(REPORT) | BIT(PROGRESS) | BIT(NO_PROGRESS))
#define INFER       (IMAGE_LIST | IMAGE | PREDICTIONS | REQUESTS | OUTPUT)
#define NEW_SPEC    (BIT(NAME) | BIT(OUTPUTS))
#define NEW_NETWORK (BIT(NAME) | BIT(FRAMEWORK) | BIT(PREPROCESSING))
#define UPLOAD      (BIT(WAIT) | BIT(PROGRESS) | BIT(NO_PROGRESS))
#define NEW_VERSION (BIT(SPEC) | BIT(NETWORK) | BIT(POST_PROCESSINGS))
#define DETAILS     (BIT(DESCRIPTION) | BIT(METADATA))
#define CHANGES     (BIT(NAME) | DETAILS | BIT(CURRENT_VERSION) | BIT(CLEAR_CURRENT_VERSION))

static const struct command commands[] = {
    {"account", NULL, OPERANDS_NONE, 0, 0, "Show the account of the API key", account_show},
    {"infer", NULL, OPERANDS_IMAGES, INFER, 0, "Recognise images, one inference for each image", infer_images},
    {"specs", "list", OPERANDS_NONE, PAGE | BIT(PUBLIC), 0, "List specifications", specs_list},
    {"specs", "get", OPERANDS_SPEC, 0, 0, "Show a specification", specs_get},
    {"specs", "create", OPERANDS_NONE, NEW_SPEC | DETAILS, NEW_SPEC, "Create a specification", specs_create},
    {"specs", "update", OPERANDS_OWN_SPEC, CHANGES, 0, "Update a specification", specs_update},
    {"specs", "delete", OPERANDS_OWN_SPEC, BIT(YES), 0, "Delete a specification and its versions", specs_delete},
    {"specs", "versions", OPERANDS_OWN_SPEC, PAGE, 0, "List the versions of a specification", specs_versions},
    {"networks", "list", OPERANDS_NONE, PAGE | BIT(PUBLIC), 0, "List networks", networks_list},
    {"networks", "get", OPERANDS_NETWORK, 0, 0, "Show a network", networks_get},
    {"networks", "create", OPERANDS_FILES, NEW_NETWORK | DETAILS | UPLOAD, NEW_NETWORK,
     "Create a network from the files of a trained model", networks_create},
    {"networks", "update", OPERANDS_OWN_NETWORK, BIT(NAME) | DETAILS, 0, "Update a network", networks_update},
    {"networks", "delete", OPERANDS_OWN_NETWORK, BIT(YES), 0, "Delete a network and its versions", networks_delete},
    {"versions", "list", OPERANDS_NONE, PAGE, 0, "List the versions of all your specifications", versions_list},
    {"versions", "get", OPERANDS_VERSION, 0, 0, "Show a version", versions_get},
    {"versions", "create", OPERANDS_NONE, NEW_VERSION, NEW_VERSION, "Create a version of a specification",
     versions_create},
    {"versions", "delete", OPERANDS_VERSION, BIT(YES), 0, "Delete a version", versions_delete},
    {"tasks", "get", OPERANDS_TASKS, 0, 0, "Show the state of tasks", tasks_get},
    {"tasks", "wait", OPERANDS_TASKS, BIT(TASKS_FROM), 0, "Wait until tasks are done and show them", tasks_wait},
};

static const size_t command_count = sizeof commands / sizeof commands[0];

const struct command *command_find(const char *group, const char *verb)
{
    for (size_t i = 0; group != NULL && i < command_count; i++) {
        const struct command *command = &commands[i];
        if (strcmp(command->group, group) != 0)
            continue;
        if (command->verb == NULL || (verb != NULL && strcmp(command->verb, verb) == 0))
            return command;
    }
    return NULL;
}

bool command_is_group(const char *word)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].group, word) == 0)
            return true;
    return false;
}

size_t command_word_count(const struct command *command)
{
    return command->verb != NULL ? 2 : 1;
}

void command_name(const struct command *command, char name[COMMAND_NAME_SIZE])
{
    snprintf(name, COMMAND_NAME_SIZE, "%s%s%s", command->group, command->verb != NULL ? " " : "",
             command->verb != NULL ? command->verb : "");
}

option_set command_options(const struct command *command)
{
    return command->options | common_options;
}

bool command_has_required(const struct command *command, option_set given)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        if ((command->required & ~given & OPTION_BIT(i)) != 0) {
            report("missing option: --%s", option_description((enum option_id)i)->name);
            return false;
        }
    }
    return true;
}

void command_explain(FILE *out, const struct command *command)
{
    char name[COMMAND_NAME_SIZE];

    command_name(command, name);
    fprintf(out, "Usage: deepomatic %s%s [OPTION...]\n\n%s.\n\n", name, operands_name(command->operands),
            command->help);
    operands_explain(out, command->operands);
    fputs("Options:\n", out);
    options_explain(out, command_options(command), command->required);
    command_notes_explain(out, command);
}

/* "  specs get SPEC          Show a specification" */
static void list_command(FILE *out, const struct command *command)
{
    char name[COMMAND_NAME_SIZE];
    char usage[64];

    command_name(command, name);
    snprintf(usage, sizeof usage, "%s%s", name, operands_name(command->operands));
    fprintf(out, "  %-34s %s\n", usage, command->help);
}

void command_explain_all(FILE *out, const char *group)
{
    fputs("Usage: deepomatic COMMAND [ARGUMENT...] [OPTION...]\n"
          "Recognises images with the Deepomatic API.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < command_count; i++)
        if (group == NULL || strcmp(commands[i].group, group) == 0)
            list_command(out, &commands[i]);
    fputs("\n'deepomatic COMMAND --help' explains a command. 'deepomatic --version' prints the version.\n"
          "\nOptions may appear anywhere and may be abbreviated; everything after -- is an operand.\n"
          "\nEnvironment:\n"
          "  DEEPOMATIC_API_KEY           the API key (required)\n"
          "  DEEPOMATIC_API_URL           the address of the API (default https://api.deepomatic.com)\n"
          "  DEEPOMATIC_APP_ID            the application id (deprecated by the service)\n"
          "  DEEPOMATIC_API_VERIFY_TLS    1 or unset: verify TLS certificates; any other value: do not\n"
          "\nExit status: 0 if everything succeeded, 1 if something failed, 2 if the command line is invalid.\n"
          "Ctrl-C, SIGTERM and SIGHUP cancel the running call and end the program with that signal. With infer, the\n"
          "first Ctrl-C waits for the images in flight.\n",
          out);
}
