/* --resume: what earlier output says of the images. */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include "name_map.h"
#include "report.h"

/* Gives each image that has its result the text RESUME_FINISHED, and each image whose task may still give it the id of the
 * task. A file that does not exist has no images. If the file is also standard output, it must have been opened for
 * appending, and a last line that was cut is removed from it. Not STATUS_OK: a message was written. */
enum exit_status resume_read(const char *file, struct name_map *earlier);

#define RESUME_FINISHED ""

#endif
