#include "confirm.h"

#include <unistd.h>

enum exit_status confirm(const struct cli *cli, const char *question)
{
    char answer[8] = "";

    if (options_has(cli->options, OPTION_YES))
        return STATUS_OK;
    if (!isatty(STDIN_FILENO)) {
        report("missing option: --yes (standard input is not a terminal)");
        return STATUS_USAGE;
    }
    fprintf(stderr, "%s This cannot be undone. [y/N] ", question);
    if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y'))
        return STATUS_OK;
    report("nothing was deleted");
    return STATUS_FAILED;
}
