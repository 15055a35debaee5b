/* A reused connection that dies silently, for example because a router has dropped its state. libcurl would keep using
 * it for further requests. After the first failure, the library uses a new connection. */
#include <deepomatic.h>

#include "api_test.h"
#include "assert_status.h"
#include "relay.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct relayed {
    struct scene scene;
    struct relay *relay;
};

static struct line relay_url(const struct relay *relay)
{
    struct line made;
    snprintf(made.text, sizeof made.text, "https://localhost:%d", relay_port(relay));
    return made;
}

static void start(struct relayed *relayed, dm_client_options options)
{
    const struct line ca = server_file("ca.pem");

    relayed->relay = relay_start(server_port("h2"));
    assert_non_null(relayed->relay);
    options.ca_file = ca.text;
    scene_init(&relayed->scene);
    scene_start_at(&relayed->scene, relay_url(relayed->relay).text, &options);
}

static void end(struct relayed *relayed)
{
    scene_end(&relayed->scene);
    relay_end(relayed->relay);
}

/* A call that reaches the server. */
static void assert_served(struct relayed *relayed)
{
    const size_t mark = log_mark("h2");

    assert_status(scene_get(&relayed->scene, NULL), DM_OK, &relayed->scene.error);
    char *seen = log_since("h2", mark, 1);
    free(seen);
}

/* A client whose only connection is dead. */
static void start_with_dead_connection(struct relayed *relayed, dm_client_options options)
{
    start(relayed, options);
    assert_served(relayed);
    assert_served(relayed);
    assert_int_equal(relay_connections(relayed->relay), 1);
    relay_silence(relayed->relay);
}

/* Each call has one attempt. The first call after a timeout must succeed. */
static void a_call_after_a_timeout_uses_a_new_connection(void **state)
{
    const dm_call_options hurried = {.timeout_ms = 500};
    struct relayed relayed;
    (void)state;

    start_with_dead_connection(&relayed, (dm_client_options){.max_attempts = 1});
    assert_status(scene_get(&relayed.scene, &hurried), DM_ERR_TIMEOUT, &relayed.scene.error);
    assert_int_equal(relay_connections(relayed.relay), 1);
    assert_served(&relayed);
    assert_true(relay_connections(relayed.relay) >= 2);
    end(&relayed);
}

static void an_attempt_after_a_stall_uses_a_new_connection(void **state)
{
    struct relayed relayed;
    (void)state;

    start_with_dead_connection(&relayed, (dm_client_options){.stall_timeout_ms = 1000, .max_attempts = 3});
    assert_served(&relayed);
    assert_true(relayed.scene.log_count[DM_LOG_WARNING] >= 1); /* an attempt was repeated */
    assert_true(relay_connections(relayed.relay) >= 2);
    end(&relayed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_after_a_timeout_uses_a_new_connection),
        cmocka_unit_test(an_attempt_after_a_stall_uses_a_new_connection),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
