/* The shared state of a fault server's threads: the position in the script, and what was received. Thread-safe. */
#ifndef SUPPORT_FAULT_JOURNAL_H
#define SUPPORT_FAULT_JOURNAL_H

#include "fault_server.h"

#include <pthread.h>

struct fault_journal {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct fault_step *steps;
    size_t step_count;
    size_t steps_taken;
    size_t steps_played;
    size_t connection_count;
    struct fault_request **requests;
    size_t request_count;
    size_t request_capacity;
};

bool fault_journal_init(struct fault_journal *journal, const struct fault_step *steps, size_t count);
void fault_journal_release(struct fault_journal *journal);

/* The step for a request that has begun to arrive. */
const struct fault_step *fault_journal_take_step(struct fault_journal *journal);

/* The step for a new connection: only one that reads nothing is due before a request arrives; else NULL. */
const struct fault_step *fault_journal_take_step_on_accept(struct fault_journal *journal);

/* Records that a step was played completely. */
void fault_journal_note_played(struct fault_journal *journal);

/* Returns the connection's number, 1 for the first. */
size_t fault_journal_add_connection(struct fault_journal *journal);

/* Takes ownership, even if it returns false because memory ran out. */
bool fault_journal_add_request(struct fault_journal *journal, struct fault_request *request);

/* Frees the request; NULL is fine. */
void fault_request_free(struct fault_request *request);

size_t fault_journal_connection_count(struct fault_journal *journal);
size_t fault_journal_request_count(struct fault_journal *journal);
const struct fault_request *fault_journal_request(struct fault_journal *journal, size_t index);
bool fault_journal_await_connections(struct fault_journal *journal, size_t count, int timeout_ms);
bool fault_journal_await_requests(struct fault_journal *journal, size_t count, int timeout_ms);
bool fault_journal_await_played(struct fault_journal *journal, size_t count, int timeout_ms);

#endif
