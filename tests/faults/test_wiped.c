/* No memory is freed that still contains the key or a proxy's password. The test replaces free to see this. */
#include <deepomatic.h>

#include "assert_status.h"
#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <curl/curl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD "the-pr0xys-passw0rd"

static atomic_int spilled;

/* The test looks for the second half of the secret: memory must be overwritten to its end. */
static bool holds(const void *block, size_t size, const char *secret)
{
    const char *half = secret + strlen(secret) / 2;
    return memmem(block, size, half, strlen(half)) != NULL;
}

static void look_at(const void *block, size_t size)
{
    if (holds(block, size, SCENE_KEY) || holds(block, size, PASSWORD))
        atomic_fetch_add(&spilled, 1);
}

/* The linker defines these names. NOLINTBEGIN(bugprone-reserved-identifier) */
void *__real_malloc(size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void __real_curl_slist_free_all(struct curl_slist *list);

void *__wrap_malloc(size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
void __wrap_curl_slist_free_all(struct curl_slist *list);

/* All new memory is filled, so that reading it is defined. */
void *__wrap_malloc(size_t size)
{
    return calloc(1, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    const size_t before = block != NULL ? malloc_usable_size(block) : 0;
    if (block != NULL)
        look_at(block, before);
    char *moved = __real_realloc(block, size);
    const size_t after = moved != NULL ? malloc_usable_size(moved) : 0;
    if (after > before)
        memset(moved + before, 0, after - before);
    return moved;
}

void __wrap_free(void *block)
{
    if (block != NULL)
        look_at(block, malloc_usable_size(block));
    __real_free(block);
}

void __wrap_curl_slist_free_all(struct curl_slist *list)
{
    for (const struct curl_slist *line = list; line != NULL; line = line->next)
        look_at(line->data, strlen(line->data));
    __real_curl_slist_free_all(list);
}

/* NOLINTEND(bugprone-reserved-identifier) */

static void the_search_finds_a_secret_that_was_not_overwritten(void **state)
{
    char *copy = malloc(64);
    (void)state;

    assert_non_null(copy);
    strcpy(copy, "X-API-KEY: " SCENE_KEY);
    struct curl_slist *list = curl_slist_append(NULL, copy);
    atomic_store(&spilled, 0);
    free(copy);
    assert_int_equal(atomic_load(&spilled), 1);
    curl_slist_free_all(list);
    assert_int_equal(atomic_load(&spilled), 2);
}

static void freeing_a_client_overwrites_its_secrets(void **state)
{
    struct scene scene;
    (void)state;

    atomic_store(&spilled, 0);
    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    const dm_input image = dm_image_bytes("\xff\xd8\xff", 3);
    assert_status(scene_submit(&scene, &image, NULL), DM_OK, &scene.error);
    dm_client_free(scene.client);
    scene.client = NULL;
    assert_int_equal(atomic_load(&spilled), 0);
    scene_end(&scene); /* the server still has its copy */
}

static void freeing_a_client_overwrites_its_proxys_password(void **state)
{
    const dm_client_options options = {.api_key = SCENE_KEY, .proxy = "http://joe:" PASSWORD "@127.0.0.1:1"};
    dm_client *client = NULL;
    (void)state;
    libcurl_needs_tls();
    libcurl_needs_proxies();

    atomic_store(&spilled, 0);
    assert_status(dm_client_new(&options, &client, NULL), DM_OK, NULL);
    dm_client_free(client);
    assert_int_equal(atomic_load(&spilled), 0);
}

/* Rejected after everything else has been copied. */
static void refused_options_leave_no_secret_in_memory(void **state)
{
    const dm_client_options options = {
        .api_key = SCENE_KEY "\n", .proxy = "http://joe:" PASSWORD "@127.0.0.1:1", .api_url = "http://127.0.0.1:1"};
    dm_client *client = NULL;
    (void)state;
    libcurl_needs_proxies();

    atomic_store(&spilled, 0);
    assert_status(dm_client_new(&options, &client, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    assert_int_equal(atomic_load(&spilled), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_finds_a_secret_that_was_not_overwritten),
        cmocka_unit_test(freeing_a_client_overwrites_its_secrets),
        cmocka_unit_test(freeing_a_client_overwrites_its_proxys_password),
        cmocka_unit_test(refused_options_leave_no_secret_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
