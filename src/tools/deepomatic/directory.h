/* The image files of a directory, in byte order of their names. */
#ifndef CLI_DIRECTORY_H
#define CLI_DIRECTORY_H

#include <stdbool.h>

struct directory;

enum directory_state {
    DIRECTORY_IMAGE,
    DIRECTORY_UNREADABLE, /* a directory that cannot be read, in whole or in part; errno says why */
    DIRECTORY_END
};

/* Image files are the regular files, and the links to them, whose names end with .jpg, .jpeg, .png, .gif, .bmp, .tif,
 * .tiff or .webp, in upper or lower case. Hidden entries, whose names begin with a dot, are left out. With `recursive`,
 * the directories below come too, in byte order of the whole paths; links to directories are not followed, so that
 * there are no circles. `path` is copied. Free it with directory_close. */
struct directory *directory_open(const char *path, bool recursive);

/* The next image file, or a directory that cannot be read: the caller frees *path. The names of one directory, and of
 * those above it, are in memory. */
enum directory_state directory_next(struct directory *directory, char **path);

void directory_close(struct directory *directory);

#endif
