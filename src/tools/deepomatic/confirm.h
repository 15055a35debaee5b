/* Asks before something is deleted. */
#ifndef CLI_CONFIRM_H
#define CLI_CONFIRM_H

#include "command.h"

/* Asks on the terminal unless --yes was given. Returns STATUS_OK for yes; otherwise a message was written. */
enum exit_status confirm(const struct cli *cli, const char *question);

#endif
