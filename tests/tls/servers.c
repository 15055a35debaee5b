#include "servers.h"

#include "array.h"
#include "libcurl.h"
#include "temp_files.h"
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct line server_file(const char *name)
{
    struct line made;
    const char *folder = getenv("TLS_FOLDER");

    if (folder == NULL)
        fail_msg("this program must be started by run.sh");
    snprintf(made.text, sizeof made.text, "%s/%s", folder, name);
    return made;
}

int server_port(const char *name)
{
    char found[64];
    int port = 0;
    bool right = false;
    FILE *ports = fopen(server_file("ports").text, "re");

    assert_non_null(ports);
    while (!right && fscanf(ports, "%63s %d", found, &port) == 2)
        right = strcmp(found, name) == 0;
    fclose(ports);
    if (!right)
        fail_msg("unknown server %s", name);
    return port;
}

struct line server_address(const char *scheme, const char *host, const char *name, const char *path)
{
    struct line made;

    snprintf(made.text, sizeof made.text, "%s://%s:%d%s", scheme, host, server_port(name), path);
    return made;
}

struct line server_url(const char *name)
{
    return server_address("https", "localhost", name, "");
}

/* ---- Logs ---- */

static char *read_log(const char *name, size_t *length)
{
    char file[128];

    snprintf(file, sizeof file, "%s.log", name);
    char *text = read_whole_file(server_file(file).text, length);
    assert_non_null(text);
    return text;
}

size_t log_mark(const char *name)
{
    size_t length;

    free(read_log(name, &length));
    return length;
}

size_t count_words(const char *text, const char *words)
{
    size_t count = 0;

    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

static char *read_log_since(const char *name, size_t mark)
{
    size_t length;
    char *whole = read_log(name, &length);

    assert_true(mark <= length);
    memmove(whole, whole + mark, length - mark + 1);
    return whole;
}

/* A server writes its log line after sending the answer, so a client could read the log too early. */
char *log_since_with(const char *name, size_t mark, const char *words, size_t count)
{
    enum { TRIES = 3000, PAUSE_US = 10000 };

    for (int i = 0; i < TRIES; i++) {
        char *text = read_log_since(name, mark);
        if (count_words(text, words) >= count)
            return text;
        free(text);
        usleep(PAUSE_US);
    }
    fail_msg("expected \"%s\" %zu times in the log of %s", words, count, name);
    return NULL;
}

char *log_since(const char *name, size_t mark, size_t lines)
{
    return log_since_with(name, mark, "\n", lines);
}

size_t log_settle(const char *name)
{
    enum { TRIES = 3000, PAUSE_US = 10000 };
    const size_t mark = log_mark(name);

    assert_int_equal(control_get(server_address("https", "localhost", name, "/settle").text), CURLE_OK);
    for (int i = 0; i < TRIES && log_count_since(name, mark, "/settle") == 0; i++)
        usleep(PAUSE_US);
    return log_mark(name);
}

size_t log_count_since(const char *name, size_t mark, const char *words)
{
    char *text = read_log_since(name, mark);
    const size_t count = count_words(text, words);

    free(text);
    return count;
}

/* Sends another request. When it is in the server's log, all earlier requests are, too. */
void assert_unheard(const char *name, size_t mark)
{
    assert_int_equal(control_get(server_address("https", "localhost", name, "/marker").text), CURLE_OK);
    char *text = log_since(name, mark, 1);
    if (count_words(text, "\n") != 1 || strstr(text, "/marker") == NULL)
        fail_msg("expected no request in the log of %s, got: %s", name, text);
    free(text);
}

void assert_words(const char *text, const char *words)
{
    if (strstr(text, words) == NULL)
        fail_msg("expected \"%s\", got: %s", words, text);
}

/* OpenSSL's messages, and those of GnuTLS, which depend on libcurl's version. */
static const struct {
    const char *openssl;
    const char *gnutls;
} tls_words[] = {
    {"no alternative certificate subject name matches target host", "does not match target host"},
    {"certificate has expired", "certificate"},
    {"certificate is not yet valid", "certificate"},
    {"unable to get local issuer certificate", "certificate verification failed"},
    {"self-signed certificate", "certificate verification failed"},
    {"wrong version number", "An unexpected TLS packet was received"},
    {"handshake failure", "failed: Handshake failed"},
    {"certificate required", "A TLS fatal alert has been received"},
    {"unknown ca", "failed: CA is unknown"},
    {"unknown ca", "A TLS fatal alert has been received"},
    {"could not load PEM client certificate", "error reading X.509"},
    {"unable to set private key file", "error reading X.509"},
};

static bool has_cause(const char *text, const char *cause)
{
    bool has = strstr(text, cause) != NULL;
    for (size_t i = 0; i < COUNT(tls_words) && libcurl_has_gnutls(); i++)
        has |= strcmp(tls_words[i].openssl, cause) == 0 && strstr(text, tls_words[i].gnutls) != NULL;
    return has;
}

void assert_cause(const char *text, const char *cause)
{
    if (!has_cause(text, cause))
        fail_msg("expected \"%s\", got: %s", cause, text);
}

/* ---- The control client ---- */

static size_t ignore_bytes(const char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    (void)data;
    return size * count;
}

CURLcode control_get(const char *url)
{
    CURL *curl = curl_easy_init();

    assert_non_null(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_bytes);
    const CURLcode code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return code;
}
