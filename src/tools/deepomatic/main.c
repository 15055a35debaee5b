/* deepomatic: the API of libdeepomatic from the shell. 'deepomatic --help' explains it. */
#include "command_line.h"
#include "interrupt.h"
#include "streams.h"

#include <deepomatic.h>
#include <locale.h>
#include <stdlib.h>

/* The queue of 'infer' calls these in a thread of its own. */
static void log_warning(dm_log_level level, const char *line, void *data)
{
    (void)data;
    if (level == DM_LOG_WARNING)
        report_log(line);
}

/* --verbose */
static void log_everything(dm_log_level level, const char *line, void *data)
{
    (void)level;
    (void)data;
    report_log(line);
}

static bool has_api_key(void)
{
    const char *key = getenv("DEEPOMATIC_API_KEY");

    if (key != NULL && key[0] != '\0')
        return true;
    report("missing API key: set the environment variable DEEPOMATIC_API_KEY");
    return false;
}

/* Makes the token and the client. */
static dm_status open_client(struct cli *cli, dm_error *error)
{
    const struct options *options = cli->options;
    const dm_client_options client_options = {
        .ca_file = options->ca_file,
        .max_attempts = options_has(options, OPTION_RETRIES) ? (int)options->retries + 1 : 0,
        .submit_once = options_has(options, OPTION_SUBMIT_ONCE),
        .log = options_has(options, OPTION_VERBOSE) ? log_everything : log_warning,
    };

    const dm_status status = dm_cancel_new(&cli->call.cancel, error);
    return status == DM_OK ? dm_client_new(&client_options, &cli->client, error) : status;
}

static enum exit_status connect_and_run(const struct command *command, const struct options *options,
                                        const struct operands *operands)
{
    struct cli cli = {.options = options, .operands = operands, .call = {.timeout_ms = options->timeout_ms}};
    dm_error error;

    if (!has_api_key())
        return STATUS_FAILED;
    const dm_status status = open_client(&cli, &error);
    enum exit_status exit_status = report_call(status, &error);
    if (status == DM_OK) {
        interrupt_catch(cli.call.cancel);
        exit_status = command->run(&cli);
        interrupt_release();
    }
    dm_client_free(cli.client);
    dm_cancel_free(cli.call.cancel);
    return exit_status;
}

/* Reads the values last: a file is read only if the rest of the command line is valid. */
static enum exit_status run(const struct command_line *line)
{
    struct operands operands = {0};
    struct options options = {0};
    enum exit_status status = STATUS_USAGE;

    if (command_has_required(line->command, line->given) &&
        operands_read(line->command->operands, line->operands, line->given, &operands) &&
        options_read(line->given, line->texts, &options))
        status = connect_and_run(line->command, &options, &operands);
    options_free(&options);
    operands_free(&operands);
    return status;
}

static enum exit_status explain(const struct command_line *line)
{
    if (line->command != NULL)
        command_explain(stdout, line->command);
    else
        command_explain_all(stdout, line->group);
    return STATUS_OK;
}

static enum exit_status print_version(void)
{
    printf("deepomatic %s\n", dm_library_version());
    return STATUS_OK;
}

static enum exit_status report_missing_command(const char *group)
{
    if (group == NULL)
        report("missing command");
    else
        report("missing command after '%s'", group);
    return STATUS_USAGE;
}

static enum exit_status dispatch(const struct command_line *line)
{
    if ((line->given & OPTION_BIT(OPTION_VERSION)) != 0)
        return print_version();
    if ((line->given & OPTION_BIT(OPTION_HELP)) != 0)
        return explain(line);
    return line->command != NULL ? run(line) : report_missing_command(line->group);
}

int main(int argc, char **argv)
{
    struct command_line line = {0};
    enum exit_status status = STATUS_USAGE;

    (void)argc;
    if (!streams_open())
        return STATUS_FAILED;
    /* Only for the width of characters: numbers are read and written in the same way everywhere. */
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "UTF-8"); /* its name on macOS */
    if (command_line_read(argv, &line))
        status = dispatch(&line);
    if (status == STATUS_USAGE)
        report_help_hint();
    command_line_free(&line);
    status = output_close(status);
    interrupt_end_program();
    return (int)status;
}
