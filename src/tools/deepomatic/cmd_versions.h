/* Shared by "specs versions" and "versions list". */
#ifndef CLI_CMD_VERSIONS_H
#define CLI_CMD_VERSIONS_H

#include "command.h"

/* Lists the versions of a specification, or of all your specifications for NULL. */
enum exit_status list_versions(const struct cli *cli, const dm_spec_id *spec);

#endif
