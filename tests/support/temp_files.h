/* Temporary files for a test. */
#ifndef SUPPORT_TEMP_FILES_H
#define SUPPORT_TEMP_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Makes a folder under $TMPDIR or /tmp; returns its path, or NULL. End it with temp_folder_remove. */
char *temp_folder_new(void);

/* Removes the folder with all that is in it, and frees its path; NULL is fine. False when something is left. */
bool temp_folder_remove(char *folder);

/* "FOLDER/NAME", to be freed by the caller. */
char *temp_path(const char *folder, const char *name);

bool write_file(const char *path, const void *bytes, size_t length);

/* Writes a file of that size that begins with the prefix; the rest is a hole that takes no disk space. */
bool write_file_of_size(const char *path, size_t size, const void *prefix, size_t prefix_length);

/* The file's bytes and a NUL after them, to be freed by the caller; NULL on failure. length may be NULL. */
char *read_whole_file(const char *path, size_t *length);

#endif
