/* URLs: is an address fit to be a base, and does a redirect lead to it? They are taken apart here and not by libcurl, whose
 * versions differ in what they accept. */
#ifndef DM_URL_H
#define DM_URL_H

#include "base/text.h"

/* Checks an http:// or https:// address without user, query and fragment. Writes its origin ("https://host:port") and
 * its path without a final slash. NULL if it is valid, or what is wrong with it. */
const char *url_split_base(const char *url, struct text *origin, struct text *path);

/* Checks the address of a proxy, whose scheme may be left out. NULL if it is valid, or what is wrong with it. */
const char *url_check_proxy(const char *url);

/* Writes where a redirect leads, and returns true if that is ours: its path and query, if it has the scheme, host and port
 * of the request's URL, or is relative to it; otherwise the address, to be shown, without user and password. */
bool url_resolve_redirect(const char *request_url, const char *location, struct text *text);

#endif
