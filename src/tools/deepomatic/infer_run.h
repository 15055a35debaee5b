/* Recognises the images of a source, many at a time. */
#ifndef CLI_INFER_RUN_H
#define CLI_INFER_RUN_H

#include "command.h"
#include "name_map.h"

/* `earlier` is the state of the images according to the output of an earlier run: see resume.h. */
enum exit_status infer_run(const struct cli *cli, const struct name_map *earlier);

#endif
