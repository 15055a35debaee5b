#include "transport/attempt.h"

#include "transport/curl_versions.h"

#include <stdlib.h>
#include <string.h>

/* Sets an option of any type. The first error is kept in attempt->code, and later options are not set. */
#define SET(attempt, option, value)                                                                                    \
    ((attempt)->code == CURLE_OK ? (void)((attempt)->code = curl_easy_setopt((attempt)->easy, (option), (value)))      \
                                 : (void)0)

/* Ignores an option that this version of libcurl does not know. */
#define SET_IF_KNOWN(attempt, option, value)                                                                           \
    ((attempt)->code == CURLE_OK                                                                                       \
         ? (void)((attempt)->code = forgive_unknown(curl_easy_setopt((attempt)->easy, (option), (value))))             \
         : (void)0)

static CURLcode forgive_unknown(CURLcode code)
{
    return code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN ? CURLE_OK : code;
}

static dm_status status_of_options(const struct attempt *attempt)
{
    if (attempt->code == CURLE_OUT_OF_MEMORY)
        return DM_ERR_NO_MEMORY;
    return attempt->code == CURLE_OK ? DM_OK : DM_ERR_SYSTEM;
}

static void set_data(struct attempt *attempt, struct sockets *sockets)
{
    SET(attempt, CURLOPT_HEADERDATA, &attempt->transfer);
    SET(attempt, CURLOPT_WRITEDATA, &attempt->transfer);
    SET(attempt, CURLOPT_READDATA, &attempt->transfer);
    SET(attempt, CURLOPT_SEEKDATA, &attempt->transfer);
    SET(attempt, CURLOPT_XFERINFODATA, &attempt->transfer);
    SET(attempt, CURLOPT_RESOLVER_START_DATA, &attempt->transfer);
    SET(attempt, CURLOPT_OPENSOCKETDATA, &attempt->transfer);
    SET(attempt, CURLOPT_CLOSESOCKETDATA, sockets);
    SET(attempt, CURLOPT_PRIVATE, attempt);
    SET(attempt, CURLOPT_ERRORBUFFER, attempt->curl_error);
}

static void set_callbacks(struct attempt *attempt)
{
    SET(attempt, CURLOPT_HEADERFUNCTION, transfer_take_header);
    SET(attempt, CURLOPT_WRITEFUNCTION, transfer_take_reply);
    SET(attempt, CURLOPT_READFUNCTION, transfer_give_body);
    SET(attempt, CURLOPT_SEEKFUNCTION, transfer_seek_body);
    SET(attempt, CURLOPT_XFERINFOFUNCTION, transfer_watch);
    SET(attempt, CURLOPT_RESOLVER_START_FUNCTION, transfer_note_look_up);
    SET(attempt, CURLOPT_OPENSOCKETFUNCTION, transfer_open_socket);
    SET(attempt, CURLOPT_CLOSESOCKETFUNCTION, sockets_close);
    SET(attempt, CURLOPT_NOPROGRESS, 0L);
    if (attempt->code == CURLE_OK)
        attempt->code = transfer_watch_sends(&attempt->transfer, attempt->easy);
}

static bool settings_are_secure(const struct transport_settings *settings)
{
    return strncmp(settings->base.data, "https:", strlen("https:")) == 0;
}

/* How long to wait for a server's "100 Continue" before the body is sent anyway: a second, or less if that would count
 * as a stall. */
static long ask_timeout_ms(int64_t stall_timeout_ms)
{
    return stall_timeout_ms < 2000 ? (long)(stall_timeout_ms / 2) : 1000L;
}

/* HTTP/1.1 only. HTTP/2 has no advantage, because a connection carries one request at a time. It also loses the reply
 * to an upload that the server rejects before the upload is complete. */
