/* The public error: names of statuses, and sizes that the header documents. */
#include <deepomatic.h>

#include <assert.h>

static_assert(sizeof(dm_task_id) == 64, "dm_task_id has a documented size");
static_assert(sizeof(dm_error) == 1024, "dm_error has a documented size");

const char *dm_status_name(dm_status status)
{
    static const char names[][sizeof "DM_ERR_INVALID_ARGUMENT"] = {
        [DM_OK] = "DM_OK",
        [DM_DONE] = "DM_DONE",
        [DM_FULL] = "DM_FULL",
        [DM_ERR_INVALID_ARGUMENT] = "DM_ERR_INVALID_ARGUMENT",
        [DM_ERR_NO_MEMORY] = "DM_ERR_NO_MEMORY",
        [DM_ERR_SYSTEM] = "DM_ERR_SYSTEM",
        [DM_ERR_FILE] = "DM_ERR_FILE",
        [DM_ERR_CANCELLED] = "DM_ERR_CANCELLED",
        [DM_ERR_TIMEOUT] = "DM_ERR_TIMEOUT",
        [DM_ERR_NETWORK] = "DM_ERR_NETWORK",
        [DM_ERR_TLS] = "DM_ERR_TLS",
        [DM_ERR_CREDENTIALS] = "DM_ERR_CREDENTIALS",
        [DM_ERR_NOT_FOUND] = "DM_ERR_NOT_FOUND",
        [DM_ERR_REJECTED] = "DM_ERR_REJECTED",
        [DM_ERR_RATE_LIMITED] = "DM_ERR_RATE_LIMITED",
        [DM_ERR_SERVER] = "DM_ERR_SERVER",
        [DM_ERR_REDIRECT] = "DM_ERR_REDIRECT",
        [DM_ERR_BAD_RESPONSE] = "DM_ERR_BAD_RESPONSE",
        [DM_ERR_TOO_LARGE] = "DM_ERR_TOO_LARGE",
        [DM_ERR_TASK_FAILED] = "DM_ERR_TASK_FAILED",
    };
    const size_t index = (size_t)status;
    return index < sizeof names / sizeof names[0] ? names[index] : "unknown dm_status";
}
