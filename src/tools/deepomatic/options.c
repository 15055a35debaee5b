#include "options.h"
#include "file.h"
#include "json_syntax.h"
#include "memory.h"
#include "name.h"
#include "report.h"
#include "values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The content of a JSON file. The caller frees it; NULL: a message was written. */
static char *read_json_file(const char *name, const char *option_name)
{
    struct bytes content;
    if (!file_load(name, 0, &content)) {
        report_file(option_name, file_display_name(name), file_reason(errno));
        return NULL;
    }
    if (strlen(content.data) == content.size)
        return content.data;
    char *quoted = name_quote(file_display_name(name));
    report("--%s is not valid JSON: %s contains a NUL byte", option_name, quoted);
    free(quoted);
    free(content.data);
    return NULL;
}

static bool check_json(const char *text, const char *option_name)
{
    struct json_error error;

    if (json_syntax_check(text, &error))
        return true;
    report("--%s is not valid JSON: at byte %zu, %s", option_name, error.offset, error.reason);
    return false;
}

/* "@FILE" stands for the content of the file. The caller frees the result; NULL: a message was written. */
static char *read_json(const char *text, const char *option_name)
{
    char *json = text[0] == '@' ? read_json_file(text + 1, option_name) : memory_text(text);

    if (json != NULL && check_json(json, option_name))
        return json;
    free(json);
    return NULL;
}

static bool set_json(char **field, const struct option_description *option, const char *text)
{
    *field = read_json(text, option->name);
    return *field != NULL;
}

static bool set_outputs(struct outputs *field, const struct option_description *option, const char *text)
{
    char *json = read_json(text, option->name);
    const bool valid = json != NULL && outputs_parse(json, field);

    free(json);
    return valid;
}

static bool expect(bool valid, const struct option_description *option, const char *text, const char *expected)
{
    if (!valid)
        report("--%s: '%s' is not %s", option->name, text, expected);
    return valid;
}

/* Which integers the kinds of options take. */
static const struct range {
    int64_t smallest;
    int64_t largest;
    const char *expected; /* NULL: a kind without an integer */
} ranges[] = {
    [OPTION_KIND_NATURAL] = {0, INT64_MAX, "an integer of 0 or more"},
    [OPTION_KIND_POSITIVE] = {1, INT64_MAX, "an integer of 1 or more"},
    [OPTION_KIND_COUNT] = {1, 10000, "an integer from 1 to 10000"},
    [OPTION_KIND_CONNECTIONS] = {1, 128, "an integer from 1 to 128"},
    [OPTION_KIND_RETRIES] = {0, 1000, "an integer from 0 to 1000"},
    [OPTION_KIND_SHARD] = {0}, /* the last kind: there is a range for each */
};

static bool set_integer(int64_t *field, const struct option_description *option, const char *text)
{
    const struct range *range = &ranges[option->kind];
    const bool valid = value_integer(text, range->smallest, field) && *field <= range->largest;

    return expect(valid, option, text, range->expected);
}

/* An empty name is that of a variable without a value. It must not count as a missing option or file. */
static bool set_file(const char **field, const struct option_description *option, const char *text)
{
    *field = text;
    return expect(text[0] != '\0', option, text, "the name of a file");
}

static bool set_value(struct options *options, const struct option_description *option, const char *text)
{
    void *field = (char *)options + option->field;

    if (ranges[option->kind].expected != NULL)
        return set_integer(field, option, text);
    switch (option->kind) {
    case OPTION_KIND_TEXT:
        *(const char **)field = text;
        return true;
    case OPTION_KIND_FILE:
        return set_file(field, option, text);
    case OPTION_KIND_JSON:
        return set_json(field, option, text);
    case OPTION_KIND_OUTPUTS:
        return set_outputs(field, option, text);
    case OPTION_KIND_ID:
        return expect(value_id(text, field), option, text, "an id (an integer from 1 to 2^63 - 1)");
    case OPTION_KIND_SECONDS:
        return expect(value_seconds(text, field), option, text, "a number of seconds above 0, up to 1000000000");
    case OPTION_KIND_BBOX:
        return expect(value_bbox(text, field), option, text, "xmin,ymin,xmax,ymax with 0 <= min < max <= 1");
    case OPTION_KIND_POLYGON:
        return expect(value_polygon(text, field), option, text, "x1,y1,x2,y2,x3,y3,... with values from 0 to 1");
    case OPTION_KIND_SCORE:
        return expect(value_score(text, field), option, text, "a number from 0 to 1");
    case OPTION_KIND_SHARD:
        return expect(shard_parse(text, field), option, text, "I/N with 1 <= I <= N <= 1000000");
    default: /* a flag */
        return true;
    }
}

bool options_read(option_set given, const char *const texts[OPTION_COUNT], struct options *options)
{
    options->given = given;
    for (int i = 0; i < OPTION_COUNT; i++)
        if ((given & OPTION_BIT(i)) != 0 && !set_value(options, option_description((enum option_id)i), texts[i]))
            return false;
    return true;
}

void options_free(struct options *options)
{
    free(options->metadata);
    free(options->post_processings);
    free(options->preprocessing);
    free(options->polygon.points);
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
