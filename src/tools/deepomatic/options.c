#include "options.h"
#include "file.h"
#include "memory.h"
#include "report.h"
#include "values.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What an option's value is, and so the type of its field in struct options. */
enum kind {
    FLAG,     /* no value and no field */
    TEXT,     /* const char * */
    JSON,     /* char *: JSON text, or a file's content for "@FILE" */
    OUTPUTS,  /* struct outputs: from JSON, likewise */
    NATURAL,  /* int64_t, 0 or more */
    POSITIVE, /* int64_t, 1 or more */
    SECONDS,  /* int64_t, milliseconds */
    BBOX      /* dm_bbox */
};

struct description {
    const char *name;
    const char *value; /* what --help calls it */
    const char *help;
    enum kind kind;
    size_t field;
};

#define FIELD(name) offsetof(struct options, name)

static const struct description descriptions[OPTION_COUNT] = {
    [OPTION_PUBLIC] = {"public", NULL, "the public specifications, not your own", FLAG, 0},
    [OPTION_LIMIT] = {"limit", "N", "one page only, with at most N items", POSITIVE, FIELD(limit)},
    [OPTION_OFFSET] = {"offset", "N", "one page only, from the item N on (the first one is 0)", NATURAL, FIELD(offset)},
    [OPTION_NAME] = {"name", "TEXT", "a short name", TEXT, FIELD(name)},
    [OPTION_DESCRIPTION] = {"description", "TEXT", "a longer description", TEXT, FIELD(description)},
    [OPTION_METADATA] = {"metadata", "JSON", "an object with whatever you like, or @FILE", JSON, FIELD(metadata)},
    [OPTION_OUTPUTS] = {"outputs", "JSON", "the API's array of outputs, or @FILE", OUTPUTS, FIELD(outputs)},
    [OPTION_CURRENT_VERSION] = {"current-version", "ID", "recognise with this version from now on", POSITIVE,
                                FIELD(current_version_id)},
    [OPTION_CLEAR_CURRENT_VERSION] = {"clear-current-version", NULL, "leave it without a current version", FLAG, 0},
    [OPTION_SPEC] = {"spec", "ID", "the specification that gets the version", POSITIVE, FIELD(spec_id)},
    [OPTION_NETWORK] = {"network", "ID", "the network that it binds to the specification", POSITIVE, FIELD(network_id)},
    [OPTION_POST_PROCESSINGS] = {"post-processings", "JSON", "the API's array for the outputs, or @FILE", JSON,
                                 FIELD(post_processings)},
    [OPTION_BASE64] = {"base64", NULL, "send files as base64 text in JSON", FLAG, 0},
    [OPTION_BBOX] = {"bbox", "XMIN,YMIN,XMAX,YMAX", "look only at this part; all is 0,0,1,1", BBOX, FIELD(bbox)},
    [OPTION_SHOW_DISCARDED] = {"show-discarded", NULL, "also the labels that do not pass their threshold", FLAG, 0},
    [OPTION_MAX_PREDICTIONS] = {"max-predictions", "N", "at most N predicted and N discarded labels", POSITIVE,
                                FIELD(max_predictions)},
    [OPTION_NO_WAIT] = {"no-wait", NULL, "print the tasks' ids and do not wait for them", FLAG, 0},
    [OPTION_YES] = {"yes", NULL, "do not ask", FLAG, 0},
    [OPTION_JSON] = {"json", NULL, "JSON with the API's field names, one object a line", FLAG, 0},
    [OPTION_TIMEOUT] = {"timeout", "SECONDS", "the longest that one call may take (60; tasks wait: 300)", SECONDS,
                        FIELD(timeout_ms)},
    [OPTION_CA_FILE] = {"ca-file", "FILE", "trust the certificates in this PEM file, and no others", TEXT,
                        FIELD(ca_file)},
    [OPTION_VERBOSE] = {"verbose", NULL, "say on standard error what is sent, and what comes of it", FLAG, 0},
    [OPTION_HELP] = {"help", NULL, "explain the command", FLAG, 0},
    [OPTION_VERSION] = {"version", NULL, "print the version", FLAG, 0},
};

