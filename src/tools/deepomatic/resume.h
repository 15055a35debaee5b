/* --resume: what earlier output says of the images. */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "name_map.h"
#include "options.h"
#include "report.h"

/* Reads the file of --resume. Gives each image that has its result the text RESUME_FINISHED, and each image whose task may still give it the id of the
 * task. A file that does not exist has no images. If the file is also standard output, it must have been opened for
 * appending, its format must be readable, and a last line that was cut is removed from it. Not STATUS_OK: a message was written. */
enum exit_status resume_read(const struct options *options, struct name_map *earlier);

#define RESUME_FINISHED ""

#endif
