/* deepomatic infer */
#include "commands.h"
#include "infer_run.h"
#include "resume.h"

#include <stdlib.h>
#include <string.h>

/* Options that contradict each other. */
static const struct {
    enum option_id first;
    enum option_id second;
} contradictions[] = {
    {OPTION_JSON, OPTION_CSV},          {OPTION_NO_WAIT, OPTION_CSV},          {OPTION_NO_WAIT, OPTION_REPORT},
    {OPTION_NO_WAIT, OPTION_THRESHOLD}, {OPTION_PROGRESS, OPTION_NO_PROGRESS},
};

static bool check_contradictions(const struct options *options)
{
    for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++) {
        if (options_has(options, contradictions[i].first) && options_has(options, contradictions[i].second)) {
            report("--%s and --%s cannot be used together", option_description(contradictions[i].first)->name,
                   option_description(contradictions[i].second)->name);
            return false;
        }
    }
    return true;
}

static bool is_standard_input(const char *name)
{
    return name != NULL && strcmp(name, "-") == 0;
}

/* Standard input can be read only once. */
static bool check_standard_input(const struct cli *cli)
{
    size_t uses = (size_t)is_standard_input(cli->options->files_from) + is_standard_input(cli->options->resume);

    for (char *const *name = cli->operands->images; *name != NULL; name++)
        uses += is_standard_input(*name);
    if (uses > 1)
        report("standard input (-) can be given only once");
    return uses <= 1;
}

static bool check_null(const struct options *options)
{
    const bool valid = !options_has(options, OPTION_NULL) || options->files_from != NULL;

    if (!valid)
        report("--null needs --files-from");
    return valid;
}

enum exit_status infer_images(const struct cli *cli)
{
    struct name_map earlier = {0};
    enum exit_status status = STATUS_USAGE;

    if (check_contradictions(cli->options) && check_standard_input(cli) && check_null(cli->options)) {
        status = cli->options->resume != NULL ? resume_read(cli->options, &earlier) : STATUS_OK;
        if (status == STATUS_OK)
            status = infer_run(cli, &earlier);
    }
    name_map_free(&earlier);
    return status;
}
