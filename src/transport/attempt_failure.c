#include "transport/attempt_failure.h"

#include "base/line.h"
#include "base/secret.h"
#include "transport/curl_versions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a failure means: the status to report if it is final, whether a retry can help, and the reason. */
struct meaning {
    dm_status status;
    bool transient;
    const char *reason; /* NULL: reason_of finds it */
};

static struct meaning meaning_of_code(CURLcode code)
{
    switch ((int)code) {
    case CURLE_OUT_OF_MEMORY:
        return (struct meaning){DM_ERR_NO_MEMORY, false, NULL};
    case CURLE_SSL_CONNECT_ERROR:
        return (struct meaning){DM_ERR_TLS, true, NULL};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CODE_SSL_CLIENTCERT:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CODE_BAD_ARGUMENT:
        return (struct meaning){DM_ERR_TLS, false, NULL};
    case CODE_TOO_LARGE:
        return (struct meaning){DM_ERR_TOO_LARGE, false, NULL};
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9: not an HTTP server */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR: /* our callbacks never fail without a reason, so decompression failed */
        return (struct meaning){DM_ERR_BAD_RESPONSE, false, NULL};
    default:
        return (struct meaning){DM_ERR_NETWORK, true, NULL};
    }
}

/* A socket that cannot be opened on this machine is not the fault of the service. DM_OK: this is not the reason. */
static dm_status status_without_socket(int error_number)
{
    if (error_number == EMFILE || error_number == ENFILE)
        return DM_ERR_SYSTEM;
    return error_number == ENOMEM || error_number == ENOBUFS ? DM_ERR_NO_MEMORY : DM_OK;
}

/* With a TLS alert, the server says why it refuses the connection. TLS 1.3 servers check our certificate after libcurl
 * regards the handshake as complete, so libcurl reports their alert as a broken connection. With GnuTLS, the message
 * says only that there was an alert. If GnuTLS cannot read a client certificate, libcurl reports a failed handshake. */
static bool is_final_tls_failure(const struct attempt *attempt)
{
    static const char words[][sizeof "A TLS fatal alert has been received"] = {
        " alert handshake failure",
        " alert protocol version",
        " alert unknown ca",
        " alert access denied",
        " alert certificate",
        " alert bad certificate",
        " alert unsupported certificate",
        " failed: Handshake failed",
        " failed: Error in protocol version",
        " failed: CA is unknown",
        " failed: Access was denied",
        " failed: Certificate ",
        " failed: Unknown certificate",
        "A TLS fatal alert has been received",
        "error reading X.509",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(attempt->curl_error, words[i]) != NULL)
            return true;
    return false;
}

/* The proxy refuses the connection, for example because it requires a password. */
static bool refused_by_proxy(const struct attempt *attempt)
{
    const long answer = attempt_info_long(attempt, CURLINFO_HTTP_CONNECTCODE);
    return attempt->transfer.sends == 0 && answer >= 400 && answer < 500 && answer != 408 && answer != 429;
}

static const char unfit_proxy[] = "Unsupported proxy";

static bool starts_with(const char *words, const char *start)
{
    return strncmp(words, start, strlen(start)) == 0;
}

/* libcurl's error message, unless it is unhelpful or quotes the environment's proxy, which may contain a password. */
static const char *reason_of(const struct attempt *attempt, CURLcode code)
{
    if (starts_with(attempt->curl_error, unfit_proxy))
        return "the proxy's address is invalid (http_proxy, https_proxy or all_proxy in the environment)";
    if (attempt->transfer.sends == 0 && attempt_info_long(attempt, CURLINFO_HTTP_CONNECTCODE) == 407)
        return PROXY_NEEDS_PASSWORD;
    if (starts_with(attempt->curl_error, "Received HTTP/0.9"))
        return "the server's reply is not HTTP; check the API's address";
    if (code == CURLE_WRITE_ERROR)
        return BROKEN_COMPRESSION;
    return attempt->curl_error[0] != '\0' ? attempt->curl_error : curl_easy_strerror(code);
}

/* Asks for twice as much memory as libcurl needs for the longest line that it accepts. */
static bool has_memory_for_line(void)
{
    enum { PROBE_BYTES = 2 * 102400 };
    void *volatile probe = malloc(PROBE_BYTES); /* volatile: the compiler must not leave the allocation out */
    const bool has_memory = probe != NULL;
    free(probe);
    return has_memory;
}

/* libcurl shows us only complete lines of a reply's headers, and accepts up to 102400 bytes in one. Versions before 8.6
 * report a longer one as "out of memory", although there is memory. */
static bool has_overlong_line(const struct attempt *attempt, CURLcode code)
{
    const struct transfer *transfer = &attempt->transfer;
    if (transfer->sends == 0 || transfer->headers_complete || attempt->curl_error[0] != '\0')
        return false;
    if (code == CURLE_OUT_OF_MEMORY)
        return attempt_info_number(attempt, CURLINFO_STARTTRANSFER_TIME_T) > 0 && has_memory_for_line();
    return (int)code == CODE_TOO_LARGE;
}

static struct meaning meaning_of(const struct attempt *attempt, CURLcode code)
{
    const int socket_error = code == CURLE_COULDNT_CONNECT ? attempt->transfer.socket_error : 0;
    const dm_status without_socket = status_without_socket(socket_error);
    struct meaning meaning = meaning_of_code(code);
    if (without_socket != DM_OK)
        meaning = (struct meaning){without_socket, false, line_system_error(socket_error)};
    else if (is_final_tls_failure(attempt))
        meaning = (struct meaning){DM_ERR_TLS, false, NULL};
    else if (has_overlong_line(attempt, code))
        meaning = (struct meaning){DM_ERR_TOO_LARGE, false,
                                   "a line of the reply's headers is longer than libcurl's limit of 102400 bytes"};
    else if (refused_by_proxy(attempt) || starts_with(attempt->curl_error, unfit_proxy))
        meaning.transient = false;
    return meaning;
}

bool attempt_failure_describe(const struct attempt *attempt, CURLcode code, struct outcome *outcome)
{
    const struct meaning meaning = meaning_of(attempt, code);
    const char *reason = meaning.reason != NULL ? meaning.reason : reason_of(attempt, code);
    outcome->status = meaning.status;
    snprintf(outcome->detail, sizeof outcome->detail, "%s", reason);
    secret_redact_line(outcome->detail, sizeof outcome->detail, attempt->settings->secret);
    return meaning.transient;
}
