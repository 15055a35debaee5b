/* The work of the soak test's threads: inferences and create/delete pairs, whose results are recorded in the books. */
#ifndef SOAK_WORK_H
#define SOAK_WORK_H

#include "books.h"

#include <deepomatic.h>

enum { WORK_IMAGES = 4 };

/* A picture in the three forms that need no other server, and the expected result. */
struct work_image {
    unsigned char *bytes;
    size_t size;
    char *base64;
    char *path;
    dm_inference *expected;
};

struct work_images {
    char *folder;
    struct work_image images[WORK_IMAGES];
};

/* Creates the images, and recognises them with a client without faults. */
void work_images_make(struct work_images *images, dm_client *direct);
void work_images_free(struct work_images *images);

/* The name of a pair's specification; and the pair of a name, SIZE_MAX if there is none. */
enum { WORK_NAME_SIZE = 32 };
void work_name(char name[WORK_NAME_SIZE], size_t pair);
size_t work_pair_of(const char *name);

/* Creates a specification. */
dm_status work_create(dm_client *client, const char *name, dm_spec **spec, dm_error *error);

/* Does one tenth (0 to 9) of the work that is planned in the books, in 16 threads, and returns when they have ended. */
void work_do_tenth(struct books *books, const struct work_images *images, dm_client *client, size_t tenth);

#endif
