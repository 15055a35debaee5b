/* After an image failed: is it worth trying the next one? */
#ifndef CLI_INFER_FAILURE_H
#define CLI_INFER_FAILURE_H

#include "command.h"

/* Would the other images fail for the same reason? Asks the service if the error leaves that open. */
bool infer_failure_is_general(const struct cli *cli, dm_status status, const dm_error *error);

#endif
