/*
 * Wraps the allocation functions that the library calls, with the linker's --wrap. The library is linked statically, so
 * this works in every build, also with sanitizers and valgrind. cJSON is a shared library and is redirected by its
 * hooks, which only a test program may set. check_allocators.sh checks that the list is complete.
 */
#include "failing_malloc.h"

#include "injection.h"
#include "ledger.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define CALLER __builtin_return_address(0)

/* The linker defines these names. NOLINTBEGIN(bugprone-reserved-identifier) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
void __real_free(void *block);
locale_t __real_newlocale(int mask, const char *name, locale_t base);
void __real_freelocale(locale_t locale);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);
locale_t __wrap_newlocale(int mask, const char *name, locale_t base);
void __wrap_freelocale(locale_t locale);

static bool must_fail(const void *caller)
{
    if (!injection_due(INJECT_MEMORY, caller))
        return false;
    errno = ENOMEM;
    return true;
}

static void *entered(void *block)
{
    if (block != NULL)
        ledger_add(LEDGER_BLOCKS, 1);
    return block;
}

void *__wrap_malloc(size_t size)
{
    return must_fail(CALLER) ? NULL : entered(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return must_fail(CALLER) ? NULL : entered(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (must_fail(CALLER))
        return NULL;
    return block != NULL ? __real_realloc(block, size) : entered(__real_realloc(NULL, size));
}

char *__wrap_strdup(const char *text)
{
    return must_fail(CALLER) ? NULL : entered(__real_strdup(text));
}

void __wrap_free(void *block)
{
    if (block != NULL)
        ledger_add(LEDGER_BLOCKS, -1);
    __real_free(block);
}

locale_t __wrap_newlocale(int mask, const char *name, locale_t base)
{
    if (must_fail(CALLER))
        return (locale_t)0;
    ledger_add(LEDGER_LOCALES, 1);
    return __real_newlocale(mask, name, base);
}

void __wrap_freelocale(locale_t locale)
{
    ledger_add(LEDGER_LOCALES, -1);
    __real_freelocale(locale);
}

void failing_malloc_serve_cjson(void)
{
    cJSON_Hooks hooks = {.malloc_fn = malloc, .free_fn = free};
    cJSON_InitHooks(&hooks);
}

/* NOLINTEND(bugprone-reserved-identifier) */
