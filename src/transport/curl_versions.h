/* All that differs between the versions and builds of libcurl that the library works with, from 7.76 on. What an older
 * libcurl cannot do is in the README's table of supported systems. */
#ifndef DM_CURL_VERSIONS_H
#define DM_CURL_VERSIONS_H

#include <curl/curl.h>
#include <stdbool.h>

/* The oldest libcurl that the code must work with. tests/matrix.sh sets it to 7.76, to compile with today's headers what
 * is otherwise compiled only with old ones. */
#ifndef DM_CURL_VERSION
#define DM_CURL_VERSION LIBCURL_VERSION_NUM
#endif

/* Numbers that older headers do not define. A libcurl that does not know an option refuses it. */
enum {
    CODE_SSL_CLIENTCERT = 98,    /* since 7.77 */
    CODE_TOO_LARGE = 100,        /* since 8.6 */
    CODE_BAD_ARGUMENT = 43,      /* since 8.16 also said of a client key that cannot be read */
    OPTION_QUICK_EXIT = 322,     /* since 7.87: CURLOPT_QUICK_EXIT */
    MULTI_OPTION_QUICK_EXIT = 21 /* since 8.20: CURLMOPT_QUICK_EXIT */
};

/* What a callback returns to end a transfer: any number that is not the size that it was given. */
#ifndef CURL_WRITEFUNC_ERROR
#define CURL_WRITEFUNC_ERROR 0xFFFFFFFF
#endif

/* Since 7.80 libcurl calls us before it sends a request. Before that, its trace says that one has been sent. */
#define HAS_PREREQ (DM_CURL_VERSION >= 0x075000)

/* The only protocol that a handle may speak: by its name since 7.85, by its number before. */
#if DM_CURL_VERSION >= 0x075500
#define OPTION_PROTOCOL CURLOPT_PROTOCOLS_STR
#define ONLY_HTTP       "http"
#define ONLY_HTTPS      "https"
#else
#define OPTION_PROTOCOL CURLOPT_PROTOCOLS
#define ONLY_HTTP       ((long)CURLPROTO_HTTP)
#define ONLY_HTTPS      ((long)CURLPROTO_HTTPS)
#endif

/* True if libcurl stands on GnuTLS. */
bool curl_versions_uses_gnutls(void);

/* What libcurl says to being asked for a proxy: CURLE_OK, CURLE_OUT_OF_MEMORY, or another code if it is built without. */
CURLcode curl_versions_try_proxy(void);

/* False if libcurl is built without TLS. */
bool curl_versions_has_tls(void);

/* False if libcurl looks names up within its turns: nothing then ends a slow look-up but its own time. */
bool curl_versions_looks_up_aside(void);

/* NULL if the libcurl that is loaded is not older than the headers that we were compiled with; its version otherwise.
 * Releases that mend mistakes only (8.5.0, 8.5.1) are equal. */
const char *curl_versions_too_old(void);

#endif
