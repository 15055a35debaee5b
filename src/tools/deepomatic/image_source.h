/* The images of 'infer', one after the other: those on the command line, those of directories, and those of
 * --files-from; less those that --shard and --resume leave out. */
#ifndef CLI_IMAGE_SOURCE_H
#define CLI_IMAGE_SOURCE_H

#include "directory.h"
#include "name_map.h"
#include "name_reader.h"
#include "options.h"

#include <deepomatic.h>

enum source_state {
    SOURCE_IMAGE,
    SOURCE_FAILED, /* a directory or list that cannot be read: `error` says why */
    SOURCE_WAIT,   /* --files-from is a pipe, and the next name is not there yet */
    SOURCE_END
};

struct image_source {
    char *const *operands; /* the next one; NULL after the last; borrowed */
    const char *files_from;
    struct shard shard;
    const struct name_map *earlier; /* see resume.h; borrowed */
    bool skips_tasks;               /* leave out also the images that have a task */
    bool recursive;
    bool has_reader;
    struct name_reader reader;
    struct directory *directory;
    char *directory_name;
    bool directory_has_image;
    enum source_state state; /* of the next image, which image_source_next gives */
    char *name;
    dm_error error;
};

/* Opens --files-from. False: *error says why. Close it in any case. */
bool image_source_open(struct image_source *source, const struct options *options, char *const *operands,
                       const struct name_map *earlier, dm_error *error);

/* What image_source_next will return. */
enum source_state image_source_peek(struct image_source *source);

/* Gives the next image, or the name and error of what cannot be read. The caller frees *name. */
enum source_state image_source_next(struct image_source *source, char **name, dm_error *error);

/* What to wait for after SOURCE_WAIT. */
int image_source_descriptor(const struct image_source *source);

void image_source_close(struct image_source *source);

#endif
