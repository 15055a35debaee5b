/* HTTP requests with libcurl alone, without the library under test. */
#ifndef SUPPORT_RAW_HTTP_H
#define SUPPORT_RAW_HTTP_H

/* Sends a POST of `json`, or a GET if json is NULL. Returns the reply's body, to be freed, or NULL if the status is not
 * the expected one. */
char *raw_http(const char *base_url, const char *path, const char *key, const char *json, long expected_status);

#endif
