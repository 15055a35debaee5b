/* Decides after a failed image whether to try the next one. */
#ifndef CLI_INFER_FAILURE_H
#define CLI_INFER_FAILURE_H

#include "command.h"

/* Returns true if the other images would fail for the same reason. If the error does not show that, sends a request
 * to find out. */
bool infer_failure_is_general(const struct cli *cli, dm_status status, const dm_error *error);

#endif
