/* Implementation (c)'s HTTP: libcurl with one reused handle, limits, and a message for each failure. */
#ifndef BENCH_CAREFUL_HTTP_H
#define BENCH_CAREFUL_HTTP_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

struct http_reply {
    char *data; /* ends in a NUL; kept from reply to reply */
    size_t length;
    size_t capacity;
};

/* A part of a request's body, sent from where it is. */
struct http_piece {
    const char *data;
    size_t length;
};

enum { HTTP_MAX_PIECES = 3 };

struct http {
    CURL *easy;
    const char *base; /* the service's address */
    struct curl_slist *json_headers;
    struct curl_slist *plain_headers;
    struct http_reply reply; /* to the last request */
    const struct http_piece *pieces;
    size_t piece_count;
    size_t piece;    /* the part that is being sent */
    size_t position; /* in it */
    char curl_error[CURL_ERROR_SIZE];
    char error[512]; /* why the last call failed */
};

/* All functions return false and set http->error on failure. */
bool http_init(struct http *http, const char *base, const char *api_key, const char *ca);
bool http_get(struct http *http, const char *path);
bool http_post_json(struct http *http, const char *path, const char *json);
bool http_post_json_pieces(struct http *http, const char *path, const struct http_piece *pieces, size_t count);
bool http_post_file(struct http *http, const char *path, const char *part, const char *file);

void http_free(struct http *http);

#endif
