/* Recognises the images of a source, many at a time. */
#ifndef CLI_INFER_RUN_H
#define CLI_INFER_RUN_H

#include "command.h"
#include "name_map.h"

/* `earlier` is what an earlier run's output says of the images: see resume.h. */
enum exit_status infer_run(const struct cli *cli, const struct name_map *earlier);

#endif
