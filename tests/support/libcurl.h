/* What tests must know of the libcurl that runs: where versions and builds differ, and the library is right with all of
 * them. */
#ifndef SUPPORT_LIBCURL_H
#define SUPPORT_LIBCURL_H

#include <stdbool.h>

/* Takes a number like 0x075700, for 7.87.0. */
bool libcurl_is_since(unsigned version);

/* Whether it takes a chunked reply without its very last line feed for cut. It is tried, once in a process. */
bool libcurl_wants_last_line_feed(void);

/* Whether it stands on GnuTLS. */
bool libcurl_has_gnutls(void);

/* Whether it is built with proxies. */
bool libcurl_has_proxies(void);

/* Skips the running test if it is built without TLS: for a test with an https:// address, which the library refuses
 * then. */
void libcurl_needs_tls(void);

#endif
