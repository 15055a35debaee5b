/* Injection of failures. A test arms a failure; the wrappers in failing_malloc.c and failing_curl.c check at each call
 * whether it must fail. Only calls in the arming thread and in threads that it starts later fail, so that servers in
 * other threads work. */
#ifndef FAULTS_INJECTION_H
#define FAULTS_INJECTION_H

#include <stdbool.h>
#include <stddef.h>

enum injection_kind {
    INJECT_NOTHING,
    INJECT_MEMORY, /* malloc, calloc, realloc, strdup, newlocale, called by the library or by cJSON for it */
    INJECT_GLOBAL_INIT,
    INJECT_EASY_INIT,
    INJECT_EASY_SETOPT,
    INJECT_SLIST_APPEND,
    INJECT_MULTI_INIT,
    INJECT_MULTI_ADD_HANDLE,
    INJECT_MULTI_PERFORM,
    INJECT_MULTI_POLL,
    INJECT_TRANSFER, /* curl_multi_info_read reports a failure of a successful transfer */
    INJECT_EVENTFD,
    INJECT_GETENTROPY,
    INJECT_THREAD
};

struct injection {
    enum injection_kind kind;
    int code;      /* the code that the failing call returns, if it returns one */
    bool for_ever; /* every call from then on fails, not only one */
};

/* Arms a failure: the point-th call of that kind from now on fails, 1 being the first. */
void injection_arm(const struct injection *what, size_t point);

/* Disarms the failure, and returns how many calls have failed. */
size_t injection_disarm(void);

/* For a thread that works for the arming thread: its calls fail, too. */
void *injection_mine(void);
void injection_follow(void *other);

/* For the wrappers: returns true if this call, made from that address, must fail. */
bool injection_due(enum injection_kind kind, const void *caller);
int injection_code(void);

/* Writes where the first of the failed calls was made, as "PROGRAM+0xOFFSET" for addr2line. */
void injection_describe(char *place, size_t size);

#endif
