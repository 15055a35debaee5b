#include "faulty_proxy.h"

#include "http_message.h"
#include "loopback.h"
#include "random_number.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BACKLOG = 128, MAX_SPARE = 64, DELAY_US = 20 * 1000 };

/* Memory shared by both processes. */
struct tally {
    atomic_size_t requests;
    atomic_size_t faults[PROXY_FAULTS];
    atomic_size_t broken; /* the sandbox could not be reached */
};

struct faulty_proxy {
    pid_t pid;
    struct tally *tally;
    char url[LOOPBACK_URL_SIZE];
};

/* ---- The child: the proxy itself ---- */

static struct {
    int listener;
    in_port_t sandbox_port;
    unsigned faults_in_a_thousand;
    uint64_t seed;
    struct tally *tally;
    pthread_mutex_t mutex; /* protects the following members */
    int spare[MAX_SPARE];  /* connections to the sandbox that are not in use */
    size_t spare_count;
} proxy = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* One connection from the library. */
struct visit {
    int fd;
    uint64_t random;
    struct http_message request;
    struct http_message reply;
};

static void send_without_delay(int fd)
{
    const int enabled = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof enabled);
}

static int connect_to_sandbox(void)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = proxy.sandbox_port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        send_without_delay(fd);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static int take_spare(void)
{
    int fd = -1;

    pthread_mutex_lock(&proxy.mutex);
    if (proxy.spare_count > 0)
        fd = proxy.spare[--proxy.spare_count];
    pthread_mutex_unlock(&proxy.mutex);
    return fd >= 0 ? fd : connect_to_sandbox();
}

static void give_spare(int fd)
{
    pthread_mutex_lock(&proxy.mutex);
    if (proxy.spare_count < MAX_SPARE) {
        proxy.spare[proxy.spare_count++] = fd;
        fd = -1;
    }
    pthread_mutex_unlock(&proxy.mutex);
    if (fd >= 0)
        close(fd);
}

/* Forwards the request to the sandbox. */
static bool forward(struct visit *visit)
{
    const int fd = take_spare();

    if (fd >= 0 && http_send(fd, visit->request.bytes, visit->request.length) && http_message_read(fd, &visit->reply)) {
        give_spare(fd);
        return true;
    }
    atomic_fetch_add(&proxy.tally->broken, 1);
    if (fd >= 0)
        close(fd);
    return false;
}

/* The following functions play a fault, or none. Each returns true if the connection stays open. */

static bool reset(const struct visit *visit)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(visit->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return false;
}

static bool answer(const struct visit *visit, const char *text)
{
    return http_send(visit->fd, text, strlen(text));
}

static bool cut(struct visit *visit)
{
    const size_t length = 1 + (size_t)random_below(&visit->random, visit->reply.length - 1);

    http_send(visit->fd, visit->reply.bytes, length);
    return false;
}

static bool pass_on(const struct visit *visit)
{
    return http_send(visit->fd, visit->reply.bytes, visit->reply.length);
}

static bool delay(const struct visit *visit)
{
    usleep(DELAY_US);
    return pass_on(visit);
}

#define UNAVAILABLE "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"

static bool play(struct visit *visit, enum proxy_fault fault)
{
    switch (fault) {
    case PROXY_RESET_BEFORE:
        return reset(visit);
    case PROXY_RESET_AFTER:
        return forward(visit) && reset(visit);
    case PROXY_CUT:
        return forward(visit) && cut(visit);
    case PROXY_UNAVAILABLE:
        return answer(visit, UNAVAILABLE "\r\n");
    case PROXY_UNAVAILABLE_AFTER:
        return forward(visit) && answer(visit, UNAVAILABLE "\r\n");
    case PROXY_RETRY_AFTER:
        return answer(visit, UNAVAILABLE "Retry-After: 0\r\n\r\n");
    case PROXY_TURNED_AWAY:
        return answer(visit, "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nRetry-After: 3600\r\n\r\n");
    case PROXY_DELAY:
        return forward(visit) && delay(visit);
    case PROXY_FAULTS:
        break;
    }
    return forward(visit) && pass_on(visit);
}

static bool is_create(const struct visit *visit)
{
    return http_message_begins(&visit->request, "POST /v0.7/recognition/specs HTTP/");
}

/* Returns PROXY_FAULTS if the request gets no fault. */
static enum proxy_fault choose_fault(struct visit *visit)
{
    if (random_below(&visit->random, 1000) >= proxy.faults_in_a_thousand)
        return PROXY_FAULTS;
    const enum proxy_fault fault = (enum proxy_fault)random_below(&visit->random, PROXY_FAULTS);
    return fault == PROXY_TURNED_AWAY && !is_create(visit) ? PROXY_RETRY_AFTER : fault;
}

