/* HTTP requests by libcurl alone, without the library under test. */
#ifndef SUPPORT_RAW_HTTP_H
#define SUPPORT_RAW_HTTP_H

/* The reply's body, to be freed, if it came with that status; NULL otherwise. json NULL: a GET, else a POST of it. */
char *raw_http(const char *base_url, const char *path, const char *key, const char *json, long expected_status);

#endif
