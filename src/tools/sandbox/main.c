/* deepomatic-sandbox: Deepomatic's recognition API on this machine, for tests. */
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

/* Blocks the signals that end the program, for all the threads to come: only serve_until takes them. */
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

static int serve_until(const sigset_t *signals, struct sandbox *sandbox)
{
    struct server *server = server_start(sandbox);
    int received;

    if (server == NULL) {
        fprintf(stderr, "deepomatic-sandbox: can't listen on port %" PRId64 ": %s\n", sandbox->options.port,
                strerror(errno));
        return EXIT_FAILURE;
    }
    printf("listening on http://127.0.0.1:%u\n", server_port(server));
    fflush(stdout);
    sigwait(signals, &received);
    server_stop(server);
    return EXIT_SUCCESS;
}

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Opens what the options name; says what is missing. */
static bool open_paths(struct sandbox *sandbox)
{
    const struct options *options = &sandbox->options;

    if (options->files != NULL && !is_folder(options->files)) {
        fprintf(stderr, "deepomatic-sandbox: %s is not a folder\n", options->files);
        return false;
    }
    if (options->request_log != NULL && (sandbox->log = request_log_open(options->request_log)) == NULL) {
        fprintf(stderr, "deepomatic-sandbox: can't open the request log %s: %s\n", options->request_log,
                strerror(errno));
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
    if (open_paths(sandbox))
        status = serve_until(&signals, sandbox);
    request_log_close(sandbox->log);
    store_close(&sandbox->store);
    curl_global_cleanup();
    return status;
}

int main(int argc, char **argv)
{
    struct sandbox sandbox = {0};

    switch (options_read(argc, argv, &sandbox.options)) {
    case OPTIONS_RUN:
        return run(&sandbox);
    case OPTIONS_DONE:
        return EXIT_SUCCESS;
    default:
        return EXIT_USAGE;
    }
}
