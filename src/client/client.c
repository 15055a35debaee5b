#include "client/client.h"

#include "base/error.h"
#include "client/options.h"
#include "transport/log.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>

enum { MAX_IDLE_ENGINES = 16 };

struct dm_client {
    struct settings settings;
    pthread_mutex_t mutex; /* over what follows */
    struct engine *idle[MAX_IDLE_ENGINES];
    size_t idle_count;
};

const char *dm_library_version(void)
{
    return DM_VERSION;
}

dm_status dm_client_new(const dm_client_options *options, dm_client **client, dm_error *error)
{
    dm_status status = DM_OK;

    error_clear(error);
    if (client == NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "dm_client_new: client must not be NULL");
    *client = NULL;
    const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code == CURLE_OUT_OF_MEMORY)
        return error_no_memory(error);
    if (code != CURLE_OK)
        return error_set(error, DM_ERR_SYSTEM, "libcurl cannot be initialised");

    dm_client *made = calloc(1, sizeof *made);
    if (made == NULL) {
        curl_global_cleanup();
        return error_no_memory(error);
    }
    pthread_mutex_init(&made->mutex, NULL);
    status = options_resolve(options, &made->settings, error);
    if (status != DM_OK) {
        dm_client_free(made);
        return status;
    }
    log_tls_unverified(&made->settings);
    *client = made;
    return DM_OK;
}

void dm_client_free(dm_client *client)
{
    if (client == NULL)
        return;
    while (client->idle_count > 0) {
        struct engine *idle = client->idle[--client->idle_count];
        engine_adopt(idle);
        engine_free(idle);
    }
    pthread_mutex_destroy(&client->mutex);
    options_free(&client->settings);
    free(client);
    curl_global_cleanup();
}

const struct settings *client_settings(const dm_client *client)
{
    return &client->settings;
}

struct engine *client_take_engine(dm_client *client)
{
    struct engine *taken = NULL;

    pthread_mutex_lock(&client->mutex);
    if (client->idle_count > 0)
        taken = client->idle[--client->idle_count];
    pthread_mutex_unlock(&client->mutex);
    if (taken == NULL)
        return engine_new(&client->settings);
    engine_adopt(taken);
    return taken;
}

void client_give_engine(dm_client *client, struct engine *idle)
{
    if (idle == NULL)
        return;
    pthread_mutex_lock(&client->mutex);
    if (client->idle_count < MAX_IDLE_ENGINES) {
        client->idle[client->idle_count++] = idle;
        idle = NULL;
    }
    pthread_mutex_unlock(&client->mutex);
    engine_free(idle);
}
