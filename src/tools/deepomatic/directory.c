#include "directory.h"
#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What is left of one directory. The names of directories end with a '/': so sorted, the whole paths are in order. */
struct listing {
    char *path;
    char **names;
    size_t count;
    size_t capacity;
    size_t next;
    int error_number; /* why it could not be read to its end, or 0 */
};

/* A stack of listings: the last one is the deepest. */
struct directory {
    bool recursive;
    struct listing *listings;
    size_t depth;
    size_t capacity;
};

static bool has_image_suffix(const char *name)
{
    static const char *const suffixes[] = {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"};
    const char *suffix = strrchr(name, '.');

    for (size_t i = 0; suffix != NULL && i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (strcasecmp(suffix, suffixes[i]) == 0)
            return true;
    return false;
}

enum kind { KIND_FILE, KIND_DIRECTORY, KIND_OTHER };

static enum kind kind_of_mode(mode_t mode)
{
    return S_ISREG(mode) ? KIND_FILE : S_ISDIR(mode) ? KIND_DIRECTORY : KIND_OTHER;
}

/* A link that leads nowhere is a file, which is reported when it is opened. */
static enum kind kind_of_link(DIR *stream, const char *name)
{
    struct stat found;

    if (fstatat(dirfd(stream), name, &found, 0) != 0)
        return KIND_FILE;
    return S_ISREG(found.st_mode) ? KIND_FILE : KIND_OTHER;
}

/* Not every file system tells the type of an entry. */
static enum kind kind_of(DIR *stream, const struct dirent *entry)
{
    struct stat found;

    if (entry->d_type == DT_REG)
        return KIND_FILE;
    if (entry->d_type == DT_DIR)
        return KIND_DIRECTORY;
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
        return KIND_OTHER;
    if (fstatat(dirfd(stream), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return KIND_FILE;
    return S_ISLNK(found.st_mode) ? kind_of_link(stream, entry->d_name) : kind_of_mode(found.st_mode);
}

static char *join(const char *first, const char *second, const char *third)
{
    const size_t size = strlen(first) + strlen(second) + strlen(third) + 1;
    char *joined = memory_array(NULL, size, 1);

    stpcpy(stpcpy(stpcpy(joined, first), second), third);
    return joined;
}

static void add_name(struct listing *listing, const char *name, const char *end)
{
    if (listing->count == listing->capacity) {
        listing->capacity = 2 * listing->capacity + 64;
        listing->names = memory_array(listing->names, listing->capacity, sizeof listing->names[0]);
    }
    listing->names[listing->count++] = join(name, end, "");
}

static void add_entry(struct listing *listing, DIR *stream, const struct dirent *entry, bool recursive)
{
    const bool image = has_image_suffix(entry->d_name);

    if (entry->d_name[0] == '.' || (!image && !recursive))
        return;
    const enum kind kind = kind_of(stream, entry);
    if (kind == KIND_DIRECTORY && recursive)
        add_name(listing, entry->d_name, "/");
    if (kind == KIND_FILE && image)
        add_name(listing, entry->d_name, "");
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void read_entries(struct listing *listing, bool recursive)
{
    DIR *stream = opendir(listing->path);
    const struct dirent *entry;

    if (stream == NULL) {
        listing->error_number = errno;
        return;
    }
    errno = 0;
    while ((entry = readdir(stream)) != NULL) {
        add_entry(listing, stream, entry, recursive);
        errno = 0;
    }
    listing->error_number = errno;
    closedir(stream);
    if (listing->count > 0)
        qsort(listing->names, listing->count, sizeof listing->names[0], compare_names);
}

/* Takes over the path. */
static void descend(struct directory *directory, char *path)
{
    if (directory->depth == directory->capacity) {
        directory->capacity = 2 * directory->capacity + 4;
        directory->listings = memory_array(directory->listings, directory->capacity, sizeof directory->listings[0]);
    }
    struct listing *listing = &directory->listings[directory->depth++];
    *listing = (struct listing){0};
    listing->path = path;
    read_entries(listing, directory->recursive);
}

static void ascend(struct directory *directory)
{
    struct listing *listing = &directory->listings[--directory->depth];

    while (listing->next < listing->count)
        free(listing->names[listing->next++]);
    free(listing->names);
    free(listing->path);
}

struct directory *directory_open(const char *path, bool recursive)
{
    struct directory *directory = memory_array(NULL, 1, sizeof *directory);

    *directory = (struct directory){.recursive = recursive};
    descend(directory, memory_text(path));
    return directory;
}

/* The whole path of the next name of the deepest directory. The caller frees it; NULL after the last one. */
static char *take_path(struct listing *listing)
{
    if (listing->next == listing->count)
        return NULL;
    char *name = listing->names[listing->next++];
    const size_t length = strlen(listing->path);
    char *path = join(listing->path, length > 0 && listing->path[length - 1] == '/' ? "" : "/", name);
    free(name);
    return path;
}

enum directory_state directory_next(struct directory *directory, char **path)
{
    while (directory->depth > 0) {
        struct listing *deepest = &directory->listings[directory->depth - 1];
        if (deepest->error_number != 0) {
            *path = memory_text(deepest->path);
            errno = deepest->error_number;
            deepest->error_number = 0;
            return DIRECTORY_UNREADABLE;
        }
        *path = take_path(deepest);
        if (*path == NULL)
            ascend(directory);
        else if ((*path)[strlen(*path) - 1] == '/')
            descend(directory, *path);
        else
            return DIRECTORY_IMAGE;
    }
    return DIRECTORY_END;
}

void directory_close(struct directory *directory)
{
    if (directory == NULL)
        return;
    while (directory->depth > 0)
        ascend(directory);
    free(directory->listings);
    free(directory);
}
