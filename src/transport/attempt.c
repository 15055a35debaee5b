#include "transport/attempt.h"

#include <stdlib.h>
#include <string.h>

/* For setting options: the first one that libcurl refuses sticks. */
struct setter {
    CURL *easy;
    CURLcode code;
};

static void set_long(struct setter *setter, CURLoption option, long value)
{
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, option, value);
}

static void set_text(struct setter *setter, CURLoption option, const char *value)
{
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, option, value);
}

static void set_text_if_given(struct setter *setter, CURLoption option, const char *value)
{
    if (value != NULL)
        set_text(setter, option, value);
}

static void set_data(struct setter *setter, CURLoption option, void *value)
{
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, option, value);
}

static dm_status status_of_option(CURLcode code)
{
    if (code == CURLE_OUT_OF_MEMORY)
        return DM_ERR_NO_MEMORY;
    return code == CURLE_OK ? DM_OK : DM_ERR_SYSTEM;
}

static void set_callbacks(struct setter *setter, struct attempt *attempt)
{
    set_data(setter, CURLOPT_HEADERDATA, &attempt->transfer);
    set_data(setter, CURLOPT_WRITEDATA, &attempt->transfer);
    set_data(setter, CURLOPT_READDATA, &attempt->transfer);
    set_data(setter, CURLOPT_SEEKDATA, &attempt->transfer);
    set_data(setter, CURLOPT_PREREQDATA, &attempt->transfer);
    set_data(setter, CURLOPT_XFERINFODATA, &attempt->transfer);
    set_data(setter, CURLOPT_RESOLVER_START_DATA, &attempt->transfer);
    set_data(setter, CURLOPT_OPENSOCKETDATA, &attempt->transfer);
    set_data(setter, CURLOPT_CLOSESOCKETDATA, attempt->transfer.sockets);
    set_data(setter, CURLOPT_PRIVATE, attempt);
    set_data(setter, CURLOPT_ERRORBUFFER, attempt->curl_error);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_PREREQFUNCTION, transfer_note_send);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_HEADERFUNCTION, transfer_take_header);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_WRITEFUNCTION, transfer_take_reply);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_READFUNCTION, transfer_give_body);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_SEEKFUNCTION, transfer_seek_body);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_XFERINFOFUNCTION, transfer_watch);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_RESOLVER_START_FUNCTION, transfer_note_look_up);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_OPENSOCKETFUNCTION, transfer_open_socket);
    if (setter->code == CURLE_OK)
        setter->code = curl_easy_setopt(setter->easy, CURLOPT_CLOSESOCKETFUNCTION, sockets_close);
    set_long(setter, CURLOPT_NOPROGRESS, 0);
}