static bool serve_request(struct visit *visit)
{
    const enum proxy_fault fault = choose_fault(visit);

    atomic_fetch_add(&proxy.tally->requests, 1);
    if (fault != PROXY_FAULTS)
        atomic_fetch_add(&proxy.tally->faults[fault], 1);
    return play(visit, fault);
}

static void *serve_visit(void *data)
{
    struct visit *visit = data;

    while (http_message_read(visit->fd, &visit->request) && serve_request(visit))
        ;
    close(visit->fd);
    free(visit);
    return NULL;
}

static void begin_visit(int fd, uint64_t number)
{
    struct visit *visit = malloc(sizeof *visit);
    pthread_t thread;

    if (visit == NULL)
        abort();
    visit->fd = fd;
    visit->random = proxy.seed + number;
    send_without_delay(fd);
    if (pthread_create(&thread, NULL, serve_visit, visit) != 0)
        abort();
    pthread_detach(thread);
}

static _Noreturn void run_proxy(void)
{
    for (uint64_t number = 1;; number++) {
        const int fd = accept4(proxy.listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd < 0)
            abort();
        begin_visit(fd, number);
    }
}

/* ---- The parent ---- */

static bool start_child(struct faulty_proxy *faulty_proxy)
{
    const pid_t parent = getpid();

    faulty_proxy->pid = fork();
    if (faulty_proxy->pid != 0)
        return faulty_proxy->pid > 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    run_proxy();
}

static struct tally *share_tally(void)
{
    void *shared = mmap(NULL, sizeof(struct tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return shared != MAP_FAILED ? shared : NULL;
}

static int listen_blocking(void)
{
    const int listener = loopback_listen(BACKLOG, 0);

    if (listener >= 0)
        fcntl(listener, F_SETFL, 0); /* the accepting thread has nothing else to do */
    return listener;
}

struct faulty_proxy *faulty_proxy_start(const char *url, unsigned faults_in_a_thousand, uint64_t seed)
{
    struct faulty_proxy *made = calloc(1, sizeof *made);

    proxy.listener = listen_blocking();
    proxy.tally = share_tally();
    if (made == NULL || proxy.listener < 0 || proxy.tally == NULL)
        abort();
    proxy.sandbox_port = htons((in_port_t)strtoul(strrchr(url, ':') + 1, NULL, 10));
    proxy.faults_in_a_thousand = faults_in_a_thousand;
    proxy.seed = seed;
    made->tally = proxy.tally;
    loopback_url(proxy.listener, made->url);
    const bool started = start_child(made);
    close(proxy.listener);
    if (started)
        return made;
    munmap(made->tally, sizeof *made->tally);
    free(made);
    return NULL;
}

const char *faulty_proxy_url(const struct faulty_proxy *faulty_proxy)
{
    return faulty_proxy->url;
}

size_t faulty_proxy_requests(const struct faulty_proxy *faulty_proxy)
{
    return atomic_load(&faulty_proxy->tally->requests);
}

size_t faulty_proxy_count(const struct faulty_proxy *faulty_proxy, enum proxy_fault fault)
{
    return atomic_load(&faulty_proxy->tally->faults[fault]);
}

const char *faulty_proxy_name(enum proxy_fault fault)
{
    static const char *const names[PROXY_FAULTS] = {
        [PROXY_RESET_BEFORE] = "reset before the sandbox saw it",
        [PROXY_RESET_AFTER] = "reset after it was carried out",
        [PROXY_CUT] = "reply cut short",
        [PROXY_UNAVAILABLE] = "503",
        [PROXY_UNAVAILABLE_AFTER] = "503 after it was carried out",
        [PROXY_RETRY_AFTER] = "503 with Retry-After",
        [PROXY_TURNED_AWAY] = "429, a create turned away for an hour",
        [PROXY_DELAY] = "reply late",
    };

    return names[fault];
}

bool faulty_proxy_stop(struct faulty_proxy *faulty_proxy)
{
    const size_t broken = atomic_load(&faulty_proxy->tally->broken);
    int status = 0;

    kill(faulty_proxy->pid, SIGTERM);
    while (waitpid(faulty_proxy->pid, &status, 0) < 0 && errno == EINTR)
        ;
    munmap(faulty_proxy->tally, sizeof *faulty_proxy->tally);
    free(faulty_proxy);
    return broken == 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
}
