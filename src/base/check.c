#include "base/check.h"

#include "base/error.h"
#include "base/json_text.h"
#include "base/number.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

dm_status check_text(dm_error *error, const char *what, const char *text)
{
    if (text == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s must not be NULL", what);
    if (!utf8_valid(text, strlen(text)))
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s is not valid UTF-8", what);
    return DM_OK;
}

static bool has_control_character(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

dm_status check_header_text(dm_error *error, const char *what, const char *text)
{
    const dm_status status = check_text(error, what, text);
    if (status != DM_OK)
        return status;
    if (*text == '\0')
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s is empty", what);
    if (has_control_character(text))
        return error_set(error, DM_ERR_INVALID_ARGUMENT,
                         "%s holds a control character, such as the line end of the file that it was read from", what);
    return DM_OK;
}

dm_status check_json(dm_error *error, const char *what, const char *json, char first)
{
    struct json_fault fault;
    dm_status status = check_text(error, what, json);
    if (status != DM_OK)
        return status;
    const size_t length = strlen(json);
    if (!json_scan(json, length, JSON_DEPTH_OF_VALUE, &fault))
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s is not JSON that can be sent: at byte %zu, %s", what,
                         fault.offset, fault.reason);
    if (*json_value(json, length).start != first)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s must be a JSON %s", what,
                         first == '{' ? "object, {...}" : "array, [...]");
    return DM_OK;
}

dm_status check_small(dm_error *error, const char *what, int64_t number)
{
    if (number >= 0 && number <= INT_MAX)
        return DM_OK;
    return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s is %" PRId64 "; it must be from 0 to %d", what, number,
                     INT_MAX);
}

dm_status check_id(dm_error *error, const char *what, int64_t id)
{
    if (id > 0 && id <= NUMBER_MAX_EXACT)
        return DM_OK;
    return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s is %" PRId64 "; an id is from 1 to 2^53 - 1", what, id);
}

static bool is_task_id_character(char character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '-' || character == '_';
}

dm_status check_task_id(dm_error *error, const char *what, const char *id)
{
    const size_t size = sizeof((dm_task_id *)NULL)->text;
    size_t length = 0;

    if (id == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s must not be NULL", what);
    while (length < size && is_task_id_character(id[length]))
        length++;
    if (length == 0 || length == size || id[length] != '\0')
        return error_set(error, DM_ERR_INVALID_ARGUMENT,
                         "%s is no task id: that is 1 to %zu letters, digits, '-' and '_'", what, size - 1);
    return DM_OK;
}
