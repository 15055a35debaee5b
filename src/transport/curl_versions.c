#include "transport/curl_versions.h"

#include <string.h>

/* The version is such as "GnuTLS/3.7.9". If libcurl has several TLS backends, the unused ones are in parentheses. */
bool curl_versions_uses_gnutls(void)
{
    const char *name = "GnuTLS";
    const char *names = curl_version_info(CURLVERSION_NOW)->ssl_version;
    const char *found = names != NULL ? strstr(names, name) : NULL;
    return found != NULL && (found == names || found[-1] != '(');
}

static bool has_feature(int feature)
{
    return (curl_version_info(CURLVERSION_NOW)->features & feature) != 0;
}

bool curl_versions_has_tls(void)
{
    return has_feature(CURL_VERSION_SSL);
}

bool curl_versions_looks_up_aside(void)
{
    return has_feature(CURL_VERSION_ASYNCHDNS);
}

CURLcode curl_versions_try_proxy(void)
{
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        return CURLE_OUT_OF_MEMORY;
    const CURLcode code = curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_cleanup(easy);
    return code;
}

const char *curl_versions_too_old(void)
{
    const unsigned release = 0xffff00;
    const curl_version_info_data *loaded = curl_version_info(CURLVERSION_NOW);
    return (loaded->version_num & release) < (LIBCURL_VERSION_NUM & release) ? loaded->version : NULL;
}
