/* deepomatic: the API of libdeepomatic from the shell. 'deepomatic --help' explains it. */
#include "command.h"
#include "interrupt.h"

#include <deepomatic.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>

/* Warnings always, all else if it is asked for. */
static void log_line(dm_log_level level, const char *line, void *verbose)
{
    if (level == DM_LOG_WARNING || *(const bool *)verbose)
        report("%s", line);
}

static enum exit_status connect_and_run(const struct command *command, const struct options *options,
                                        const struct operands *operands)
{
    struct cli cli = {.options = options, .operands = operands, .call = {.timeout_ms = options->timeout_ms}};
    bool verbose = options_has(options, OPTION_VERBOSE);
    const dm_client_options client_options = {.ca_file = options->ca_file, .log = log_line, .log_data = &verbose};
    enum exit_status exit_status;
    dm_error error;

    dm_status status = dm_cancel_new(&cli.call.cancel, &error);
    if (status == DM_OK)
        status = dm_client_new(&client_options, &cli.client, &error);
    exit_status = report_call(status, &error);
    if (status == DM_OK) {
        interrupt_fires(cli.call.cancel);
        exit_status = command->run(&cli);
        interrupt_release();
    }
    dm_client_free(cli.client);
    dm_cancel_free(cli.call.cancel);
    return exit_status;
}

static enum exit_status run(const struct command *command, const struct options *options, char *const *words)
{
    struct operands operands = {0};
    enum exit_status status = STATUS_USAGE;

    if (command_accepts(command, options) && operands_read(command->operands, words, &operands))
        status = connect_and_run(command, options, &operands);
    operands_free(&operands);
    return status;
}

static void report_no_command(char *const *words)
{
    if (words[0] == NULL)
        report("which command?");
    else
        report("'%s%s%s' is no command", words[0], words[1] != NULL ? " " : "", words[1] != NULL ? words[1] : "");
}

static enum exit_status dispatch(const struct options *options, char *const *words)
{
    char *const *after_name = words;
    const struct command *command = command_find(&after_name);

    if (options_has(options, OPTION_VERSION)) {
        printf("deepomatic %s\n", dm_library_version());
    } else if (options_has(options, OPTION_HELP)) {
        if (command != NULL)
            command_explain(stdout, command);
        else
            command_explain_all(stdout, words[0]);
    } else if (command == NULL) {
        report_no_command(words);
        return STATUS_USAGE;
    } else {
        return run(command, options, after_name);
    }
    return STATUS_OK;
}

/* A full disk or a reader that went away shows here at the latest. */
static enum exit_status close_output(enum exit_status status)
{
    bool failed = ferror(stdout) != 0;

    if (fclose(stdout) != 0 || failed) {
        report("cannot write to standard output");
        return STATUS_FAILED;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    int first_word = 0;
    enum exit_status status = STATUS_USAGE;

    /* For the width of characters only: numbers are read and written in the same way everywhere. */
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    if (options_read(argc, argv, &options, &first_word))
        status = dispatch(&options, argv + first_word);
    if (status == STATUS_USAGE)
        fputs("'deepomatic --help' lists the commands, 'deepomatic COMMAND --help' explains one.\n", stderr);
    options_free(&options);
    status = close_output(status);
    interrupt_end_program();
    return (int)status;
}
