#include "codec/upload.h"

#include <errno.h>

bool upload_check_path(struct failure *failure, const struct upload_words *words, const char *path)
{
    if (path != NULL && *path != '\0')
        return true;
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s: the path is %s", words->what,
                       path == NULL ? "NULL" : "empty");
}

bool upload_check_memory(struct failure *failure, const struct upload_words *words, const void *bytes, size_t size)
{
    if (bytes != NULL && size > 0)
        return true;
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s: %s is %s", words->what, words->content,
                       bytes == NULL ? "NULL" : "empty");
}

static bool fail_open(struct failure *failure, const struct upload_words *words, const char *path,
                      enum file_fault fault, const char *reason)
{
    if (fault == FILE_DIRECTORY)
        return failure_set(failure, DM_ERR_FILE, "%s: \"%s\": %s, not %s", words->what, path, reason, words->file);
    if (fault == FILE_NOT_REGULAR)
        return failure_set(failure, DM_ERR_FILE, "%s: \"%s\": %s; read it, and %s", words->what, path, reason,
                           words->in_memory);
    return failure_set(failure, DM_ERR_FILE, "%s: \"%s\": %s", words->what, path, reason);
}

bool upload_open(struct failure *failure, const struct upload_words *words, const char *path, struct file *opened)
{
    const enum file_fault fault = file_open(path, opened);
    const int number = errno;
    return fault == FILE_FINE || fail_open(failure, words, path, fault, file_fault_text(fault, number));
}
