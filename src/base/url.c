#include "base/url.h"

#include "base/ascii.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* A part of a URL: a slice of it, which may be empty. */
struct part {
    const char *start;
    size_t length;
};

struct url {
    struct part scheme; /* without the colon; empty if there is none */
    struct part user;   /* including the final '@' */
    struct part host;   /* an IPv6 address includes its brackets */
    struct part port;   /* without the colon */
    struct part path;
    struct part query; /* including the '?' */
    bool has_authority;
};

/* ---- Taking apart ---- */

static struct part part_of(const char *start, size_t length)
{
    return (struct part){.start = start, .length = length};
}

static bool part_is(struct part part, const char *word)
{
    return part.length == strlen(word) && strncasecmp(part.start, word, part.length) == 0;
}

static bool is_one_of(char character, const char *set)
{
    return character != '\0' && strchr(set, character) != NULL;
}

/* "https" of "https:...". */
static struct part find_scheme(const char *text)
{
    size_t length = 0;
    while (ascii_is_letter(text[length]) ||
           (length > 0 && (ascii_is_digit(text[length]) || is_one_of(text[length], "+-."))))
        length++;
    return part_of(text, text[length] == ':' ? length : 0);
}

/* As in libcurl, the user ends at the last '@': text before it is never a host. */
static size_t user_length(const char *authority, size_t length)
{
    while (length > 0 && authority[length - 1] != '@')
        length--;
    return length;
}

static size_t host_length(const char *host, size_t length)
{
    const char *end = length > 0 && host[0] == '[' ? memchr(host, ']', length) : memchr(host, ':', length);
    if (end == NULL)
        return length;
    return (size_t)(end - host) + (host[0] == '[');
}

/* If text that is not a port follows the host, it is counted as part of the host, which makes the host invalid. */
static void take_authority(struct url *url, const char *authority, size_t length)
{
    const char *end = authority + length;
    url->user = part_of(authority, user_length(authority, length));
    const char *host = authority + url->user.length;
    const char *host_end = host + host_length(host, (size_t)(end - host));
    if (host_end < end && *host_end != ':')
        host_end = end;
    url->host = part_of(host, (size_t)(host_end - host));
    url->port = host_end < end ? part_of(host_end + 1, (size_t)(end - host_end - 1)) : part_of(end, 0);
}

static void take_path(struct url *url, const char *path)
{
    url->path = part_of(path, strcspn(path, "?#"));
    const char *query = path + url->path.length;
    url->query = part_of(query, *query == '?' ? strcspn(query, "#") : 0);
}

static struct url take_apart(const char *text, struct part scheme)
{
    struct url url = {.scheme = scheme, .user = part_of(text, 0), .host = part_of(text, 0), .port = part_of(text, 0)};
    const char *rest = text + scheme.length + (scheme.length > 0);
    url.has_authority = strncmp(rest, "//", 2) == 0;
    if (url.has_authority) {
        const size_t length = strcspn(rest + 2, "/?#");
        take_authority(&url, rest + 2, length);
        rest += 2 + length;
    }
    take_path(&url, rest);
    return url;
}

/* ---- Checking ---- */

/* A URL contains no spaces and no control characters. */
static bool is_printable(const char *text)
{
    while ((unsigned char)*text > 0x20 && *text != 0x7f)
        text++;
    return *text == '\0';
}

/* "[2001:db8::7]", "[fe80::1%25eth0]". */
static bool is_ipv6(struct part host)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr binary;
    const char *inside = host.start + 1;
    const char *end = host.start + host.length - 1;
    const char *zone = memchr(inside, '%', (size_t)(end - inside));
    const size_t length = (size_t)((zone != NULL ? zone : end) - inside);
    if (length >= sizeof address || *end != ']')
        return false;
    memcpy(address, inside, length);
    address[length] = '\0';
    if (zone != NULL && (end - zone <= 3 || strncmp(zone, "%25", 3) != 0))
        return false;
    for (const char *at = zone != NULL ? zone + 3 : end; at < end; at++)
        if (!ascii_is_alphanumeric(*at) && !is_one_of(*at, "-._~"))
            return false;
    return inet_pton(AF_INET6, address, &binary) == 1;
}

/* Non-ASCII characters are allowed, for internationalised names. */
static bool is_host(struct part host)
{
    if (host.length > 2 && host.start[0] == '[')
        return is_ipv6(host);
    for (size_t i = 0; i < host.length; i++)
        if (!ascii_is_alphanumeric(host.start[i]) && !is_one_of(host.start[i], "-._") &&
            (unsigned char)host.start[i] < 0x80)
            return false;
    return host.length > 0;
}

static bool is_https(const struct url *url)
{
    return part_is(url->scheme, "https");
}

/* Returns -1 if the port is invalid, and the scheme's default port if there is none. */
static long port_of(const struct url *url)
{
    enum { MAX_PORT = 65535 };
    long port = 0;
    if (url->port.length == 0)
        return is_https(url) ? 443 : 80;
    for (size_t i = 0; i < url->port.length; i++) {
        port = port * 10 + (url->port.start[i] - '0');
        if (!ascii_is_digit(url->port.start[i]) || port > MAX_PORT)
            return -1;
    }
    return port > 0 ? port : -1;
}

static bool is_http(const struct url *url)
{
    return url->has_authority && (part_is(url->scheme, "http") || is_https(url));
}

/* ---- Writing ---- */

static void append_origin(struct text *text, const struct url *url)
{
    text_append_string(text, is_https(url) ? "https://" : "http://");
    text_append(text, url->host.start, url->host.length);
    if (url->port.length > 0) {
        text_append_string(text, ":");
        text_append_integer(text, port_of(url));
    }
}