static void set_transport(struct setter *setter, const struct settings *settings)
{
    const bool secure = strncmp(settings->base.data, "https:", strlen("https:")) == 0;

    set_text(setter, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
    set_long(setter, CURLOPT_NOSIGNAL, 1);
    set_long(setter, CURLOPT_QUICK_EXIT, 1); /* a slow name look-up must not hold up the end of a call */
    set_long(setter, CURLOPT_TCP_KEEPALIVE, 1);
    set_long(setter, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
    set_long(setter, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
    set_text(setter, CURLOPT_USERAGENT, settings->user_agent);
    set_text(setter, CURLOPT_ACCEPT_ENCODING, "");
    set_text_if_given(setter, CURLOPT_PROXY, settings->proxy);
    set_text_if_given(setter, CURLOPT_NOPROXY, settings->no_proxy);
}

static void set_tls(struct setter *setter, const struct settings *settings)
{
    set_long(setter, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    set_long(setter, CURLOPT_SSL_VERIFYPEER, settings->skip_verify ? 0 : 1);
    set_long(setter, CURLOPT_SSL_VERIFYHOST, settings->skip_verify ? 0 : 2);
    set_long(setter, CURLOPT_PROXY_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (settings->ca_file != NULL) {
        set_text(setter, CURLOPT_CAINFO, settings->ca_file);
        set_text(setter, CURLOPT_CAPATH, NULL); /* or libcurl trusts the system's folder besides */
        set_text(setter, CURLOPT_PROXY_CAINFO, settings->ca_file);
        set_text(setter, CURLOPT_PROXY_CAPATH, NULL);
    }
    set_text_if_given(setter, CURLOPT_SSLCERT, settings->client_certificate);
    set_text_if_given(setter, CURLOPT_SSLKEY, settings->client_key);
    set_text(setter, CURLOPT_KEYPASSWD,
             ""); /* or OpenSSL asks at the terminal for a locked key's, and waits for ever */
}

struct attempt *attempt_new(const struct settings *settings, struct sockets *opened, dm_status *status)
{
    *status = DM_ERR_NO_MEMORY;
    struct attempt *attempt = calloc(1, sizeof *attempt);
    if (attempt == NULL)
        return NULL;
    attempt->settings = settings;
    attempt->transfer.sockets = opened;
    text_init(&attempt->url, TEXT_NO_LIMIT);
    text_init(&attempt->transfer.reply, settings->max_response_bytes);
    attempt->transfer.stall_timeout_ms = settings->stall_timeout_ms;

    struct setter setter = {.easy = curl_easy_init(), .code = CURLE_OK};
    attempt->easy = setter.easy;
    if (setter.easy == NULL)
        goto fail;
    set_callbacks(&setter, attempt);
    set_transport(&setter, settings);
    set_tls(&setter, settings);
    *status = status_of_option(setter.code);
    if (*status == DM_OK)
        return attempt;

fail:
    attempt_free(attempt);
    return NULL;
}

void attempt_free(struct attempt *attempt)
{
    if (attempt == NULL)
        return;
    curl_easy_cleanup(attempt->easy);
    text_free(&attempt->url);
    text_free(&attempt->transfer.reply);
    free(attempt);
}

/* Whatever the target is, the address begins with our own origin: nothing else ever gets the key. */
static void write_url(struct attempt *attempt, const struct request *to_send, const struct text *location)
{
    const bool from_origin = to_send->from_origin || location->length > 0;
    text_clear(&attempt->url);
    text_append_string(&attempt->url, from_origin ? attempt->settings->origin.data : attempt->settings->base.data);
    text_append_string(&attempt->url, location->length > 0 ? location->data : to_send->target.data);
}

/* All that differs from request to request is set for each one, so that nothing is left from the one before. */
static CURLcode set_request(struct attempt *attempt, const struct request *to_send)
{
    struct setter setter = {.easy = attempt->easy, .code = CURLE_OK};
    const bool has_body = to_send->media != MEDIA_NONE;
    const bool custom = strcmp(to_send->method, has_body ? "POST" : "GET") != 0;

    set_long(&setter, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1);
    set_text(&setter, CURLOPT_CUSTOMREQUEST, custom ? to_send->method : NULL);
    set_text(&setter, CURLOPT_URL, attempt->url.data);
    set_data(&setter, CURLOPT_HTTPHEADER, attempt->settings->headers[to_send->media]);
    /* On a reused connection that turns out to be dead libcurl would send a second time by itself. */
    set_long(&setter, CURLOPT_FRESH_CONNECT, to_send->not_repeatable ? 1 : 0);
    if (setter.code == CURLE_OK)
        setter.code = curl_easy_setopt(setter.easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                       has_body ? (curl_off_t)to_send->body.length : (curl_off_t)-1);
    return setter.code;
}

dm_status attempt_prepare(struct attempt *attempt, const struct request *to_send, const struct text *location)
{
    attempt->transfer.sockets->error = 0;
    attempt->curl_error[0] = '\0';
    const bool is_as_it_was = transfer_begin(&attempt->transfer, &to_send->body);

    write_url(attempt, to_send, location);
    if (attempt->url.status != DM_OK)
        return DM_ERR_NO_MEMORY;
    if (!is_as_it_was)
        return DM_ERR_FILE;
    return status_of_option(set_request(attempt, to_send));
}

curl_socket_t attempt_socket(const struct attempt *attempt)
{
    curl_socket_t found = CURL_SOCKET_BAD;
    const CURLcode code = curl_easy_getinfo(attempt->easy, CURLINFO_ACTIVESOCKET, &found);
    return code == CURLE_OK ? found : CURL_SOCKET_BAD;
}
