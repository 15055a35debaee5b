/* Properties of the running libcurl that tests depend on, because versions and builds differ. */
#ifndef SUPPORT_LIBCURL_H
#define SUPPORT_LIBCURL_H

#include <stdbool.h>

/* The version is a number such as 0x075700, for 7.87.0. */
bool libcurl_is_since(unsigned version);

/* Whether it treats a chunked reply without its last line feed as cut. Tests this once in a process. */
bool libcurl_wants_last_line_feed(void);

/* Whether it uses GnuTLS. */
bool libcurl_has_gnutls(void);

/* Whether it is built with proxy support. */
bool libcurl_has_proxies(void);

/* The number of warnings that each client logs because of how libcurl is built: one without an asynchronous
 * resolver. */
int libcurl_warnings(void);

/* Each of these skips the running test if libcurl is built without something, and prints what is missing. */

/* For a test with an https:// address, which the library rejects without TLS. */
void libcurl_needs_tls(void);

/* For a test with options.proxy, which the library rejects without proxy support. */
void libcurl_needs_proxies(void);

/* For a test that replaces getaddrinfo and needs it to be called in a thread of its own. Without a threaded resolver
 * it is called in the thread of the call; c-ares does not call it. */
void libcurl_needs_threaded_resolver(void);

#endif
