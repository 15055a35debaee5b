/*
 * Uses the library from 16 threads for a long time, with a fault in one request of a hundred, and checks the results:
 *
 *     soak [INFERENCES [PAIRS]]      200000 inferences and 50000 create/delete pairs by default
 *
 * Fails if an inference has a wrong result or none, if a create takes effect twice or contrary to its result, or if
 * memory or the number of file descriptors grows.
 */
#include "audit.h"
#include "books.h"
#include "faulty_proxy.h"
#include "heap.h"
#include "sandbox_process.h"
#include "usage.h"
#include "work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TENTHS = 10,
    FAULTS_IN_A_THOUSAND = 10,
    MAX_GROWTH_KIB = 1024,
    ENGINES = 17,           /* one for each thread, and the client without faults */
    ENGINE_DESCRIPTORS = 8, /* a few idle connections, and libcurl's own descriptors */
};

struct soak {
    struct sandbox_process *sandbox;
    struct faulty_proxy *proxy;
    dm_client *direct;
    dm_client *client; /* through the proxy */
    struct work_images images;
    struct books books;
    struct audit audit;
    double seconds;
    size_t descriptors_before;
    size_t memory[TENTHS];
    size_t descriptors[TENTHS];
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "soak: %s\n", what);
    exit(2);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static dm_client *client_of(const char *url)
{
    const dm_client_options options = {
        .api_key = "sandbox",
        .api_url = url,
        .proxy = "",
        .poll_delay_ms = 1,
        .max_poll_delay_ms = 20,
        .retry_delay_ms = 5,
        .max_retry_delay_ms = 50,
    };
    dm_client *client = NULL;
    dm_error error;

    if (dm_client_new(&options, &client, &error) != DM_OK)
        give_up(error.message);
    return client;
}

/* ---- Beginning and end ---- */

static void begin(struct soak *soak, size_t inferences, size_t pairs)
{
    /* The log of so many requests would be very large, so it is written to /dev/null. */
    static const char *const arguments[] = {"--task-delay-ms", "0", "--request-log", "/dev/null", NULL};
    const uint64_t seed = (uint64_t)time(NULL);

    soak->sandbox = sandbox_start(arguments);
    if (soak->sandbox == NULL)
        give_up("no sandbox");
    soak->proxy = faulty_proxy_start(sandbox_url(soak->sandbox), FAULTS_IN_A_THOUSAND, seed);
    if (soak->proxy == NULL)
        give_up("no proxy");
    soak->descriptors_before = usage_descriptors();
    soak->direct = client_of(sandbox_url(soak->sandbox));
    work_images_make(&soak->images, soak->direct);
    books_open(&soak->books, inferences, pairs);
    audit_open(&soak->audit, soak->direct, &soak->books);
    soak->client = client_of(faulty_proxy_url(soak->proxy));
}

static void end(struct soak *soak)
{
    dm_client_free(soak->client);
    dm_client_free(soak->direct);
    const size_t left = usage_descriptors();
    if (left != soak->descriptors_before)
        books_complain(&soak->books, "%zu file descriptors before the clients were made, %zu after they were freed",
                       soak->descriptors_before, left);
    if (!faulty_proxy_stop(soak->proxy))
        books_complain(&soak->books, "the proxy was not well, so the faults were not those that it counted");
    if (sandbox_stop(soak->sandbox) != 0)
        books_complain(&soak->books, "the sandbox was not well");
    work_images_free(&soak->images);
}

/* ---- The work ---- */

static void print_tenth(const struct soak *soak, size_t tenth, double seconds)
{
    printf("tenth %2zu: %6.1f s, %zu KiB resident, %zu file descriptors\n", tenth + 1, seconds, soak->memory[tenth],
           soak->descriptors[tenth]);
    fflush(stdout);
}

static void run_tenth(struct soak *soak, size_t tenth)
{
    const double start = now();

    work_do_tenth(&soak->books, &soak->images, soak->client, tenth);
    const double seconds = now() - start;
    soak->seconds += seconds;
    audit_leftovers(&soak->audit, &soak->books);
    soak->memory[tenth] = usage_memory_kib();
    soak->descriptors[tenth] = usage_descriptors();
    print_tenth(soak, tenth, seconds);
}

/* ---- The verdict ---- */

/* Sanitizers and valgrind do not release freed memory. */
static bool memory_is_ours(void)
{
    return getenv("DEEPOMATIC_TESTS_UNDER") == NULL;
}

