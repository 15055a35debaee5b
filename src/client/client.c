#include "client/client.h"

#include "base/check.h"
#include "base/random.h"
#include "base/system.h"
#include "client/options.h"
#include "transport/curl_versions.h"
#include "transport/log.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_IDLE_ENGINES = 16 };

struct dm_client {
    struct client_settings settings;
    pid_t process;
    pthread_mutex_t mutex; /* protects the members below */
    struct engine *idle[MAX_IDLE_ENGINES];
    size_t idle_count;
    uint64_t random_state;
    struct pace_table paces;
};

const char *dm_library_version(void)
{
    return DM_VERSION;
}

/* Before 7.84, only one thread at a time may initialise or clean up libcurl. */
static pthread_mutex_t global_mutex = PTHREAD_MUTEX_INITIALIZER;

static CURLcode init_libcurl(void)
{
    pthread_mutex_lock(&global_mutex);
    const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    pthread_mutex_unlock(&global_mutex);
    return code;
}

static void clean_up_libcurl(void)
{
    pthread_mutex_lock(&global_mutex);
    curl_global_cleanup();
    pthread_mutex_unlock(&global_mutex);
}

static bool start_libcurl(struct failure *failure)
{
    const char *too_old = curl_versions_too_old();
    if (too_old != NULL)
        return failure_set(failure, DM_ERR_SYSTEM,
                           "libcurl %s is loaded, but libdeepomatic was built for " LIBCURL_VERSION
                           ": install that or a newer one, or build libdeepomatic on this machine",
                           too_old);
    const CURLcode code = init_libcurl();
    if (code == CURLE_OUT_OF_MEMORY)
        return failure_no_memory(failure);
    return code == CURLE_OK || failure_set(failure, DM_ERR_SYSTEM, "libcurl cannot be initialised");
}

/* Returns NULL on failure. libcurl is initialised already; dm_client_free cleans it up. */
static dm_client *make_client(const dm_client_options *options, struct failure *failure)
{
    dm_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        clean_up_libcurl();
        failure_no_memory(failure);
        return NULL;
    }
    client->process = getpid();
    pthread_mutex_init(&client->mutex, NULL);
    options_resolve(options, &client->settings, failure);
    if (failure->status == DM_OK && !system_random(&client->random_state, sizeof client->random_state))
        failure_set(failure, DM_ERR_SYSTEM, "the operating system provides no random bytes");
    if (failure->status == DM_OK)
        return client;
    dm_client_free(client);
    return NULL;
}

static void log_warnings(const struct transport_settings *settings, const dm_client_options *options)
{
    log_tls_unverified(settings, options_unverified_reason(options));
    log_look_ups_block(settings);
}

dm_status dm_client_new(const dm_client_options *options, dm_client **client, dm_error *error)
{
    struct failure failure;

    failure_init(&failure, error);
    if (!check_not_null(&failure, "client", client))
        return failure.status;
    *client = start_libcurl(&failure) ? make_client(options, &failure) : NULL;
    if (*client != NULL)
        log_warnings(&(*client)->settings.transport, options);
    return failure.status;
}

void dm_client_free(dm_client *client)
{
    if (client == NULL)
        return;
    while (client->idle_count > 0) {
        struct engine *engine = client->idle[--client->idle_count];
        engine_adopt(engine);
        engine_free(engine);
    }
    pthread_mutex_destroy(&client->mutex);
    options_free(&client->settings);
    free(client);
    clean_up_libcurl();
}

const struct client_settings *client_settings(const dm_client *client)
{
    return &client->settings;
}

bool client_is_ours(const dm_client *client)
{
    return client->process == getpid();
}

bool client_check_process(const dm_client *client, struct failure *failure)
{
    if (client_is_ours(client))
        return true;
    /* uncovered begin: a child process ends without writing its counts */
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                       "the client was made before a fork; a child process must make its own");
    /* uncovered end */
}

double client_random(dm_client *client)
{
    pthread_mutex_lock(&client->mutex);
    const double fraction = random_fraction(&client->random_state);
    pthread_mutex_unlock(&client->mutex);
    return fraction;
}

struct pace client_pace(dm_client *client, struct pace_key key)
{
    pthread_mutex_lock(&client->mutex);
    const struct pace pace = pace_table_get(&client->paces, key);
    pthread_mutex_unlock(&client->mutex);
    return pace;
}

void client_learn_pace(dm_client *client, struct pace_key key, const struct pace_observation *observation)
{
    pthread_mutex_lock(&client->mutex);
    pace_table_learn(&client->paces, key, observation);
    pthread_mutex_unlock(&client->mutex);
}

struct engine *client_take_engine(dm_client *client)
{
    struct engine *engine = NULL;

    pthread_mutex_lock(&client->mutex);
    if (client->idle_count > 0)
        engine = client->idle[--client->idle_count];
    pthread_mutex_unlock(&client->mutex);
    if (engine == NULL)
        return engine_new(&client->settings.transport);
    engine_adopt(engine);
    return engine;
}

void client_give_engine(dm_client *client, struct engine *engine)
{
    if (engine == NULL)
        return;
    pthread_mutex_lock(&client->mutex);
    if (client->idle_count < MAX_IDLE_ENGINES) {
        client->idle[client->idle_count++] = engine;
        engine = NULL;
    }
    pthread_mutex_unlock(&client->mutex);
    engine_free(engine);
}
