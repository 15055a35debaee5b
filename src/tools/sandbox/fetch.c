#include "fetch.h"

#include "memory.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

enum {
    LARGEST_FILE = 256 * 1024 * 1024,
    MAX_SECONDS = 10,
};

static bool is_loopback(const char *host)
{
    struct in_addr address;

    if (inet_pton(AF_INET, host, &address) == 1)
        return ntohl(address.s_addr) >> 24 == 127;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

static bool is_http(const char *scheme)
{
    return strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;
}

/* Uses curl's own parser, so that what is checked is what curl uses: no other protocol, and no other host. */
static bool is_url_on_loopback(const char *url)
{
    CURLU *parsed = curl_url();
    char *host = NULL;
    char *scheme = NULL;
    bool is;

    curl_url_set(parsed, CURLUPART_URL, url, 0);
    is = curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK && is_loopback(host) &&
         curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK && is_http(scheme);
    curl_free(host);
    curl_free(scheme);
    curl_url_cleanup(parsed);
    return is;
}

static size_t take(char *data, size_t size, size_t count, void *content)
{
    return buffer_append(content, data, size * count, LARGEST_FILE) ? size * count : 0;
}

/* Returns NULL, or an error message to free. */
static char *check_answer(CURL *curl, CURLcode result)
{
    long status = 0;

    if (result != CURLE_OK)
        return memory_format("the URL can't be fetched: %s", curl_easy_strerror(result));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status == 200 ? NULL : memory_format("the URL can't be fetched: its server answered HTTP %ld", status);
}

char *fetch(const char *url, struct buffer *content)
{
    CURL *curl;
    char *error;

    if (!is_url_on_loopback(url))
        return memory_format(
            "this server fetches http:// and https:// URLs from its own machine only (127.0.0.1, ::1, localhost)");
    curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAX_SECONDS);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, content);
    error = check_answer(curl, curl_easy_perform(curl));
    curl_easy_cleanup(curl);
    return error;
}
