/* Recognises images in a poll loop: event_loop [SPECIFICATION] < LIST, where LIST has the path of an image in each
 * line. The loop waits for standard input and for results at the same time. At the end it prints its longest gap:
 * the longest time between two waits, in which it could not have handled other events. */
#include <deepomatic.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LINE = 4096 };

struct loop {
    dm_queue *queue;
    dm_spec_id spec;
    dm_error error;
    char input[MAX_LINE]; /* what was read and not pushed yet */
    size_t length;
    bool at_end;   /* of standard input */
    bool is_full;  /* the queue */
    int in_flight; /* images */
    int failures;
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static dm_status push_path(struct loop *loop, const char *path)
{
    char *tag = strdup(path);
    const dm_input input = dm_image_file(path);
    const dm_status status = dm_queue_push_spec(loop->queue, loop->spec, &input, 1, NULL, tag, &loop->error);
    if (status != DM_OK)
        free(tag);
    loop->in_flight += status == DM_OK;
    return status;
}

/* Pushes the complete lines that were read, until the queue is full. It is called again when a result has been
 * taken. */
static dm_status push_lines(struct loop *loop)
{
    dm_status status = DM_OK;
    char *end;
    while (status == DM_OK && (end = memchr(loop->input, '\n', loop->length)) != NULL) {
        *end = '\0';
        status = push_path(loop, loop->input);
        *end = '\n';
        if (status == DM_OK) {
            loop->length -= (size_t)(end + 1 - loop->input);
            memmove(loop->input, end + 1, loop->length);
        }
    }
    loop->is_full = status == DM_FULL;
    return loop->is_full ? DM_OK : status;
}

static void read_input(struct loop *loop)
{
    const ssize_t count = read(STDIN_FILENO, loop->input + loop->length, sizeof loop->input - loop->length);
    loop->at_end = count <= 0; /* a line that does not fit ends it, too */
    loop->length += count > 0 ? (size_t)count : 0;
}

/* The descriptor was readable, so there is a result, and this does not block. */
static dm_status take_result(struct loop *loop)
{
    dm_result *result = NULL;
    const dm_status status = dm_queue_next(loop->queue, NULL, &result, &loop->error);
    if (status != DM_OK)
        return status;
    if (result->status == DM_OK)
        printf("%s: %zu labels\n", (char *)result->tag, result->inference->outputs[0].labels.predicted_count);
    else
        fprintf(stderr, "%s: %s\n", (char *)result->tag, result->error.message);
    loop->failures += result->status != DM_OK;
    loop->in_flight--;
    free(result->tag);
    dm_result_free(result);
    return DM_OK;
}

static dm_status run(struct loop *loop)
{
    dm_status status = DM_OK;
    double longest_gap = 0;
    while (status == DM_OK && (!loop->at_end || loop->in_flight > 0)) {
        struct pollfd watched[] = {
            {.fd = dm_queue_descriptor(loop->queue), .events = POLLIN},
            {.fd = loop->at_end || loop->is_full ? -1 : STDIN_FILENO, .events = POLLIN},
        };
        poll(watched, 2, -1);
        const double woken_at = now_ms();
        if (watched[0].revents != 0)
            status = take_result(loop);
        if (watched[1].revents != 0)
            read_input(loop);
        if (status == DM_OK)
            status = push_lines(loop);
        if (now_ms() - woken_at > longest_gap)
            longest_gap = now_ms() - woken_at;
    }
    printf("longest gap: %.1f ms\n", longest_gap);
    return status;
}

int main(int argc, char **argv)
{
    dm_client *client = NULL;
    struct loop loop = {.spec = dm_public_spec(argc > 1 ? argv[1] : "fashion-v4")};

    dm_status status = dm_client_new(NULL, &client, &loop.error);
    if (status == DM_OK)
        status = dm_queue_new(client, NULL, &loop.queue, &loop.error);
    if (status == DM_OK)
        status = run(&loop);
    if (status != DM_OK)
        fprintf(stderr, "%s\n", loop.error.message);
    dm_queue_free(loop.queue);
    dm_client_free(client);
    return status == DM_OK && loop.failures == 0 ? 0 : 1;
}
