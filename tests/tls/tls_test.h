/* Shared by the tests of TLS: clients of the servers that servers.sh starts, and assertions. */
#ifndef TLS_TLS_TEST_H
#define TLS_TLS_TEST_H

#include <deepomatic.h>

#include "api_test.h"
#include "assert_status.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

enum { IN_TIME_MS = 30 * 1000 };

/* Starts a client that trusts the test authority, unless the options set another one. */
static inline void start_at(struct scene *scene, const char *url, dm_client_options options)
{
    const struct line ca = server_file("ca.pem");

    if (options.ca_file == NULL)
        options.ca_file = ca.text;
    scene_init(scene);
    scene_start_at(scene, url, &options);
}

static inline void start(struct scene *scene, const char *server, dm_client_options options)
{
    start_at(scene, server_url(server).text, options);
}

static inline void assert_no_words(const char *text, const char *words)
{
    if (strstr(text, words) != NULL)
        fail_msg("unexpected \"%s\" in: %s", words, text);
}

/* Makes one call, and checks the server's log. */
static inline void assert_served(const char *server, dm_client_options options, const char *words)
{
    const size_t mark = log_mark(server);
    struct scene scene;

    start(&scene, server, options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    char *seen = log_since(server, mark, 1);
    assert_words(seen, words);
    assert_words(seen, "GET /v0.7/accounts/me ");
    assert_words(seen, "key=\"" SCENE_KEY "\"");
    free(seen);
    scene_end(&scene);
}

/* Checks for a TLS failure that is not retried. */
static inline void assert_tls_failure(const struct scene *scene, const char *cause)
{
    assert_status(scene->error.status, DM_ERR_TLS, &scene->error);
    assert_int_equal(scene->error.http_status, 0);
    assert_false(scene->error.outcome_unknown);
    assert_cause(scene->error.message, cause);
    if (scene->error.attempts != 1)
        fail_msg("expected 1 attempt, got %d: %s", scene->error.attempts, scene->error.message);
}

static inline dm_spec *create_spec(struct scene *scene, const char *name)
{
    const dm_label label = {.id = 1, .name = "red"};
    const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    dm_spec *spec = NULL;

    assert_status(scene_check(scene, dm_spec_create(scene->client, name, &output, 1, NULL, NULL, &spec, &scene->error)),
                  DM_OK, &scene->error);
    return spec;
}

static inline void delete_spec(struct scene *scene, dm_spec *spec)
{
    assert_status(scene_check(scene, dm_spec_delete(scene->client, spec->id, NULL, &scene->error)), DM_OK,
                  &scene->error);
    dm_spec_free(spec);
}

static inline size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

#endif
