#include "careful_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 * 1024, MAX_REPLY = 64 * 1024 * 1024, TIMEOUT_MS = 60000, CONNECT_TIMEOUT_MS = 5000 };

static bool fail(struct http *http, const char *what, const char *detail)
{
    snprintf(http->error, sizeof http->error, "%s: %s", what, detail);
    return false;
}

static bool grow(struct http_reply *reply, size_t needed)
{
    size_t capacity = reply->capacity == 0 ? FIRST_CAPACITY : reply->capacity;
    while (capacity < needed)
        capacity *= 2;
    if (capacity == reply->capacity)
        return true;
    char *data = realloc(reply->data, capacity);
    if (data == NULL)
        return false;
    reply->data = data;
    reply->capacity = capacity;
    return true;
}

static size_t take_reply(char *data, size_t size, size_t count, void *context)
{
    struct http_reply *reply = context;
    const size_t length = size * count;
    if (length > MAX_REPLY - reply->length || !grow(reply, reply->length + length + 1))
        return 0;
    memcpy(reply->data + reply->length, data, length);
    reply->length += length;
    reply->data[reply->length] = '\0';
    return length;
}

static size_t give_pieces(char *buffer, size_t size, size_t count, void *context)
{
    struct http *http = context;
    size_t room = size * count;
    size_t given = 0;
    while (room > 0 && http->piece < http->piece_count) {
        const struct http_piece *piece = &http->pieces[http->piece];
        const size_t left = piece->length - http->position;
        const size_t length = left < room ? left : room;
        memcpy(buffer + given, piece->data + http->position, length);
        given += length;
        room -= length;
        http->position += length;
        if (http->position == piece->length) {
            http->piece++;
            http->position = 0;
        }
    }
    return given;
}

/* libcurl sends a body again from its beginning if a reused connection turns out to be dead. */
static int seek_pieces(void *context, curl_off_t offset, int origin)
{
    struct http *http = context;
    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    http->piece = 0;
    http->position = 0;
    return CURL_SEEKFUNC_OK;
}

static bool set_headers(struct http *http, const char *api_key)
{
    char key[128];
    snprintf(key, sizeof key, "X-API-KEY: %s", api_key);
    const char *const lines[] = {key, "Accept: application/json", "Expect:", "Content-Type: application/json"};
    for (int i = 0; i < 4; i++) {
        struct curl_slist *longer = curl_slist_append(http->json_headers, lines[i]);
        if (longer == NULL)
            return false;
        http->json_headers = longer;
        if (i == 3)
            break;
        longer = curl_slist_append(http->plain_headers, lines[i]);
        if (longer == NULL)
            return false;
        http->plain_headers = longer;
    }
    return true;
}

/* Protocols have had names since 7.85. */
static CURLcode allow_http(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static bool set_options(struct http *http, const char *ca)
{
    CURL *easy = http->easy;
    return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->curl_error) == CURLE_OK && allow_http(easy) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAINFO, ca) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_reply) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, &http->reply) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_pieces) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, http) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_pieces) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SEEKDATA, http) == CURLE_OK;
}

bool http_init(struct http *http, const char *base, const char *api_key, const char *ca)
{
    *http = (struct http){.base = base};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(http, "libcurl", "it cannot be initialised");
    http->easy = curl_easy_init();
    if (http->easy == NULL || !set_headers(http, api_key) || !grow(&http->reply, FIRST_CAPACITY))
        return fail(http, "libcurl", "out of memory");
    return set_options(http, ca) || fail(http, "libcurl", "an option is refused");
}

void http_free(struct http *http)
{
    curl_easy_cleanup(http->easy);
    curl_slist_free_all(http->json_headers);
    curl_slist_free_all(http->plain_headers);
    curl_global_cleanup();
    free(http->reply.data);
}

static bool set_url(struct http *http, const char *path)
{
    char url[1024];
    const int length = snprintf(url, sizeof url, "%s%s", http->base, path);
    return length > 0 && (size_t)length < sizeof url && curl_easy_setopt(http->easy, CURLOPT_URL, url) == CURLE_OK;
}

static bool perform(struct http *http, const char *path)
{
    long status = 0;
    char words[64];
    if (!set_url(http, path))
        return fail(http, path, "out of memory");
    http->reply.length = 0;
    http->reply.data[0] = '\0';
    http->curl_error[0] = '\0';
    const CURLcode code = curl_easy_perform(http->easy);
    if (code != CURLE_OK)
        return fail(http, path, http->curl_error[0] != '\0' ? http->curl_error : curl_easy_strerror(code));
    curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300)
        return true;
    snprintf(words, sizeof words, "HTTP status %ld", status);
    return fail(http, path, words);
}

bool http_get(struct http *http, const char *path)
{
    if (curl_easy_setopt(http->easy, CURLOPT_HTTPGET, 1L) != CURLE_OK ||
        curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->plain_headers) != CURLE_OK)
        return fail(http, path, "an option is refused");
    return perform(http, path);
}

bool http_post_json(struct http *http, const char *path, const char *json)
{
    if (curl_easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(json)) != CURLE_OK ||
        curl_easy_setopt(http->easy, CURLOPT_POSTFIELDS, json) != CURLE_OK ||
        curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->json_headers) != CURLE_OK)
        return fail(http, path, "an option is refused");
    const bool performed = perform(http, path);
    curl_easy_setopt(http->easy, CURLOPT_POSTFIELDS, NULL);
    return performed;
}

bool http_post_json_pieces(struct http *http, const char *path, const struct http_piece *pieces, size_t count)
{
    curl_off_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += (curl_off_t)pieces[i].length;
    http->pieces = pieces;
    http->piece_count = count;
    http->piece = 0;
    http->position = 0;
    if (curl_easy_setopt(http->easy, CURLOPT_POST, 1L) != CURLE_OK ||
        curl_easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE, length) != CURLE_OK ||
        curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->json_headers) != CURLE_OK)
        return fail(http, path, "an option is refused");
    return perform(http, path);
}

static bool add_file(curl_mime *form, const char *part, const char *file)
{
    curl_mimepart *added = curl_mime_addpart(form);
    return added != NULL && curl_mime_name(added, part) == CURLE_OK && curl_mime_filedata(added, file) == CURLE_OK;
}

bool http_post_file(struct http *http, const char *path, const char *part, const char *file)
{
    bool performed = false;
    curl_mime *form = curl_mime_init(http->easy);
    if (form == NULL || !add_file(form, part, file))
        fail(http, file, "the file cannot be read");
    else if (curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->plain_headers) != CURLE_OK ||
             curl_easy_setopt(http->easy, CURLOPT_MIMEPOST, form) != CURLE_OK)
        fail(http, path, "an option is refused");
    else
        performed = perform(http, path);
    curl_easy_setopt(http->easy, CURLOPT_MIMEPOST, NULL);
    curl_mime_free(form);
    return performed;
}
