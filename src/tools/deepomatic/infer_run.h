/* Recognises the images of a source, many at a time. */
#ifndef CLI_INFER_RUN_H
#define CLI_INFER_RUN_H

#include "command.h"
#include "name_map.h"

/* `answered` are the images to leave out. */
enum exit_status infer_run(const struct cli *cli, const struct name_map *earlier);

#endif
