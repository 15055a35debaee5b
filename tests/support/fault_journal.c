#include "fault_journal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool fault_journal_init(struct fault_journal *journal, const struct fault_step *steps, size_t count)
{
    *journal = (struct fault_journal){.step_count = count};
    if (count == 0)
        return false;
    journal->steps = malloc(count * sizeof *steps);
    if (journal->steps == NULL)
        return false;
    memcpy(journal->steps, steps, count * sizeof *steps);
    pthread_mutex_init(&journal->mutex, NULL);
    init_condition(&journal->changed);
    return true;
}

void fault_journal_release(struct fault_journal *journal)
{
    for (size_t i = 0; i < journal->request_count; i++)
        fault_request_free(journal->requests[i]);
    free(journal->requests);
    free(journal->steps);
    pthread_cond_destroy(&journal->changed);
    pthread_mutex_destroy(&journal->mutex);
}

static const struct fault_step *due_step(const struct fault_journal *journal)
{
    size_t last = journal->step_count - 1;

    return &journal->steps[journal->steps_taken < last ? journal->steps_taken : last];
}

const struct fault_step *fault_journal_take_step(struct fault_journal *journal)
{
    pthread_mutex_lock(&journal->mutex);
    const struct fault_step *step = due_step(journal);
    journal->steps_taken++;
    pthread_mutex_unlock(&journal->mutex);
    return step;
}

const struct fault_step *fault_journal_take_step_on_accept(struct fault_journal *journal)
{
    pthread_mutex_lock(&journal->mutex);
    const struct fault_step *step = due_step(journal);
    if (step->reading == FAULT_READ_NOTHING)
        journal->steps_taken++;
    else
        step = NULL;
    pthread_mutex_unlock(&journal->mutex);
    return step;
}

void fault_journal_note_played(struct fault_journal *journal)
{
    pthread_mutex_lock(&journal->mutex);
    journal->steps_played++;
    pthread_cond_broadcast(&journal->changed);
    pthread_mutex_unlock(&journal->mutex);
}

size_t fault_journal_add_connection(struct fault_journal *journal)
{
    pthread_mutex_lock(&journal->mutex);
    size_t number = ++journal->connection_count;
    pthread_cond_broadcast(&journal->changed);
    pthread_mutex_unlock(&journal->mutex);
    return number;
}

static bool append_request(struct fault_journal *journal, struct fault_request *request)
{
    if (journal->request_count == journal->request_capacity) {
        size_t capacity = 2 * journal->request_capacity + 16;
        struct fault_request **grown = realloc(journal->requests, capacity * sizeof(struct fault_request *));

        if (grown == NULL)
            return false;
        journal->requests = grown;
        journal->request_capacity = capacity;
    }
    journal->requests[journal->request_count++] = request;
    return true;
}

bool fault_journal_add_request(struct fault_journal *journal, struct fault_request *request)
{
    pthread_mutex_lock(&journal->mutex);
    bool added = append_request(journal, request);
    pthread_cond_broadcast(&journal->changed);
    pthread_mutex_unlock(&journal->mutex);
    if (!added)
        fault_request_free(request);
    return added;
}

void fault_request_free(struct fault_request *request)
{
    if (request == NULL)
        return;
    free(request->method);
    free(request->target);
    free(request->head);
    free(request->body);
    free(request);
}

static size_t locked_read(struct fault_journal *journal, const size_t *count)
{
    pthread_mutex_lock(&journal->mutex);
    size_t value = *count;
    pthread_mutex_unlock(&journal->mutex);
    return value;
}

size_t fault_journal_connection_count(struct fault_journal *journal)
{
    return locked_read(journal, &journal->connection_count);
}

size_t fault_journal_request_count(struct fault_journal *journal)
{
    return locked_read(journal, &journal->request_count);
}

const struct fault_request *fault_journal_request(struct fault_journal *journal, size_t index)
{
    pthread_mutex_lock(&journal->mutex);
    const struct fault_request *request = index < journal->request_count ? journal->requests[index] : NULL;
    pthread_mutex_unlock(&journal->mutex);
    return request;
}

static struct timespec time_in_ms(int milliseconds)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += milliseconds / 1000;
    time.tv_nsec += milliseconds % 1000 * 1000000L;
    if (time.tv_nsec >= 1000000000L) {
        time.tv_nsec -= 1000000000L;
        time.tv_sec++;
    }
    return time;
}

static bool await_count(struct fault_journal *journal, const size_t *count, size_t wanted, int timeout_ms)
{
    struct timespec deadline = time_in_ms(timeout_ms);
    int failure = 0;

    pthread_mutex_lock(&journal->mutex);
    while (*count < wanted && failure == 0)
        failure = pthread_cond_timedwait(&journal->changed, &journal->mutex, &deadline);
    bool reached = *count >= wanted;
    pthread_mutex_unlock(&journal->mutex);
    return reached;
}

bool fault_journal_await_connections(struct fault_journal *journal, size_t count, int timeout_ms)
{
    return await_count(journal, &journal->connection_count, count, timeout_ms);
}

bool fault_journal_await_requests(struct fault_journal *journal, size_t count, int timeout_ms)
{
    return await_count(journal, &journal->request_count, count, timeout_ms);
}

bool fault_journal_await_played(struct fault_journal *journal, size_t count, int timeout_ms)
{
    return await_count(journal, &journal->steps_played, count, timeout_ms);
}
