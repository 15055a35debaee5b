#include "temp_files.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *temp_path(const char *folder, const char *name)
{
    char *path;

    return asprintf(&path, "%s/%s", folder, name) >= 0 ? path : NULL;
}

char *temp_folder_new(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = temp_path(parent != NULL && *parent != '\0' ? parent : "/tmp", "deepomatic-test-XXXXXX");

    if (folder != NULL && mkdtemp(folder) == NULL) {
        free(folder);
        return NULL;
    }
    return folder;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status;
    (void)type;
    (void)position;
    return remove(path);
}

bool temp_folder_remove(char *folder)
{
    enum { OPEN_FOLDERS = 16 };

    bool removed = folder == NULL || nftw(folder, remove_entry, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) == 0;
    free(folder);
    return removed;
}

bool write_file(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");

    if (file == NULL)
        return false;
    bool written = length == 0 || fwrite(bytes, 1, length, file) == length;
    return fclose(file) == 0 && written;
}

bool write_file_of_size(const char *path, size_t size, const void *prefix, size_t prefix_length)
{
    return write_file(path, prefix, prefix_length) && truncate(path, (off_t)size) == 0;
}

static size_t size_of(FILE *file)
{
    struct stat status;

    return fstat(fileno(file), &status) == 0 ? (size_t)status.st_size : 0;
}

char *read_whole_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rbe");

    if (file == NULL)
        return NULL;
    size_t size = size_of(file);
    char *bytes = malloc(size + 1);
    bool complete = bytes != NULL && fread(bytes, 1, size, file) == size;
    fclose(file);
    if (!complete) {
        free(bytes);
        return NULL;
    }
    bytes[size] = '\0';
    if (length != NULL)
        *length = size;
    return bytes;
}
