#include "raw_http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_LINE = 512, MAX_SECONDS = 30 };

static struct curl_slist *headers_with(const char *key)
{
    char line[MAX_LINE];

    snprintf(line, sizeof line, "X-API-KEY: %s", key);
    return curl_slist_append(curl_slist_append(NULL, line), "Content-Type: application/json");
}

static void set_up(CURL *curl, const char *url, struct curl_slist *headers, const char *json, FILE *reply)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAX_SECONDS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply); /* curl's default write function, fwrite, writes to it */
    if (json != NULL)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
}

static long perform(const char *url, const char *key, const char *json, FILE *reply)
{
    long status = 0;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_with(key);

    set_up(curl, url, headers, json, reply);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}

char *raw_http(const char *base_url, const char *path, const char *key, const char *json, long expected_status)
{
    char url[MAX_LINE];
    char *body = NULL;
    size_t length = 0;
    FILE *reply = open_memstream(&body, &length);

    if (reply == NULL)
        return NULL;
    snprintf(url, sizeof url, "%s%s", base_url, path);
    long status = perform(url, key, json, reply);
    fclose(reply);
    if (status == expected_status)
        return body;
    fprintf(stderr, "%s: HTTP %ld: %s\n", url, status, body);
    free(body);
    return NULL;
}
