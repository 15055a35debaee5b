/* --resume: the images that earlier output has a result for. */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "name_set.h"
#include "report.h"

/* Adds the images that the file answers. A file that does not exist answers none. If the file is also standard output,
 * it must have been opened for appending, and a last line that was cut is removed from it. Not STATUS_OK: a message was
 * written. */
enum exit_status resume_read(const char *file, struct name_set *answered);

#endif
