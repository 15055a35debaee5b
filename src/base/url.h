/* URLs, taken apart by libcurl's own parser: is an address fit to be a base, and does a redirect lead to it? */
#ifndef DM_URL_H
#define DM_URL_H

#include "base/text.h"

/* Checks an http:// or https:// address without user, query and fragment. Writes its origin ("https://host:port") and
 * its path without a final slash. On failure *reason says what is wrong with it; it is NULL if there is no memory. */
bool url_split_base(const char *url, struct text *origin, struct text *path, const char **reason);

/* Checks the address of a proxy, whose scheme may be left out. On failure *reason is as above. */
bool url_check_proxy(const char *url, const char **reason);

/* Writes where a redirect leads, and returns true if that is ours: its path and query, if the address has the scheme,
 * host and port of `origin`; otherwise the address, to be shown, without user and password. */
bool url_resolve_redirect(const char *origin, const char *address, struct text *text);

#endif
