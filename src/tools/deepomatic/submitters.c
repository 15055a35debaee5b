#include "submitters.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* First in, first out. */
struct line {
    struct job *first;
    struct job *last;
};

struct submitters {
    const struct cli *cli;
    const dm_infer_options *options;
    pthread_t *threads;
    size_t thread_count;
    int signal_ends[2]; /* a pipe with one byte for each job in `finished` */

    pthread_mutex_t mutex; /* protects the members below */
    pthread_cond_t changed;
    struct line pushed;
    struct line finished;
    bool closed;
};

static void append(struct line *line, struct job *job)
{
    job->next_in_line = NULL;
    if (line->first == NULL)
        line->first = job;
    else
        line->last->next_in_line = job;
    line->last = job;
}

static struct job *pop(struct line *line)
{
    struct job *first = line->first;

    if (first != NULL)
        line->first = first->next_in_line;
    return first;
}

/* ---- A thread ---- */

/* NULL: there is no more work. */
static struct job *await_pushed(struct submitters *submitters)
{
    pthread_mutex_lock(&submitters->mutex);
    while (submitters->pushed.first == NULL && !submitters->closed)
        pthread_cond_wait(&submitters->changed, &submitters->mutex);
    struct job *job = pop(&submitters->pushed);
    pthread_mutex_unlock(&submitters->mutex);
    return job;
}

static void submit(const struct submitters *submitters, struct job *job)
{
    const struct cli *cli = submitters->cli;
    const struct operands *target = cli->operands;
    const dm_input *input = &job->image.input;

    if (target->version_id != 0)
        job->status = dm_version_submit(cli->client, target->version_id, input, 1, submitters->options, &cli->call,
                                        &job->task_id, &job->error);
    else
        job->status = dm_spec_submit(cli->client, target->spec, input, 1, submitters->options, &cli->call,
                                     &job->task_id, &job->error);
}

/* The pipe has room: it holds more bytes than there can be jobs. */
static void give_back(struct submitters *submitters, struct job *job)
{
    ssize_t written;

    pthread_mutex_lock(&submitters->mutex);
    append(&submitters->finished, job);
    pthread_mutex_unlock(&submitters->mutex);
    do
        written = write(submitters->signal_ends[1], "", 1);
    while (written < 0 && errno == EINTR);
}

static void *work(void *data)
{
    struct submitters *submitters = data;

    for (struct job *job = await_pushed(submitters); job != NULL; job = await_pushed(submitters)) {
        submit(submitters, job);
        give_back(submitters, job);
    }
    return NULL;
}

/* ---- The main thread ---- */

/* Signals go to the main thread, whose waiting they end. */
static int start_threads(struct submitters *submitters, size_t thread_count)
{
    sigset_t all;
    sigset_t previous;
    int code = 0;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    while (code == 0 && submitters->thread_count < thread_count) {
        code = pthread_create(&submitters->threads[submitters->thread_count], NULL, work, submitters);
        submitters->thread_count += code == 0;
    }
    pthread_sigmask(SIG_SETMASK, &previous, NULL);
    return submitters->thread_count > 0 ? 0 : code;
}

static bool fail(dm_error *error, const char *what, int error_number)
{
    *error = (dm_error){.status = DM_ERR_SYSTEM};
    snprintf(error->message, sizeof error->message, "%s: %s", what, strerror(error_number));
    return false;
}

static bool start(struct submitters *submitters, size_t thread_count, dm_error *error)
{
    if (pipe(submitters->signal_ends) != 0)
        return fail(error, "no pipe", errno);
    fcntl(submitters->signal_ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(submitters->signal_ends[1], F_SETFD, FD_CLOEXEC);
    const int code = start_threads(submitters, thread_count);
    return code == 0 || fail(error, "no thread", code);
}

struct submitters *submitters_open(const struct cli *cli, const dm_infer_options *options, size_t thread_count,
                                   dm_error *error)
{
    struct submitters *submitters = memory_array(NULL, 1, sizeof *submitters);

    *submitters = (struct submitters){.cli = cli, .options = options, .signal_ends = {-1, -1}};
    submitters->threads = memory_array(NULL, thread_count, sizeof submitters->threads[0]);
    pthread_mutex_init(&submitters->mutex, NULL);
    pthread_cond_init(&submitters->changed, NULL);
    if (start(submitters, thread_count, error))
        return submitters;
    submitters_close(submitters);
    return NULL;
}

void submitters_push(struct submitters *submitters, struct job *job)
{
    pthread_mutex_lock(&submitters->mutex);
    append(&submitters->pushed, job);
    pthread_cond_signal(&submitters->changed);
    pthread_mutex_unlock(&submitters->mutex);
}

struct job *submitters_take(struct submitters *submitters)
{
    char byte;

    while (read(submitters->signal_ends[0], &byte, 1) < 0 && errno == EINTR)
        continue;
    pthread_mutex_lock(&submitters->mutex);
    struct job *job = pop(&submitters->finished);
    pthread_mutex_unlock(&submitters->mutex);
    return job;
}

int submitters_descriptor(const struct submitters *submitters)
{
    return submitters->signal_ends[0];
}

static void end_threads(struct submitters *submitters)
{
    pthread_mutex_lock(&submitters->mutex);
    submitters->closed = true;
    pthread_cond_broadcast(&submitters->changed);
    pthread_mutex_unlock(&submitters->mutex);
    for (size_t i = 0; i < submitters->thread_count; i++)
        pthread_join(submitters->threads[i], NULL);
}

void submitters_close(struct submitters *submitters)
{
    if (submitters == NULL)
        return;
    end_threads(submitters);
    for (size_t i = 0; i < 2; i++)
        if (submitters->signal_ends[i] >= 0)
            close(submitters->signal_ends[i]);
    pthread_cond_destroy(&submitters->changed);
    pthread_mutex_destroy(&submitters->mutex);
    free(submitters->threads);
    free(submitters);
}
