/* Host names with addresses that drop every packet or refuse connections: the call uses the address that answers,
 * within its deadline. dead_address.sh creates the network, the names and the servers. All calls run at the same
 * time. */
#include <deepomatic.h>

#include "api_test.h"
#include "clock_ms.h"
#include "scene.h"
#include "servers.h"
#include "test.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* libcurl gives half of connect_timeout_ms, 5 s, to the first address, and half of the rest to the next. */
/* Version 7.88 gives up an address after half of the connect timeout. Newer versions also try the next address after
 * 200 ms. */
enum { IN_TIME_MS = 6000, DEAD_MS = 150 };

struct dead_call {
    const char *name;  /* also the prefix of the path, which identifies the request in the service's log */
    const char *base;  /* the service */
    const char *proxy; /* NULL: none */
    bool creates;
    bool has_dead_address;
    pthread_t thread;
    dm_status status;
    dm_error error;
    long long elapsed_ms;
};

static struct dead_call calls[] = {
    {.name = "retrieve", .base = "http://dead-first.test:8080", .has_dead_address = true},
    {.name = "create", .base = "http://dead-first.test:8080", .creates = true, .has_dead_address = true},
    {.name = "tls", .base = "https://dead-first.test:8443", .has_dead_address = true},
    {.name = "tls-create", .base = "https://dead-first.test:8443", .creates = true, .has_dead_address = true},
    {.name = "two-dead", .base = "http://two-dead-first.test:8080", .has_dead_address = true},
    {.name = "two-dead-create", .base = "http://two-dead-first.test:8080", .creates = true, .has_dead_address = true},
    {.name = "refused", .base = "http://refused-first.test:8080"},
    {.name = "refused-create", .base = "http://refused-first.test:8080", .creates = true},
    {.name = "refused-and-dead", .base = "http://refused-and-dead-first.test:8080", .has_dead_address = true},
    {.name = "connect-proxy",
     .base = "https://live.test:8443",
     .proxy = "http://dead-first.test:3128",
     .has_dead_address = true},
    {.name = "connect-proxy-create",
     .base = "https://live.test:8443",
     .proxy = "http://dead-first.test:3128",
     .creates = true,
     .has_dead_address = true},
    {.name = "plain-proxy",
     .base = "http://live.test:8080",
     .proxy = "http://dead-first.test:3128",
     .has_dead_address = true},
    {.name = "socks-proxy",
     .base = "https://live.test:8443",
     .proxy = "socks5h://dead-first.test:1080",
     .has_dead_address = true},
    {.name = "socks-proxy-create",
     .base = "http://live.test:8080",
     .proxy = "socks5h://dead-first.test:1080",
     .creates = true,
     .has_dead_address = true},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

/* ---- One call. No assertions, because it runs in a thread ---- */

static dm_status retrieve(dm_client *client, dm_error *error)
{
    dm_account *account = NULL;
    const dm_status status = dm_account_retrieve(client, NULL, &account, error);

    dm_account_free(account);
    return status;
}

static dm_status create(dm_client *client, dm_error *error)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_create(client, "s", &output, 1, NULL, NULL, &spec, error);

    dm_spec_free(spec);
    return status;
}

/* Uses the default timeouts and attempts. */
static void *make_call(void *data)
{
    struct dead_call *call = data;
    const struct line ca = server_file("ca.pem");
    char url[128];
    dm_client *client = NULL;
    const dm_client_options options = {
        .api_key = SCENE_KEY, .api_url = url, .ca_file = ca.text, .proxy = call->proxy != NULL ? call->proxy : ""};
    const long long begun = now_ms();

    snprintf(url, sizeof url, "%s/%s", call->base, call->name);
    call->status = dm_client_new(&options, &client, &call->error);
    if (call->status == DM_OK)
        call->status = call->creates ? create(client, &call->error) : retrieve(client, &call->error);
    call->elapsed_ms = now_ms() - begun;
    dm_client_free(client);
    return NULL;
}

static int make_all_calls(void **state)
{
    (void)state;
    for (size_t i = 0; i < CALLS; i++) {
        if (pthread_create(&calls[i].thread, NULL, make_call, &calls[i]) != 0)
            return -1;
    }
    for (size_t i = 0; i < CALLS; i++)
        pthread_join(calls[i].thread, NULL);
    return 0;
}

/* ---- The tests ---- */

static size_t count_requests(const struct dead_call *call)
{
    char path[64];

    snprintf(path, sizeof path, " /%s/v0.7/", call->name);
    return log_count_since("service", 0, path);
}

static void a_call_reaches_the_live_address_in_time(void **state)
{
    const struct dead_call *call = *state;

    print_message("           %s after %lld ms %s\n", dm_status_name(call->status), call->elapsed_ms,
                  call->error.message);
    assert_int_equal(call->status, DM_OK);
    assert_true(call->elapsed_ms < IN_TIME_MS);
    assert_int_equal(count_requests(call), 1);
}

/* Shows that the address really drops packets: otherwise the other tests would prove nothing. */
static void a_dead_address_delays_a_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < CALLS; i++) {
        if (calls[i].has_dead_address && calls[i].elapsed_ms < DEAD_MS)
            fail_msg("%s took %lld ms", calls[i].name, calls[i].elapsed_ms);
    }
}

static void assert_first_address(const char *name, const char *expected)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char text[INET_ADDRSTRLEN] = "";

    assert_int_equal(getaddrinfo(name, NULL, &hints, &found), 0);
    assert_int_equal(found->ai_family, AF_INET);
    const struct sockaddr_in *address = (const struct sockaddr_in *)(const void *)found->ai_addr;
    inet_ntop(AF_INET, &address->sin_addr, text, sizeof text);
    const bool is_last = found->ai_next == NULL;
    freeaddrinfo(found);
    assert_string_equal(text, expected);
    assert_false(is_last);
}

static void the_resolver_gives_the_bad_address_first(void **state)
{
    (void)state;
    assert_first_address("dead-first.test", "192.0.2.1");
    assert_first_address("two-dead-first.test", "192.0.2.1");
    assert_first_address("refused-first.test", "198.51.100.3");
    assert_first_address("refused-and-dead-first.test", "198.51.100.3");
}

int main(void)
{
    struct CMUnitTest tests[CALLS + 2] = {cmocka_unit_test(the_resolver_gives_the_bad_address_first),
                                          cmocka_unit_test(a_dead_address_delays_a_call)};

    for (size_t i = 0; i < CALLS; i++)
        tests[2 + i] = (struct CMUnitTest){
            .name = calls[i].name, .test_func = a_call_reaches_the_live_address_in_time, .initial_state = &calls[i]};
    api_forget_environment();
    return cmocka_run_group_tests(tests, make_all_calls, NULL);
}
