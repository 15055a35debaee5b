/* Faults on purpose (--fault), so that users can test how their programs handle errors. */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAULT_UNSET = -1 }; /* a number that was not given */

enum fault_kind {
    FAULT_REPLY, /* a reply is sent, but delayed, cut, or with another status */
    FAULT_STALL, /* no reply, and the connection stays open */
    FAULT_CLOSE, /* no reply, and the connection is closed */
    FAULT_RESET, /* no reply, and the connection is reset */
};

struct fault {
    char *method; /* "*": any */
    char *path;   /* '*' stands for any characters */
    enum fault_kind kind;
    bool early;        /* before the request's body is read */
    int64_t status;    /* FAULT_UNSET: the request is carried out */
    char *retry_after; /* NULL: no such header */
    int64_t cut;       /* bytes of the reply's body that are sent */
    int64_t delay;     /* milliseconds before the reply */
    int64_t skip;      /* matching requests before the first fault */
    int64_t count;     /* matching requests with a fault */
    atomic_llong seen; /* matching requests so far */
};

struct faults {
    struct fault *items;
    size_t count;
};

/* Adds a fault, which is taken over. */
void faults_add(struct faults *faults, struct fault fault);
void faults_clear(struct faults *faults);
void fault_clear(struct fault *fault);

/* Returns the first fault that a request meets, or NULL, and counts the request. path has no query. */
const struct fault *faults_take(const struct faults *faults, const char *method, const char *path);

#endif
