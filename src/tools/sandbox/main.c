/* deepomatic-sandbox: a server with Deepomatic's recognition API, for tests. */
#include "networks.h"
#include "options.h"
#include "request_log.h"
#include "sandbox.h"
#include "server.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_USAGE = 2 };

/* Blocks the signals that stop the program, also for the threads that follow. serve_until waits for them. */
static sigset_t block_signals(void)
{
    sigset_t signals;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return signals;
}

/* In a URL, an IPv6 address stands in brackets. */
static void announce(const char *host, unsigned port)
{
    bool brackets = strchr(host, ':') != NULL;

    printf("listening on http://%s%s%s:%u\n", brackets ? "[" : "", host, brackets ? "]" : "", port);
    fflush(stdout);
}

/* Serves requests until one of the signals arrives. */
static int serve_until(const sigset_t *signals, struct sandbox *sandbox)
{
    const struct options *options = &sandbox->options;
    const char *error = NULL;
    struct server *server = server_start(sandbox, &error);
    int received;

    if (server == NULL) {
        fprintf(stderr, "deepomatic-sandbox: --host %s --port %" PRId64 ": cannot listen: %s\n", options->host,
                options->port, error);
        return EXIT_FAILURE;
    }
    announce(options->host, server_port(server));
    sigwait(signals, &received);
    server_stop(server);
    return EXIT_SUCCESS;
}

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Opens the files of the options. Prints an error message and returns false if one is missing. */
static bool open_paths(struct sandbox *sandbox)
{
    const struct options *options = &sandbox->options;

    if (options->files != NULL && !is_folder(options->files)) {
        fprintf(stderr, "deepomatic-sandbox: --files %s: not a directory\n", options->files);
        return false;
    }
    if (options->request_log != NULL && (sandbox->log = request_log_open(options->request_log)) == NULL) {
        fprintf(stderr, "deepomatic-sandbox: --request-log %s: %s\n", options->request_log, strerror(errno));
        return false;
    }
    return true;
}

static int run(struct sandbox *sandbox)
{
    sigset_t signals = block_signals();
    int status = EXIT_FAILURE;

    curl_global_init(CURL_GLOBAL_ALL);
    store_open(&sandbox->store);
    rate_limit_open(&sandbox->rate_limit, sandbox->options.rate_limit_kind, sandbox->options.rate_limit);
    networks_add(&sandbox->store, sandbox->options.networks);
    if (open_paths(sandbox))
        status = serve_until(&signals, sandbox);
    request_log_close(sandbox->log);
    rate_limit_close(&sandbox->rate_limit);
    store_close(&sandbox->store);
    curl_global_cleanup();
    return status;
}

int main(int argc, char **argv)
{
    struct sandbox sandbox = {0};
    enum options_outcome outcome = options_read(argc, argv, &sandbox.options);
    int status = outcome == OPTIONS_DONE ? EXIT_SUCCESS : EXIT_USAGE;

    if (outcome == OPTIONS_RUN)
        status = run(&sandbox);
    options_clear(&sandbox.options);
    return status;
}