static void judge_growth(struct soak *soak)
{
    const size_t first = soak->memory[0];
    const size_t last = soak->memory[TENTHS - 1];

    if (memory_is_ours() && last > first + MAX_GROWTH_KIB)
        books_complain(&soak->books, "memory grew by %zu KiB", last - first);
    for (size_t i = 0; i < TENTHS; i++) {
        if (soak->descriptors[i] > soak->descriptors_before + (size_t)ENGINES * ENGINE_DESCRIPTORS)
            books_complain(&soak->books, "%zu file descriptors are open", soak->descriptors[i]);
    }
}

static void judge_completeness(struct books *books)
{
    const size_t right = atomic_load(&books->inferences_right);
    const size_t accounted =
        books_count(books, PAIR_DONE) + books_count(books, PAIR_UNKNOWN) + books_count(books, PAIR_NOT_MADE);

    if (right != books->inference_count)
        books_complain(books, "%zu of %zu inferences are right", right, books->inference_count);
    if (accounted != books->pair_count)
        books_complain(books, "%zu of %zu pairs are accounted for", accounted, books->pair_count);
}

/* A soak test without faults proves nothing. In a short one, a kind of fault may be missing. */
static void judge_faults(struct soak *soak)
{
    enum { ENOUGH_FOR_EACH = 20000 };
    const size_t requests = faulty_proxy_requests(soak->proxy);

    for (int fault = 0; fault < PROXY_FAULTS; fault++)
        if (requests > ENOUGH_FOR_EACH && faulty_proxy_count(soak->proxy, (enum proxy_fault)fault) == 0)
            books_complain(&soak->books, "no request met the fault \"%s\"", faulty_proxy_name((enum proxy_fault)fault));
}

static void print_faults(const struct faulty_proxy *proxy)
{
    const size_t requests = faulty_proxy_requests(proxy);
    size_t faults = 0;

    for (int fault = 0; fault < PROXY_FAULTS; fault++)
        faults += faulty_proxy_count(proxy, (enum proxy_fault)fault);
    printf("%zu requests met %zu faults (%.2f %%):\n", requests, faults, 100.0 * (double)faults / (double)requests);
    for (int fault = 0; fault < PROXY_FAULTS; fault++)
        printf("%8zu %s\n", faulty_proxy_count(proxy, (enum proxy_fault)fault),
               faulty_proxy_name((enum proxy_fault)fault));
}

static void print_figures(const struct soak *soak)
{
    const struct books *books = &soak->books;
    const size_t first = soak->memory[0];
    const size_t last = soak->memory[TENTHS - 1];

    print_faults(soak->proxy);
    printf("%zu of %zu inferences answered correctly; the sandbox ran %zu\n", atomic_load(&books->inferences_right),
           books->inference_count, soak->audit.tasks_made);
    printf("%zu pairs: %zu created and deleted, %zu of unknown outcome (%zu existed), %zu certainly not made\n",
           books->pair_count, books_count(books, PAIR_DONE), books_count(books, PAIR_UNKNOWN), books_found(books),
           books_count(books, PAIR_NOT_MADE));
    printf("the sandbox made %zu specifications, the books know of %zu\n", soak->audit.specs_made,
           books_count(books, PAIR_DONE) + books_found(books));
    printf("memory: %zu KiB after the first tenth, %zu KiB after the last, %+ld KiB\n", first, last,
           (long)last - (long)first);
    printf("file descriptors: %zu before, %zu after the first tenth, %zu after the last\n", soak->descriptors_before,
           soak->descriptors[0], soak->descriptors[TENTHS - 1]);
    printf("%.1f s, %.0f calls/s\n", soak->seconds,
           (double)(books->inference_count + 2 * books->pair_count) / soak->seconds);
}

static size_t number_argument(int argc, char **argv, int index, size_t absent)
{
    char *end = NULL;

    if (index >= argc)
        return absent;
    errno = 0;
    const size_t number = strtoul(argv[index], &end, 10);
    if (errno != 0 || *end != '\0' || number == 0)
        give_up("usage: soak [INFERENCES [PAIRS]]");
    return number;
}

int main(int argc, char **argv)
{
    static struct soak soak;

    /* One arena: the number of arenas that glibc creates is random, which would hide growth. */
    heap_use_one_arena();
    begin(&soak, number_argument(argc, argv, 1, 200000), number_argument(argc, argv, 2, 50000));
    for (size_t tenth = 0; tenth < TENTHS; tenth++)
        run_tenth(&soak, tenth);
    audit_totals(&soak.audit, &soak.books);
    judge_completeness(&soak.books);
    judge_growth(&soak);
    judge_faults(&soak);
    print_figures(&soak);
    end(&soak);
    const size_t complaints = atomic_load(&soak.books.complaints);
    printf("%s: %zu wrong\n", complaints == 0 ? "ok" : "FAILED", complaints);
    books_close(&soak.books);
    return complaints == 0 ? 0 : 1;
}
