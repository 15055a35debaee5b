/* Asks before something is lost. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include "command.h"

/* May it be done? Asks on the terminal unless --yes was given. Gives STATUS_OK for yes; otherwise a message has been
 * written. */
enum exit_status confirm(const struct cli *cli, const char *question);

#endif