static void set_connection(struct attempt *attempt)
{
    const struct transport_settings *settings = attempt->settings;
    SET(attempt, OPTION_PROTOCOL, settings_are_secure(settings) ? ONLY_HTTPS : ONLY_HTTP);
    SET(attempt, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(attempt, CURLOPT_NOSIGNAL, 1L);
    SET_IF_KNOWN(attempt, (CURLoption)OPTION_QUICK_EXIT, 1L); /* a slow name lookup must not delay the end of a call */
    SET(attempt, CURLOPT_PATH_AS_IS, 1L); /* otherwise the path would depend on the version of libcurl */
    SET(attempt, CURLOPT_TCP_KEEPALIVE, 1L);
    SET(attempt, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
    SET(attempt, CURLOPT_EXPECT_100_TIMEOUT_MS, ask_timeout_ms(settings->stall_timeout_ms));
    SET(attempt, CURLOPT_USERAGENT, settings->user_agent);
    SET(attempt, CURLOPT_HTTP_CONTENT_DECODING, 0L); /* see transfer_take_reply */
}

/* libcurl built without proxy support never uses a proxy, which is what an empty address asks for. */
static void set_proxy(struct attempt *attempt)
{
    const struct transport_settings *settings = attempt->settings;
    SET_IF_KNOWN(attempt, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET_IF_KNOWN(attempt, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (settings->ca_file != NULL) {
        SET_IF_KNOWN(attempt, CURLOPT_PROXY_CAINFO, settings->ca_file);
        SET_IF_KNOWN(attempt, CURLOPT_PROXY_CAPATH, NULL);
    }
    if (settings->no_proxy != NULL)
        SET_IF_KNOWN(attempt, CURLOPT_NOPROXY, settings->no_proxy);
    if (settings->proxy != NULL && *settings->proxy == '\0')
        SET_IF_KNOWN(attempt, CURLOPT_PROXY, settings->proxy);
    else if (settings->proxy != NULL)
        SET(attempt, CURLOPT_PROXY, settings->proxy);
}

/* If KEYPASSWD is not set, OpenSSL asks for the password of an encrypted key at the terminal and waits forever. If it
 * is set, GnuTLS rejects keys that are not encrypted. */
static void set_client_certificate(struct attempt *attempt)
{
    const struct transport_settings *settings = attempt->settings;
    if (settings->client_certificate == NULL)
        return;
    SET(attempt, CURLOPT_SSLCERT, settings->client_certificate);
    if (settings->client_key != NULL)
        SET(attempt, CURLOPT_SSLKEY, settings->client_key);
    if (!curl_versions_uses_gnutls())
        SET(attempt, CURLOPT_KEYPASSWD, "");
}

/* CAPATH is cleared, because libcurl would trust the system's directory too. A TLS backend that does not know CAPATH
 * has no such directory. libcurl built without TLS, which works only for http:// addresses, rejects these options. */
static void set_tls(struct attempt *attempt)
{
    const struct transport_settings *settings = attempt->settings;
    if (!settings_are_secure(settings) && !curl_versions_has_tls())
        return;
    set_client_certificate(attempt);
    SET(attempt, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(attempt, CURLOPT_SSL_VERIFYPEER, settings->skip_verify ? 0L : 1L);
    SET(attempt, CURLOPT_SSL_VERIFYHOST, settings->skip_verify ? 0L : 2L);
    if (settings->ca_file != NULL) {
        SET(attempt, CURLOPT_CAINFO, settings->ca_file);
        SET_IF_KNOWN(attempt, CURLOPT_CAPATH, NULL);
    }
}

static dm_status set_up(struct attempt *attempt, struct sockets *sockets)
{
    attempt->easy = curl_easy_init();
    if (attempt->easy == NULL)
        return DM_ERR_NO_MEMORY;
    set_data(attempt, sockets);
    set_callbacks(attempt);
    set_connection(attempt);
    set_proxy(attempt);
    set_tls(attempt);
    return status_of_options(attempt);
}

struct attempt *attempt_new(const struct transport_settings *settings, struct sockets *sockets, dm_status *status)
{
    struct attempt *attempt = calloc(1, sizeof *attempt);
    *status = DM_ERR_NO_MEMORY;
    if (attempt == NULL)
        return NULL;
    attempt->settings = settings;
    text_init(&attempt->url, TEXT_NO_LIMIT);
    text_init(&attempt->transfer.reply, settings->max_response_bytes);
    attempt->transfer.stall_timeout_ms = settings->stall_timeout_ms;
    *status = set_up(attempt, sockets);
    if (*status == DM_OK)
        return attempt;
    attempt_free(attempt);
    return NULL;
}

void attempt_free(struct attempt *attempt)
{
    if (attempt == NULL)
        return;
    curl_easy_cleanup(attempt->easy);
    text_free(&attempt->url);
    transfer_end(&attempt->transfer);
    free(attempt);
}

/* The URL always begins with the API's own origin, whatever the target is, so that no other server receives the key. */
static void write_url(struct attempt *attempt, const struct request *request, const struct text *location)
{
    const struct transport_settings *settings = attempt->settings;
    text_clear(&attempt->url);
    text_append_string(&attempt->url, location->length > 0 ? settings->origin.data : settings->base.data);
    text_append_string(&attempt->url, location->length > 0 ? location->data : request->target.data);
}

/* A body that is a single text is passed as a whole, which saves a buffer and some system calls. */
static void set_body(struct attempt *attempt, const struct request *request)
{
    const bool has_body = request->media != MEDIA_NONE;
    SET(attempt, CURLOPT_POSTFIELDS, has_body ? body_single_text(&request->body) : NULL);
    SET(attempt, CURLOPT_POSTFIELDSIZE_LARGE, has_body ? (curl_off_t)request->body.length : (curl_off_t)-1);
    SET(attempt, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L); /* after POSTFIELDS, which makes any request a POST */
}

/* Sets everything that differs between requests, so that nothing remains from the last one. libcurl would by itself
 * repeat a request on a reused connection that turns out to be dead. */
static void set_request(struct attempt *attempt, const struct request *request, struct caution caution)
{
    const struct transport_settings *settings = attempt->settings;
    const char *usual = request->media != MEDIA_NONE ? "POST" : "GET";
    set_body(attempt, request);
    SET(attempt, CURLOPT_CUSTOMREQUEST, strcmp(request->method, usual) != 0 ? request->method : NULL);
    SET(attempt, CURLOPT_URL, attempt->url.data);
    SET(attempt, CURLOPT_HTTPHEADER, settings->headers[request->media][caution.ask_first]);
    SET(attempt, CURLOPT_FRESH_CONNECT, caution.fresh_connection || request->not_repeatable ? 1L : 0L);
}

dm_status attempt_prepare(struct attempt *attempt, const struct request *request, const struct text *location,
                          struct caution caution)
{
    attempt->curl_error[0] = '\0';
    const bool is_as_it_was = transfer_begin(&attempt->transfer, &request->body, caution.ask_first);

    attempt->expects_content = strcmp(request->method, "DELETE") != 0;
    write_url(attempt, request, location);
    if (attempt->url.status != DM_OK)
        return DM_ERR_NO_MEMORY;
    if (!is_as_it_was)
        return DM_ERR_FILE;
    attempt->code = CURLE_OK;
    set_request(attempt, request, caution);
    return status_of_options(attempt);
}

curl_socket_t attempt_socket(const struct attempt *attempt)
{
    curl_socket_t found = CURL_SOCKET_BAD;
    const CURLcode code = curl_easy_getinfo(attempt->easy, CURLINFO_ACTIVESOCKET, &found);
    return code == CURLE_OK ? found : CURL_SOCKET_BAD;
}

long attempt_info_long(const struct attempt *attempt, CURLINFO info)
{
    long number = 0;
    curl_easy_getinfo(attempt->easy, info, &number);
    return number;
}

int64_t attempt_info_number(const struct attempt *attempt, CURLINFO info)
{
    curl_off_t number = 0;
    curl_easy_getinfo(attempt->easy, info, &number);
    return (int64_t)number;
}
