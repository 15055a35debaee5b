#include "options.h"

#include "fault_syntax.h"
#include "values.h"

#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char USAGE[] = "usage: deepomatic-sandbox [OPTION]...\n";

static const char HELP[] =
    "Serves Deepomatic's recognition API v0.7 from memory, for tests.\n"
    "\n"
    "  --host HOST         listen on this address or name (default: 127.0.0.1)\n"
    "  --port N            listen on this port (default: 0, any free port)\n"
    "  --api-key KEY       require this key in the header X-API-KEY (default: sandbox)\n"
    "  --task-delay-ms N   keep tasks pending for N milliseconds (default: 100)\n"
    "  --delay-scatter P   tasks take up to P percent more or less than that, evenly spread (default: 0)\n"
    "  --page-limit N      return at most N results per page (default: 100)\n"
    "  --networks N        start with N deployed private networks; their ids are 1 to N (default: 0)\n"
    "  --request-log FILE  append each request to FILE, as one line of JSON\n"
    "  --files DIR         serve the files of DIR as /files/NAME; this needs no key\n"
    "  --rate-limit N      allow N requests per second, and answer others with 429 and Retry-After: 1 (default: no "
    "limit)\n"
    "  --rate-limit-kind K N requests in any second (sliding, the default), in each second of the clock (fixed), or\n"
    "                      from a bucket of N requests that is refilled within a second (bucket)\n"
    "  --fault FAULT       make some requests fail (see below); can be given several times\n"
    "  --help              print this help\n"
    "  --version           print the version\n"
    "\n"
    "When it is ready it prints one line: listening on http://HOST:PORT. SIGTERM and SIGINT stop it.\n"
    "\n"
    "Public specifications. They compute their predictions from the pixels of PNG and JPEG images:\n"
    "  sandbox-colors      which colours fill the picture; the score is the share of the pixels; threshold 0.025\n"
    "  sandbox-regions     boxes around connected regions of one colour; threshold 0.5\n"
    "  sandbox-pair        takes exactly two inputs: which colours fill more of the second picture than of the first;\n"
    "                      the score is the difference of the shares; threshold 0.025\n"
    "The labels are black, white, gray, red, orange, yellow, green, blue, purple, pink and brown.\n"
    "\n"
    "Networks. POST /v0.7/networks takes files of any size. The model in them is not used; only their names and sizes\n"
    "are checked. The network is deployed after the delay of a task. A TensorFlow model needs saved_model.pb or\n"
    "saved_model.pbtxt, a Caffe model deploy.prototxt and snapshot.caffemodel: otherwise its task fails.\n"
    "sandbox-tensorflow and sandbox-caffe are public.\n"
    "\n"
    "Your own specifications work once they have a version whose network is deployed. They predict the labels that\n"
    "have the name of a colour.\n"
    "The thresholds are those of the version's post_processings (classification.thresholds, detection.thresholds: one\n"
    "for each label); without any, they are 0.025 for classification and 0.8 for detection.\n"
    "All specifications but sandbox-pair take exactly one input. Any other number of inputs is answered with 400.\n"
    "\n"
    "Faults. FAULT is 'METHOD PATH WORD...'. METHOD may be *, and * in PATH stands for any characters. The words:\n"
    "  status=N            answer with this status (200 to 599); the request is not carried out\n"
    "  retry-after=SECONDS with status: add this header\n"
    "  delay=MS            wait before the reply\n"
    "  cut=BYTES           close the connection after the headers and BYTES of the reply's body\n"
    "  stall               send no reply and keep the connection open; the request is not carried out\n"
    "  close               send no reply and close the connection; the request is not carried out\n"
    "  reset               send no reply and reset the connection; the request is not carried out\n"
    "  early               with status, stall, close or reset: do not read the request's body first\n"
    "  skip=N              let the first N matching requests pass\n"
    "  count=N             stop after N faults (default: never)\n"
    "If several faults match a request, the first one that is not used up applies. The request log gives unanswered\n"
    "requests the status 0. Examples:\n"
    "  --fault 'POST /v0.7/recognition/public/*/inference status=503 retry-after=1 count=3'\n"
    "  --fault 'GET /v0.7/tasks/* skip=1 count=2 reset'\n"
    "  --fault 'POST /v0.7/recognition/specs cut=10'     the specification is created, the reply is cut short\n"
    "  --fault '* * delay=250'\n";

