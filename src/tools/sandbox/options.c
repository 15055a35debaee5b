#include "options.h"

#include "values.h"

#include <getopt.h>
#include <stdio.h>

static const char USAGE[] = "usage: deepomatic-sandbox [OPTION]...\n";

static const char HELP[] =
    "Serves Deepomatic's recognition API v0.7 on this machine, in memory, for tests.\n"
    "\n"
    "  --port N            listen on port N of 127.0.0.1; 0, the default, picks a free one\n"
    "  --api-key KEY       require KEY as X-API-KEY (default: sandbox)\n"
    "  --task-delay-ms N   a task is pending for N milliseconds (default: 100)\n"
    "  --page-limit N      a page has at most N results, whatever is asked for (default: 100)\n"
    "  --request-log FILE  append each request to FILE, one JSON object a line\n"
    "  --files DIR         serve the files of DIR as /files/NAME, without a key\n"
    "  --help              print this\n"
    "  --version           print the version\n"
    "\n"
    "When it listens it prints one line: listening on http://127.0.0.1:PORT. SIGTERM and SIGINT end it.\n"
    "\n"
    "Two public specifications answer from the pixels: sandbox-colors (which colours fill the picture; threshold\n"
    "0.025) and sandbox-regions (boxes of connected regions of one colour; threshold 0.5). A specification of your\n"
    "own recognises, once it has a version, with its labels that are named like a colour: black, white, gray, red,\n"
    "orange, yellow, green, blue, purple, pink, brown. Its thresholds come from its version's post_processings\n"
    "(classification.thresholds or detection.thresholds, one for each label); otherwise 0.025 and 0.8.\n";

static const struct option LONG_OPTIONS[] = {
    {"port", required_argument, NULL, 'p'},
    {"api-key", required_argument, NULL, 'k'},
    {"task-delay-ms", required_argument, NULL, 'd'},
    {"page-limit", required_argument, NULL, 'l'},
    {"request-log", required_argument, NULL, 'r'},
    {"files", required_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {0},
};

static enum options_outcome wrong(const char *message, const char *value)
{
    fprintf(stderr, "deepomatic-sandbox: %s: %s\n%s", message, value, USAGE);
    return OPTIONS_WRONG;
}

static enum options_outcome read_number(const char *text, int64_t smallest, int64_t largest, int64_t *number)
{
    if (!value_digits(text, number) || *number < smallest || *number > largest)
        return wrong("not a number that is allowed here", text);
    return OPTIONS_RUN;
}

static enum options_outcome read_text(const char *text, const char **value)
{
    *value = text;
    return *text != '\0' ? OPTIONS_RUN : wrong("an option's value is empty", text);
}

static enum options_outcome print_and_stop(const char *first, const char *second)
{
    fputs(first, stdout);
    fputs(second, stdout);
    return OPTIONS_DONE;
}

static enum options_outcome read_option(int option, struct options *options)
{
    switch (option) {
    case 'p':
        return read_number(optarg, 0, UINT16_MAX, &options->port);
    case 'k':
        return read_text(optarg, &options->api_key);
    case 'd':
        return read_number(optarg, 0, INT32_MAX, &options->task_delay);
    case 'l':
        return read_number(optarg, 1, INT32_MAX, &options->page_limit);
    case 'r':
        return read_text(optarg, &options->request_log);
    case 'f':
        return read_text(optarg, &options->files);
    case 'h':
        return print_and_stop(USAGE, HELP);
    case 'v':
        return print_and_stop("deepomatic-sandbox ", SANDBOX_VERSION "\n");
    default: /* getopt_long has said what is wrong */
        fputs(USAGE, stderr);
        return OPTIONS_WRONG;
    }
}

enum options_outcome options_read(int argc, char **argv, struct options *options)
{
    enum options_outcome outcome = OPTIONS_RUN;
    int option;

    *options = (struct options){.api_key = "sandbox", .task_delay = 100, .page_limit = 100};
    while (outcome == OPTIONS_RUN && (option = getopt_long(argc, argv, "", LONG_OPTIONS, NULL)) != -1)
        outcome = read_option(option, options);
    if (outcome == OPTIONS_RUN && optind < argc)
        return wrong("no argument is expected", argv[optind]);
    return outcome;
}