/* For getopt_long, whose `val` is the option's number. */
static void list_long_options(struct option list[OPTION_COUNT + 1])
{
    for (int i = 0; i < OPTION_COUNT; i++)
        list[i] = (struct option){descriptions[i].name, descriptions[i].kind == FLAG ? no_argument : required_argument,
                                  NULL, i};
    list[OPTION_COUNT] = (struct option){0};
}

/* "@FILE" stands for the file's content. The caller frees the result; NULL: a message has been written. */
static char *read_json_argument(const char *text)
{
    struct bytes content;

    if (text[0] != '@')
        return memory_text(text);
    if (!file_read(text + 1, &content))
        return NULL;
    if (strlen(content.data) != content.size) {
        report("%s: this is not JSON text", text + 1);
        free(content.data);
        return NULL;
    }
    return content.data;
}

static bool set_json(char **field, const char *text)
{
    free(*field);
    *field = read_json_argument(text);
    return *field != NULL;
}

static bool set_outputs(struct outputs *field, const char *text)
{
    char *json = read_json_argument(text);
    bool valid = false;

    outputs_free(field);
    if (json != NULL)
        valid = outputs_parse(json, field);
    free(json);
    return valid;
}

static bool expect(bool valid, const struct description *option, const char *text, const char *expected)
{
    if (!valid)
        report("--%s: '%s' is not %s", option->name, text, expected);
    return valid;
}

static bool set_value(struct options *options, const struct description *option, const char *text)
{
    void *field = (char *)options + option->field;

    switch (option->kind) {
    case FLAG:
        return true;
    case TEXT:
        *(const char **)field = text;
        return true;
    case JSON:
        return set_json(field, text);
    case OUTPUTS:
        return set_outputs(field, text);
    case NATURAL:
        return expect(value_integer(text, 0, field), option, text, "a whole number, 0 or more");
    case POSITIVE:
        return expect(value_integer(text, 1, field), option, text, "a whole number, 1 or more");
    case SECONDS:
        return expect(value_seconds(text, field), option, text, "a number of seconds above 0, up to 1000000000");
    case BBOX:
        return expect(value_bbox(text, field), option, text, "xmin,ymin,xmax,ymax with 0 <= min < max <= 1");
    }
    return false;
}

bool options_read(int argc, char **argv, struct options *options, int *first_word)
{
    struct option long_options[OPTION_COUNT + 1];
    int option;

    list_long_options(long_options);
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (option == '?')
            return false;
        if (option == 'h')
            option = OPTION_HELP;
        if (!set_value(options, &descriptions[option], optarg))
            return false;
        options->given |= OPTION_BIT(option);
    }
    *first_word = optind;
    return true;
}

void options_free(struct options *options)
{
    free(options->metadata);
    free(options->post_processings);
    outputs_free(&options->outputs);
}

bool options_has(const struct options *options, enum option_id option)
{
    return (options->given & OPTION_BIT(option)) != 0;
}

bool options_want_page(const struct options *options)
{
    return options_has(options, OPTION_LIMIT) || options_has(options, OPTION_OFFSET);
}

bool options_check(const struct options *options, option_set allowed, option_set required)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        option_set bit = OPTION_BIT(i);
        if ((options->given & bit & ~allowed) != 0) {
            report("this command does not take --%s", descriptions[i].name);
            return false;
        }
        if ((required & bit & ~options->given) != 0) {
            report("--%s is missing", descriptions[i].name);
            return false;
        }
    }
    return true;
}

void options_explain(FILE *out, option_set set, option_set required)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct description *option = &descriptions[i];
        char usage[48];
        if ((set & OPTION_BIT(i)) == 0)
            continue;
        snprintf(usage, sizeof usage, "--%s%s%s", option->name, option->value != NULL ? " " : "",
                 option->value != NULL ? option->value : "");
        fprintf(out, "  %-28s %s%s\n", usage, option->help, (required & OPTION_BIT(i)) != 0 ? "; required" : "");
    }
}
