/* Uploads a model of many MiB over loopback: upload [MIB]. It must arrive completely, and memory must not grow. */
#include "heap.h"
#include "peak_memory.h"
#include "sandbox_process.h"
#include "sha256.h"
#include "temp_files.h"

#include <cjson/cJSON.h>
#include <deepomatic.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PREPROCESSING                                                                                                  \
    "{\"inputs\":[{\"tensor_name\":\"x\",\"image\":{\"dimension_order\":\"NHWC\",\"resize_type\":\"SQUASH\","          \
    "\"target_size\":\"224x224\",\"color_channels\":\"RGB\",\"data_type\":\"FLOAT32\"}}]}"

enum { DEFAULT_MIB = 2048, ALLOWED_GROWTH = 2 * 1024 * 1024 };

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

/* The last request's file part has the length and the SHA-256 of the file. */
static void check_arrived(const struct sandbox_process *sandbox, const char *path, size_t size)
{
    char digest[SHA256_HEX_SIZE];
    struct request_log *log = sandbox_requests_since(sandbox, sandbox_mark(sandbox) - 1);

    if (log == NULL || log->count != 1 || !sha256_of_file(path, digest))
        fail("the log or the file cannot be read");
    const cJSON *parts = cJSON_GetObjectItemCaseSensitive(log->items[0], "parts");
    const cJSON *part = cJSON_GetArrayItem(parts, cJSON_GetArraySize(parts) - 1);
    const cJSON *length = cJSON_GetObjectItemCaseSensitive(part, "length");
    if ((size_t)cJSON_GetNumberValue(length) != size ||
        strcmp(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(part, "sha256")), digest) != 0)
        fail("the file did not arrive as it is");
    request_log_free(log);
}

/* Uploads a sparse file of this size. Returns the growth of this process's peak memory. */
static size_t growth_for(dm_client *client, const struct sandbox_process *sandbox, const char *path, size_t size)
{
    const dm_network_file file = {.name = "saved_model.pb", .path = path};
    dm_network *network = NULL;
    dm_error error;
    size_t before = 0;
    size_t after = 0;

    if (!write_file_of_size(path, size, "model", 5))
        fail("the file cannot be written");
    heap_trim();
    if (!peak_memory_reset() || !peak_memory_read(&before))
        fail("the peak of the memory cannot be read");
    if (dm_network_create(client, "n", "tensorflow-1.x", PREPROCESSING, &file, 1, NULL, NULL, &network, &error) !=
        DM_OK)
        fail(error.message);
    peak_memory_read(&after);
    dm_network_free(network);
    check_arrived(sandbox, path, size);
    return after - before;
}

static void measure(dm_client *client, const struct sandbox_process *sandbox, const char *path, size_t mib)
{
    struct timespec start;
    struct timespec end;
    const size_t of_small = growth_for(client, sandbox, path, 1000);

    clock_gettime(CLOCK_MONOTONIC, &start);
    const size_t of_large = growth_for(client, sandbox, path, mib * 1024 * 1024);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("memory grows by %zu KiB for a file of 1 kB, and by %zu KiB for one of %zu MiB (%lld s)\n", of_small / 1024,
           of_large / 1024, mib, (long long)(end.tv_sec - start.tv_sec));
    if (of_large > of_small + ALLOWED_GROWTH)
        fail("that is more than 2 MiB more");
}

int main(int argc, char **argv)
{
    const size_t mib = argc > 1 ? strtoul(argv[1], NULL, 10) : DEFAULT_MIB;
    struct sandbox_process *sandbox = sandbox_start(NULL);
    char *folder = temp_folder_new();
    dm_client *client = NULL;
    dm_error error;

    heap_use_one_arena();
    if (sandbox == NULL || folder == NULL)
        fail("the sandbox or a folder is missing");
    char *path = temp_path(folder, "model");
    const dm_client_options options = {.api_url = sandbox_url(sandbox), .api_key = "sandbox", .proxy = ""};
    if (dm_client_new(&options, &client, &error) != DM_OK)
        fail(error.message);
    measure(client, sandbox, path, mib);
    dm_client_free(client);
    free(path);
    temp_folder_remove(folder);
    return sandbox_stop(sandbox);
}
