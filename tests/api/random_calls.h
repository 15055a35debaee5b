/* Threads that share a client and make random calls, and threads that cancel calls at random moments. */
#ifndef API_RANDOM_CALLS_H
#define API_RANDOM_CALLS_H

#include "threads_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { IMAGES = 4, MAX_ROUNDS = 200, NAME_SIZE = 32 };

/* Fewer under a sanitizer or valgrind, which make each round that much slower. */
int rounds(void);

/* ---- What the threads share ---- */

struct image {
    unsigned char *bytes;
    size_t size;
    char *base64;
    char *path;
    char *large_path; /* the same picture with many bytes behind it, which a decoder ignores */
    dm_inference *expected;
};

struct fixture {
    struct logged_client logged;
    char *folder;
    struct image images[IMAGES];
    atomic_bool workers_done;
};

/* Whether a specification must exist on the sandbox at the end. */
enum trace { TRACE_NONE, TRACE_MAYBE, TRACE_SURE };

/* A worker publishes the cancellation token of its call here, for the cancelling threads. */
struct target {
    pthread_mutex_t mutex;
    dm_cancel *cancel; /* NULL: no call is running */
    bool fired;
};

struct worker {
    struct fixture *fixture;
    int number;
    unsigned random;
    struct target target;
    dm_spec *own; /* this worker's own specification */
    enum trace traces[MAX_ROUNDS];
    int round;
    size_t right;
    size_t cancelled;
    char complaint[1024]; /* the first failure; a thread must not assert */
};

struct canceller {
    struct worker *workers;
    unsigned random;
    size_t fired;
};

/* ---- What the threads do ---- */

/* A thread that makes random calls; the argument is a struct worker. */
void *work(void *data);

/* A thread that cancels them until the workers are done; the argument is a struct canceller. */
void *cancel_at_random(void *data);

dm_status create(dm_client *client, const char *name, const dm_call_options *call, dm_spec **spec, dm_error *error);

/* Writes the name of the specification that a worker creates in a round. */
void write_name(char name[NAME_SIZE], int worker, int round);

#endif
