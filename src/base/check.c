#include "base/check.h"

#include "base/json.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

bool check_not_null(struct failure *failure, const char *what, const void *argument)
{
    return argument != NULL || failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s must not be NULL", what);
}

bool check_text(struct failure *failure, const char *what, const char *text)
{
    if (!check_not_null(failure, what, text))
        return false;
    if (!utf8_valid(text, strlen(text)))
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s is not valid UTF-8", what);
    return true;
}

static bool has_control_character(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

bool check_header_text(struct failure *failure, const char *what, const char *text)
{
    if (!check_text(failure, what, text))
        return false;
    if (*text == '\0')
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s is empty", what);
    if (has_control_character(text))
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                           "%s contains a control character, such as the line end of a file", what);
    return true;
}

bool check_segment(struct failure *failure, const char *what, const char *text)
{
    if (!check_header_text(failure, what, text))
        return false;
    if (strpbrk(text, "/\\?#%") == NULL && strcmp(text, ".") != 0 && strcmp(text, "..") != 0)
        return true;
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                       "%s \"%s\" is not valid: it must not contain / \\ ? # or %%, nor be . or ..", what, text);
}

bool check_json(struct failure *failure, const char *what, const char *json, char first)
{
    struct json_fault fault;
    if (!check_text(failure, what, json))
        return false;
    const size_t length = strlen(json);
    if (!json_check(json, length, JSON_DEPTH_OF_VALUE, &fault))
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s is not JSON that can be sent: at byte %zu, %s", what,
                           fault.offset, fault.reason);
    if (json[strspn(json, " \t\r\n")] != first)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s must be a JSON %s", what,
                           first == '{' ? "object, {...}" : "array, [...]");
    return true;
}

bool check_optional_text(struct failure *failure, const char *what, const char *text)
{
    return text == NULL || check_text(failure, what, text);
}

bool check_optional_object(struct failure *failure, const char *what, const char *json)
{
    return json == NULL || check_json(failure, what, json, '{');
}

bool check_range(struct failure *failure, const char *what, int64_t number, int max)
{
    if (number >= 0 && number <= max)
        return true;
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s is %" PRId64 "; it must be from 0 to %d", what, number,
                       max);
}

bool check_small(struct failure *failure, const char *what, int64_t number)
{
    return check_range(failure, what, number, INT_MAX);
}

bool check_id(struct failure *failure, const char *what, int64_t id)
{
    if (id > 0)
        return true;
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s is %" PRId64 "; an id is positive", what, id);
}
