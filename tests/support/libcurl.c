#include "libcurl.h"

#include "fault_server.h"
#include "test.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

bool libcurl_is_since(unsigned version)
{
    return curl_version_info(CURLVERSION_NOW)->version_num >= version;
}

bool libcurl_has_gnutls(void)
{
    const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return tls != NULL && strncmp(tls, "GnuTLS", strlen("GnuTLS")) == 0;
}

bool libcurl_has_proxies(void)
{
    CURL *easy = curl_easy_init();
    const bool has = easy != NULL && curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK;
    curl_easy_cleanup(easy);
    return has;
}

int libcurl_warnings(void)
{
    return (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS) == 0;
}

static void need(bool has, const char *what)
{
    if (has)
        return;
    print_message("skipped: this test needs a libcurl with %s\n", what);
    skip();
}

void libcurl_needs_tls(void)
{
    need((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_SSL) != 0, "TLS");
}

void libcurl_needs_proxies(void)
{
    need(libcurl_has_proxies(), "proxies");
}

void libcurl_needs_threaded_resolver(void)
{
    const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);
    need((version->features & CURL_VERSION_ASYNCHDNS) != 0 && version->ares == NULL, "a threaded resolver");
}

static bool wants_last_line_feed;

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
static size_t drop(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    (void)data;
    return size * count;
}

static void try_without_last_line_feed(void)
{
    static const char reply[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r";
    const struct fault_step step = {.reply = reply, .reply_length = sizeof reply - 1, .ending = FAULT_THEN_CLOSE};
    struct fault_server *server = fault_server_start(&step, 1);
    CURL *easy = curl_easy_init();
    if (server == NULL || easy == NULL)
        abort();
    curl_easy_setopt(easy, CURLOPT_URL, fault_server_url(server));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    wants_last_line_feed = curl_easy_perform(easy) != CURLE_OK;
    curl_easy_cleanup(easy);
    fault_server_stop(server);
}

bool libcurl_wants_last_line_feed(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, try_without_last_line_feed);
    return wants_last_line_feed;
}
