#include "image_source.h"
#include "file.h"
#include "image.h"
#include "memory.h"
#include "resume.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_error(dm_error *error, const char *reason)
{
    *error = (dm_error){.status = DM_ERR_FILE};
    snprintf(error->message, sizeof error->message, "%s", reason);
}

bool image_source_open(struct image_source *source, const struct options *options, char *const *operands,
                       const struct name_map *earlier, dm_error *error)
{
    *source = (struct image_source){
        .operands = operands,
        .files_from = options->files_from,
        .shard = options->shard,
        .earlier = earlier,
        .skips_tasks = options_has(options, OPTION_NO_WAIT),
        .recursive = options_has(options, OPTION_RECURSIVE),
        .has_reader = options->files_from != NULL,
        .state = SOURCE_WAIT,
    };
    if (!source->has_reader ||
        name_reader_open(&source->reader, options->files_from, options_has(options, OPTION_NULL)))
        return true;
    set_error(error, file_reason(errno));
    return false;
}

static enum source_state fail(struct image_source *source, const char *name, const char *reason)
{
    source->name = memory_text(name);
    set_error(&source->error, reason);
    return SOURCE_FAILED;
}

static const char *reading_failed(int error_number)
{
    return error_number == EINVAL ? "a name is longer than 64 KiB, or contains a NUL byte (see --null)"
                                  : file_reason(error_number);
}

/* The list contains its own name, such as standard input. */
static enum source_state fail_itself(struct image_source *source)
{
    set_error(&source->error, "this is the list of images, not an image");
    return SOURCE_FAILED;
}

/* The next name from the command line and the list. */
static enum source_state next_name(struct image_source *source)
{
    if (*source->operands != NULL) {
        source->name = memory_text(*source->operands++);
        return SOURCE_IMAGE;
    }
    if (!source->has_reader)
        return SOURCE_END;
    switch (name_reader_next(&source->reader, &source->name)) {
    case NAME_READY:
        return strcmp(source->name, source->files_from) != 0 ? SOURCE_IMAGE : fail_itself(source);
    case NAME_WAIT:
        return SOURCE_WAIT;
    case NAME_ERROR:
        return fail(source, source->files_from, reading_failed(errno));
    case NAME_END:
        break;
    }
    return SOURCE_END;
}

/* SOURCE_END: it has no more images, and is closed. */
static enum source_state next_of_directory(struct image_source *source)
{
    switch (directory_next(source->directory, &source->name)) {
    case DIRECTORY_IMAGE:
        source->directory_has_image = true;
        return SOURCE_IMAGE;
    case DIRECTORY_UNREADABLE:
        source->directory_has_image = true;
        set_error(&source->error, strerror(errno));
        return SOURCE_FAILED;
    case DIRECTORY_END:
        break;
    }
    char *name = source->directory_name;
    directory_close(source->directory);
    source->directory = NULL;
    source->directory_name = NULL;
    const enum source_state state =
        source->directory_has_image ? SOURCE_END : fail(source, name, "this directory contains no image files");
    free(name);
    return state;
}

/* The name of a directory was read: its images follow. */
static void enter_directory(struct image_source *source)
{
    source->directory_name = source->name;
    source->name = NULL;
    source->directory_has_image = false;
    source->directory = directory_open(source->directory_name, source->recursive);
}

static enum source_state next_unfiltered(struct image_source *source)
{
    enum source_state state = SOURCE_END;

    while (state == SOURCE_END) {
        if (source->directory != NULL) {
            state = next_of_directory(source);
            continue;
        }
        state = next_name(source);
        if (state != SOURCE_IMAGE || !image_is_directory(source->name))
            return state;
        enter_directory(source);
        state = SOURCE_END;
    }
    return state;
}

static bool is_wanted(const struct image_source *source)
{
    const char *earlier = name_map_get(source->earlier, source->name);
    const bool is_left_out = earlier != NULL && (source->skips_tasks || strcmp(earlier, RESUME_FINISHED) == 0);

    return shard_has(&source->shard, source->name) && !is_left_out;
}

enum source_state image_source_peek(struct image_source *source)
{
    while (source->name == NULL && source->state != SOURCE_END) {
        source->state = next_unfiltered(source);
        if (source->state == SOURCE_WAIT)
            break;
        if (source->state == SOURCE_IMAGE && !is_wanted(source)) {
            free(source->name);
            source->name = NULL;
        }
    }
    return source->state;
}

enum source_state image_source_next(struct image_source *source, char **name, dm_error *error)
{
    const enum source_state state = image_source_peek(source);

    *name = source->name;
    source->name = NULL;
    *error = source->error;
    return state;
}

int image_source_descriptor(const struct image_source *source)
{
    return source->reader.descriptor;
}

void image_source_close(struct image_source *source)
{
    if (source->has_reader)
        name_reader_close(&source->reader);
    directory_close(source->directory);
    free(source->directory_name);
    free(source->name);
}
