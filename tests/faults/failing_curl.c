/* Wraps the functions of libcurl that can report a failure, and two system functions, with the linker's --wrap. */
#include "injection.h"
#include "ledger.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <unistd.h>

#undef curl_easy_setopt

#define CALLER __builtin_return_address(0)

/* The linker defines these names. NOLINTBEGIN(bugprone-reserved-identifier) */
CURLcode __real_curl_global_init(long flags);
void __real_curl_global_cleanup(void);
CURL *__real_curl_easy_init(void);
void __real_curl_easy_cleanup(CURL *easy);
CURLcode __real_curl_easy_setopt(CURL *easy, CURLoption option, ...);
struct curl_slist *__real_curl_slist_append(struct curl_slist *list, const char *line);
void __real_curl_slist_free_all(struct curl_slist *list);
CURLM *__real_curl_multi_init(void);
CURLMcode __real_curl_multi_cleanup(CURLM *multi);
CURLMcode __real_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode __real_curl_multi_perform(CURLM *multi, int *running);
CURLMcode __real_curl_multi_poll(CURLM *multi, struct curl_waitfd *fds, unsigned count, int timeout_ms, int *ready);
CURLMsg *__real_curl_multi_info_read(CURLM *multi, int *left);
int __real_eventfd(unsigned count, int flags);
int __real_getentropy(void *bytes, size_t size);

CURLcode __wrap_curl_global_init(long flags);
void __wrap_curl_global_cleanup(void);
CURL *__wrap_curl_easy_init(void);
void __wrap_curl_easy_cleanup(CURL *easy);
CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...);
struct curl_slist *__wrap_curl_slist_append(struct curl_slist *list, const char *line);
void __wrap_curl_slist_free_all(struct curl_slist *list);
CURLM *__wrap_curl_multi_init(void);
CURLMcode __wrap_curl_multi_cleanup(CURLM *multi);
CURLMcode __wrap_curl_multi_add_handle(CURLM *multi, CURL *easy);
CURLMcode __wrap_curl_multi_perform(CURLM *multi, int *running);
CURLMcode __wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd *fds, unsigned count, int timeout_ms, int *ready);
CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left);
int __wrap_eventfd(unsigned count, int flags);
int __wrap_getentropy(void *bytes, size_t size);

static void *entered(void *object)
{
    if (object != NULL)
        ledger_add(LEDGER_LIBCURL, 1);
    return object;
}

static void left(const void *object)
{
    if (object != NULL)
        ledger_add(LEDGER_LIBCURL, -1);
}

/* ---- Initialisation ---- */

CURLcode __wrap_curl_global_init(long flags)
{
    if (injection_due(INJECT_GLOBAL_INIT, CALLER))
        return (CURLcode)injection_code();
    const CURLcode code = __real_curl_global_init(flags);
    ledger_add(LEDGER_LIBCURL, code == CURLE_OK ? 1 : 0);
    return code;
}

void __wrap_curl_global_cleanup(void)
{
    ledger_add(LEDGER_LIBCURL, -1);
    __real_curl_global_cleanup();
}

/* ---- Easy handles and lists ---- */

CURL *__wrap_curl_easy_init(void)
{
    return injection_due(INJECT_EASY_INIT, CALLER) ? NULL : entered(__real_curl_easy_init());
}

void __wrap_curl_easy_cleanup(CURL *easy)
{
    left(easy);
    __real_curl_easy_cleanup(easy);
}

/* The number of an option implies its type. */
static CURLcode pass_option(CURL *easy, CURLoption option, va_list value)
{
    if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
        return __real_curl_easy_setopt(easy, option, va_arg(value, curl_off_t));
    if (option < CURLOPTTYPE_OBJECTPOINT)
        return __real_curl_easy_setopt(easy, option, va_arg(value, long));
    return __real_curl_easy_setopt(easy, option, va_arg(value, void *));
}

CURLcode __wrap_curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    va_list value;

    if (injection_due(INJECT_EASY_SETOPT, CALLER))
        return (CURLcode)injection_code();
    va_start(value, option);
    const CURLcode code = pass_option(easy, option, value);
    va_end(value);
    return code;
}

struct curl_slist *__wrap_curl_slist_append(struct curl_slist *list, const char *line)
{
    if (injection_due(INJECT_SLIST_APPEND, CALLER))
        return NULL;
    struct curl_slist *longer = __real_curl_slist_append(list, line);
    return list == NULL ? entered(longer) : longer;
}

void __wrap_curl_slist_free_all(struct curl_slist *list)
{
    left(list);
    __real_curl_slist_free_all(list);
}

/* ---- Multi handles ---- */

CURLM *__wrap_curl_multi_init(void)
{
    return injection_due(INJECT_MULTI_INIT, CALLER) ? NULL : entered(__real_curl_multi_init());
}

CURLMcode __wrap_curl_multi_cleanup(CURLM *multi)
{
    left(multi);
    return __real_curl_multi_cleanup(multi);
}

CURLMcode __wrap_curl_multi_add_handle(CURLM *multi, CURL *easy)
{
    if (injection_due(INJECT_MULTI_ADD_HANDLE, CALLER))
        return (CURLMcode)injection_code();
    return __real_curl_multi_add_handle(multi, easy);
}

CURLMcode __wrap_curl_multi_perform(CURLM *multi, int *running)
{
    if (injection_due(INJECT_MULTI_PERFORM, CALLER))
        return (CURLMcode)injection_code();
    return __real_curl_multi_perform(multi, running);
}

CURLMcode __wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd *fds, unsigned count, int timeout_ms, int *ready)
{
    if (injection_due(INJECT_MULTI_POLL, CALLER))
        return (CURLMcode)injection_code();
    return __real_curl_multi_poll(multi, fds, count, timeout_ms, ready);
}

CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left_over)
{
    CURLMsg *message = __real_curl_multi_info_read(multi, left_over);
    if (message != NULL && injection_due(INJECT_TRANSFER, CALLER))
        message->data.result = (CURLcode)injection_code();
    return message;
}

/* ---- The system ---- */

int __wrap_eventfd(unsigned count, int flags)
{
    if (!injection_due(INJECT_EVENTFD, CALLER))
        return __real_eventfd(count, flags);
    errno = injection_code();
    return -1;
}

int __wrap_getentropy(void *bytes, size_t size)
{
    if (!injection_due(INJECT_GETENTROPY, CALLER))
        return __real_getentropy(bytes, size);
    errno = injection_code();
    return -1;
}

/* NOLINTEND(bugprone-reserved-identifier) */
