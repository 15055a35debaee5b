/* The differences between the supported versions (7.76 and later) and builds of libcurl. The README's table of
 * supported systems lists what an older libcurl cannot do. */
#ifndef DM_CURL_VERSIONS_H
#define DM_CURL_VERSIONS_H

#include <curl/curl.h>
#include <stdbool.h>

/* The oldest libcurl to support. tests/matrix.sh sets it to 7.76, to compile the code for old versions with current
 * headers. */
#ifndef DM_CURL_VERSION
#define DM_CURL_VERSION LIBCURL_VERSION_NUM
#endif

/* Numbers that older headers do not define. libcurl returns an error for an option that it does not know. */
enum {
    CODE_SSL_CLIENTCERT = 98,    /* since 7.77 */
    CODE_TOO_LARGE = 100,        /* since 8.6 */
    CODE_BAD_ARGUMENT = 43,      /* since 8.16 also for an unreadable client key */
    OPTION_QUICK_EXIT = 322,     /* since 7.87: CURLOPT_QUICK_EXIT */
    MULTI_OPTION_QUICK_EXIT = 21 /* since 8.20: CURLMOPT_QUICK_EXIT */
};

/* The value that a write callback returns to abort a transfer: any number other than the size passed to it. */
#ifndef CURL_WRITEFUNC_ERROR
#define CURL_WRITEFUNC_ERROR 0xFFFFFFFF
#endif

/* Since 7.80 libcurl has a callback before it sends a request. In older versions, only the trace shows that a request
 * was sent. */
#define HAS_PREREQ (DM_CURL_VERSION >= 0x075000)

/* The option that limits a handle to one protocol: a name since 7.85, a number before. */
#if DM_CURL_VERSION >= 0x075500
#define OPTION_PROTOCOL CURLOPT_PROTOCOLS_STR
#define ONLY_HTTP       "http"
#define ONLY_HTTPS      "https"
#else
#define OPTION_PROTOCOL CURLOPT_PROTOCOLS
#define ONLY_HTTP       ((long)CURLPROTO_HTTP)
#define ONLY_HTTPS      ((long)CURLPROTO_HTTPS)
#endif

/* Returns true if libcurl uses GnuTLS. */
bool curl_versions_uses_gnutls(void);

/* Tries the option for a proxy. Returns CURLE_OK, CURLE_OUT_OF_MEMORY, or another code if libcurl was built without
 * proxy support. */
CURLcode curl_versions_try_proxy(void);

/* Returns false if libcurl was built without TLS. */
bool curl_versions_has_tls(void);

/* Returns false if libcurl has no asynchronous resolver: a slow name lookup then delays the end of a call. */
bool curl_versions_looks_up_aside(void);

/* Returns NULL if the loaded libcurl is not older than the headers at compile time, otherwise its version. Patch
 * releases (8.5.0, 8.5.1) count as equal. */
const char *curl_versions_too_old(void);

#endif
