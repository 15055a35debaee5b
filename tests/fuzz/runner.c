/* Replays inputs without libFuzzer: fuzz_NAME_replay FILE-OR-FOLDER... */
#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static size_t replayed;

static void fail(const char *path)
{
    perror(path);
    exit(1);
}

static void replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(size + 1);
    if (file == NULL || bytes == NULL || fread(bytes, 1, size, file) != size)
        fail(path);
    fclose(file);
    printf("%s\n", path);
    fflush(stdout); /* so the last line names the input with which the program crashes */
    char *input = exact_copy(bytes, size);
    LLVMFuzzerTestOneInput((const uint8_t *)input, size);
    free(input);
    free(bytes);
    replayed++;
}

static void replay(const char *path);

static void replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        fail(path);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char inner[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        replay(inner);
    }
    closedir(folder);
}

static void replay(const char *path)
{
    struct stat found;
    if (stat(path, &found) != 0)
        fail(path);
    if (S_ISDIR(found.st_mode))
        replay_folder(path);
    else
        replay_file(path, (size_t)found.st_size);
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++)
        replay(arguments[i]);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%zu inputs replayed\n", replayed);
    return replayed > 0 ? 0 : 1; /* a missing corpus proves nothing */
}
