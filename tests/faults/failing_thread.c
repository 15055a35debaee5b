/*
 * Wraps pthread_create with the linker's --wrap. It can fail, and in threads that the library starts, calls also fail
 * and are counted.
 */
#include "injection.h"
#include "ledger.h"

#include <pthread.h>
#include <stdlib.h>

/* The linker defines these names. NOLINTBEGIN(bugprone-reserved-identifier) */
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *data);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *data);
void *__real_malloc(size_t size);
void __real_free(void *block);

struct start {
    void *(*work)(void *);
    void *data;
    void *order;
    void *ledger;
};

static void *follow(void *data)
{
    const struct start start = *(struct start *)data;
    __real_free(data);
    injection_follow(start.order);
    ledger_follow(start.ledger);
    return start.work(start.data);
}

/* Threads of test servers are started while the ledger is closed, so they do not follow it. */
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *), void *data)
{
    if (injection_due(INJECT_THREAD, __builtin_return_address(0)))
        return injection_code();
    if (ledger_mine() == NULL)
        return __real_pthread_create(thread, attributes, work, data);
    struct start *start = __real_malloc(sizeof *start);
    if (start == NULL)
        abort();
    *start = (struct start){work, data, injection_mine(), ledger_mine()};
    return __real_pthread_create(thread, attributes, follow, start);
}

/* NOLINTEND(bugprone-reserved-identifier) */