/* Removes the last segment and its slash. */
static void drop_segment(struct text *text, size_t start)
{
    size_t length = text->length;
    while (length > start && text->data[length - 1] != '/')
        length--;
    text_cut(text, length > start ? length - 1 : start);
}

/* Appends a path, with a slash before it if it has none, without its "." and ".." segments. ".." removes segments of
 * the text from `start` on. */
static void append_path(struct text *text, size_t start, struct part path)
{
    const char *end = path.start + path.length;
    const char *segment = path.start + (path.length > 0 && path.start[0] == '/');
    const char *next = path.length > 0 ? path.start : end;
    for (; next != end; segment = next + 1) {
        const char *slash = memchr(segment, '/', (size_t)(end - segment));
        next = slash != NULL ? slash : end;
        const struct part name = part_of(segment, (size_t)(next - segment));
        const bool is_dots = part_is(name, ".") || part_is(name, "..");
        if (part_is(name, ".."))
            drop_segment(text, start);
        if (!is_dots || next == end)
            text_append_string(text, "/");
        if (!is_dots)
            text_append_url_query(text, name.start, name.length);
    }
}

/* ---- The API's own address ---- */

static void drop_final_slashes(struct text *text)
{
    while (text->length > 0 && text->data[text->length - 1] == '/')
        text_cut(text, text->length - 1);
}

static const char *check_base(const char *text, const struct url *url)
{
    if (!is_http(url))
        return "it begins neither with https:// nor with http://";
    if (url->user.length > 0)
        return "it must not hold a user or a password";
    if (!is_printable(text) || !is_host(url->host) || port_of(url) < 0)
        return "it is not a valid http:// or https:// URL";
    return strpbrk(text, "?#") != NULL ? "it must not have a query or a fragment" : NULL;
}

const char *url_split_base(const char *url, struct text *origin, struct text *path)
{
    const struct url parts = take_apart(url, find_scheme(url));
    const char *reason = check_base(url, &parts);
    if (reason != NULL)
        return reason;
    append_origin(origin, &parts);
    text_append_string(path, "");
    append_path(path, 0, parts.path);
    drop_final_slashes(path);
    return NULL;
}

/* ---- Proxies ---- */

/* The schemes that every supported libcurl accepts. */
static bool is_proxy_scheme(struct part scheme)
{
    static const char known[][sizeof "socks5h"] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (part_is(scheme, known[i]))
            return true;
    return false;
}

const char *url_check_proxy(const char *url)
{
    const char *separator = strstr(url, "://");
    const size_t scheme_length = separator != NULL ? (size_t)(separator - url) : 0;
    const char *authority = separator != NULL ? separator + 3 : url;
    struct url parts = {.scheme = part_of(url, scheme_length)};

    take_authority(&parts, authority, strcspn(authority, "/?#"));
    if (separator != NULL && !is_proxy_scheme(parts.scheme))
        return "its scheme is not http, https, socks4, socks4a, socks5 or socks5h";
    if (!is_printable(url) || !is_host(parts.host) || port_of(&parts) < 0)
        return "it is not a valid address, such as http://user:password@host:port";
    return NULL;
}

/* ---- Redirects ---- */

/* Host names are not case-sensitive; the zone of an IPv6 address is. */
static bool is_same_host(struct part ours, struct part theirs)
{
    if (ours.length != theirs.length)
        return false;
    return ours.start[0] == '[' ? memcmp(ours.start, theirs.start, ours.length) == 0
                                : strncasecmp(ours.start, theirs.start, ours.length) == 0;
}

static bool is_same_origin(const struct url *ours, const struct url *theirs)
{
    return is_http(theirs) && is_https(theirs) == is_https(ours) && is_same_host(ours->host, theirs->host) &&
           port_of(ours) == port_of(theirs);
}

/* A relative path replaces the last segment of our path, which has no "." or ".." segments. */
static void append_relative(struct text *text, const struct url *ours, struct part path)
{
    const size_t start = text->length;
    text_append(text, ours->path.start, ours->path.length);
    drop_segment(text, start);
    append_path(text, start, path);
}

static void append_target(struct text *text, const struct url *ours, const struct url *theirs)
{
    if (theirs->path.length > 0 && theirs->path.start[0] != '/')
        append_relative(text, ours, theirs->path);
    else
        append_path(text, text->length, theirs->path.length > 0 || theirs->has_authority ? theirs->path : ours->path);
    if (text->length == 0)
        text_append_string(text, "/");
    const bool is_empty = !theirs->has_authority && theirs->path.length + theirs->query.length == 0;
    const struct part query = is_empty ? ours->query : theirs->query;
    text_append_url_query(text, query.start, query.length);
}

/* Leaves out user and password, which must not be shown. */
static void append_address(struct text *text, const struct url *url)
{
    text_append(text, url->scheme.start, url->scheme.length);
    text_append_string(text, url->scheme.length > 0 ? ":" : "");
    text_append_string(text, url->has_authority ? "//" : "");
    const char *after_user = url->has_authority ? url->host.start : url->path.start;
    text_append_string(text, after_user);
}

bool url_resolve_redirect(const char *request_url, const char *location, struct text *text)
{
    const struct part own_scheme = find_scheme(request_url);
    const struct part scheme = find_scheme(location);
    const struct url ours = take_apart(request_url, own_scheme);
    struct url theirs = take_apart(location, scheme);
    const bool is_relative = scheme.length == 0 && !theirs.has_authority;

    if (scheme.length == 0)
        theirs.scheme = own_scheme;
    const bool is_ours = is_relative || is_same_origin(&ours, &theirs);
    if (is_ours)
        append_target(text, &ours, &theirs);
    else
        append_address(text, &theirs);
    return is_ours;
}
