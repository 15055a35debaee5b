/* --resume: the state of the images according to earlier output. */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "name_map.h"
#include "options.h"
#include "report.h"

/* The text of an image that has its result. */
#define RESUME_FINISHED ""

/* Reads the file of --resume. The text of an image is then RESUME_FINISHED, or the id of its task if the task may still
 * give the result. A file that does not exist has no images. If the file is also standard output, it must have been
 * opened for appending, its format must be readable, and a last line that was cut is removed from it.
 * Otherwise such a line is a failure. Not STATUS_OK: a message was written. */
enum exit_status resume_read(const struct options *options, struct name_map *earlier);

#endif