static const struct option LONG_OPTIONS[] = {
    {"host", required_argument, NULL, 'H'},
    {"port", required_argument, NULL, 'p'},
    {"api-key", required_argument, NULL, 'k'},
    {"task-delay-ms", required_argument, NULL, 'd'},
    {"delay-scatter", required_argument, NULL, 's'},
    {"page-limit", required_argument, NULL, 'l'},
    {"rate-limit", required_argument, NULL, 'q'},
    {"rate-limit-kind", required_argument, NULL, 'K'},
    {"request-log", required_argument, NULL, 'r'},
    {"networks", required_argument, NULL, 'n'},
    {"files", required_argument, NULL, 'f'},
    {"fault", required_argument, NULL, 'F'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {0},
};

/* Options with a number, and their fields in struct options. */
static const struct number_option {
    int letter;
    const char *name;
    int64_t smallest;
    int64_t largest;
    size_t field;
} NUMBERS[] = {
    {'p', "--port", 0, UINT16_MAX, offsetof(struct options, port)},
    {'d', "--task-delay-ms", 0, INT32_MAX, offsetof(struct options, task_delay)},
    {'s', "--delay-scatter", 0, 100, offsetof(struct options, delay_scatter)},
    {'l', "--page-limit", 1, INT32_MAX, offsetof(struct options, page_limit)},
    {'q', "--rate-limit", 1, 1000000, offsetof(struct options, rate_limit)},
    {'n', "--networks", 0, 1000, offsetof(struct options, networks)},
};

/* Options with a text. */
static const struct text_option {
    int letter;
    const char *name;
    size_t field;
} TEXTS[] = {
    {'H', "--host", offsetof(struct options, host)},
    {'k', "--api-key", offsetof(struct options, api_key)},
    {'r', "--request-log", offsetof(struct options, request_log)},
    {'f', "--files", offsetof(struct options, files)},
};

enum { NUMBER_COUNT = sizeof NUMBERS / sizeof NUMBERS[0], TEXT_COUNT = sizeof TEXTS / sizeof TEXTS[0] };

static enum options_outcome read_number(const struct number_option *option, struct options *options)
{
    int64_t *number = (int64_t *)((char *)options + option->field);

    if (value_digits(optarg, number) && *number >= option->smallest && *number <= option->largest)
        return OPTIONS_RUN;
    fprintf(stderr, "deepomatic-sandbox: %s %s: expected a number from %" PRId64 " to %" PRId64 "\n%s", option->name,
            optarg, option->smallest, option->largest, USAGE);
    return OPTIONS_WRONG;
}

static enum options_outcome read_text(const struct text_option *option, struct options *options)
{
    *(const char **)((char *)options + option->field) = optarg;
    if (*optarg != '\0')
        return OPTIONS_RUN;
    fprintf(stderr, "deepomatic-sandbox: %s: the value is empty\n%s", option->name, USAGE);
    return OPTIONS_WRONG;
}

static enum options_outcome read_fault(struct faults *faults)
{
    struct fault fault;
    char *error = fault_read(optarg, &fault);

    faults_add(faults, fault);
    if (error == NULL)
        return OPTIONS_RUN;
    fprintf(stderr, "deepomatic-sandbox: --fault '%s': %s\n%s", optarg, error, USAGE);
    free(error);
    return OPTIONS_WRONG;
}

static enum options_outcome read_rate_limit_kind(enum rate_limit_kind *kind)
{
    static const char *const names[] = {
        [RATE_LIMIT_SLIDING] = "sliding", [RATE_LIMIT_FIXED] = "fixed", [RATE_LIMIT_BUCKET] = "bucket"};

    for (int i = 0; i <= RATE_LIMIT_BUCKET; i++) {
        if (strcmp(optarg, names[i]) == 0) {
            *kind = (enum rate_limit_kind)i;
            return OPTIONS_RUN;
        }
    }
    fprintf(stderr, "deepomatic-sandbox: --rate-limit-kind %s: expected sliding, fixed or bucket\n%s", optarg, USAGE);
    return OPTIONS_WRONG;
}

static enum options_outcome print_and_stop(const char *first, const char *second)
{
    fputs(first, stdout);
    fputs(second, stdout);
    return OPTIONS_DONE;
}

static enum options_outcome read_option(int letter, struct options *options)
{
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        if (NUMBERS[i].letter == letter)
            return read_number(&NUMBERS[i], options);
    for (size_t i = 0; i < TEXT_COUNT; i++)
        if (TEXTS[i].letter == letter)
            return read_text(&TEXTS[i], options);
    switch (letter) {
    case 'F':
        return read_fault(&options->faults);
    case 'K':
        return read_rate_limit_kind(&options->rate_limit_kind);
    case 'h':
        return print_and_stop(USAGE, HELP);
    case 'v':
        return print_and_stop("deepomatic-sandbox ", SANDBOX_VERSION "\n");
    default: /* getopt_long has printed a message */
        fputs(USAGE, stderr);
        return OPTIONS_WRONG;
    }
}

enum options_outcome options_read(int argc, char **argv, struct options *options)
{
    enum options_outcome outcome = OPTIONS_RUN;
    int letter;

    *options = (struct options){.host = "127.0.0.1", .api_key = "sandbox", .task_delay = 100, .page_limit = 100};
    while (outcome == OPTIONS_RUN && (letter = getopt_long(argc, argv, "", LONG_OPTIONS, NULL)) != -1)
        outcome = read_option(letter, options);
    if (outcome == OPTIONS_RUN && optind < argc) {
        fprintf(stderr, "deepomatic-sandbox: unexpected argument '%s'\n%s", argv[optind], USAGE);
        return OPTIONS_WRONG;
    }
    return outcome;
}

void options_clear(struct options *options)
{
    faults_clear(&options->faults);
}
