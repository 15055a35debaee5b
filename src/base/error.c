#include "base/error.h"

#include "base/secret.h"
#include "base/utf8.h"

#include <assert.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static_assert(sizeof(dm_task_id) == 64, "dm_task_id has a documented size");
static_assert(sizeof(dm_error) == 1024, "dm_error has a documented size");

const char *dm_status_name(dm_status status)
{
    static const char *const names[] = {
        [DM_OK] = "DM_OK",
        [DM_DONE] = "DM_DONE",
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

void error_clear(dm_error *error)
{
    if (error != NULL)
        memset(error, 0, sizeof *error);
}

/* C0, DEL and C1: what a terminal might act upon. */
static bool is_control(const char *character, size_t width)
{
    const unsigned char first = (unsigned char)character[0];
    if (width == 1)
        return first < 0x20 || first == 0x7f;
    return width == 2 && first == 0xc2 && (unsigned char)character[1] < 0xa0;
}

void error_copy_line(char *to, size_t size, const char *from, size_t length)
{
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        const size_t sequence = utf8_sequence(from + at, length - at);
        const size_t width = sequence > 0 ? sequence : 1;
        const char replacement = sequence == 0 ? '?' : is_control(from + at, width) ? ' ' : '\0';
        const size_t written = replacement != '\0' ? 1 : width;
        if (used + written >= size)
            break;
        memcpy(to + used, replacement != '\0' ? &replacement : from + at, written);
        used += written;
        at += width;
    }
    to[used] = '\0';
}

dm_status error_set(dm_error *error, dm_status status, const char *format, ...)
{
    if (error == NULL)
        return status;

    char message[2 * sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);

    error->status = status;
    error_copy_line(error->message, sizeof error->message, message, strlen(message));
    return status;
}

dm_status error_no_memory(dm_error *error)
{
    return error_set(error, DM_ERR_NO_MEMORY, "out of memory; the client still works");
}

dm_status error_of_text(dm_error *error, dm_status status)
{
    if (status == DM_ERR_TOO_LARGE)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "the request is too large to be sent");
    return status == DM_OK ? DM_OK : error_no_memory(error);
}

void error_redact(dm_error *error, const char *secret)
{
    if (error == NULL)
        return;
    secret_redact_line(error->message, sizeof error->message, secret);
    secret_redact_line(error->server_message, sizeof error->server_message, secret);
}

const char *error_system_text(int number)
{
    static const char unknown[] = "unknown error";
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0)
        return unknown;
    const char *text = strerror_l(number, c_locale);
    freelocale(c_locale);
    return text != NULL ? text : unknown;
}
