/* URLs: validates base addresses and proxies, and resolves redirects. They are parsed here, because libcurl's versions
 * differ in what they accept. */
#ifndef DM_URL_H
#define DM_URL_H

#include "base/text.h"

/* Checks an http:// or https:// address; it must have no user, query or fragment. Appends its origin
 * ("https://host:port") and its path without a final slash. Returns NULL if it is valid, or what is wrong with it. */
const char *url_split_base(const char *url, struct text *origin, struct text *path);

/* Checks the address of a proxy, which may have no scheme. Returns NULL if it is valid, or what is wrong with it. */
const char *url_check_proxy(const char *url);

/* Resolves a redirect. If it leads to the request's own origin (same scheme, host and port, or relative), appends its
 * path and query and returns true. Otherwise appends the whole address for messages, without user and password, and
 * returns false. */
bool url_resolve_redirect(const char *request_url, const char *location, struct text *text);

#endif
