#include "base/url.h"

#include "test.h"

#include <string.h>

/* ---- The API's own address ---- */

static void assert_base(const char *url, const char *wanted_origin, const char *wanted_path)
{
    struct text origin;
    struct text path;
    text_init(&origin, TEXT_NO_LIMIT);
    text_init(&path, TEXT_NO_LIMIT);
    assert_null(url_split_base(url, &origin, &path));
    assert_string_equal(origin.data, wanted_origin);
    assert_string_equal(path.data, wanted_path);
    text_free(&path);
    text_free(&origin);
}

static void assert_no_base(const char *url, const char *wanted_reason)
{
    struct text origin;
    struct text path;
    text_init(&origin, TEXT_NO_LIMIT);
    text_init(&path, TEXT_NO_LIMIT);
    const char *reason = url_split_base(url, &origin, &path);
    if (reason == NULL)
        fail_msg("%s", url);
    assert_string_equal(reason, wanted_reason);
    text_free(&path);
    text_free(&origin);
}

static void an_address_is_an_origin_and_a_path(void **state)
{
    static const struct {
        const char *url;
        const char *origin;
        const char *path;
    } addresses[] = {
        {"https://api.deepomatic.com", "https://api.deepomatic.com", ""},
        {"https://api.deepomatic.com/", "https://api.deepomatic.com", ""},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080", ""},
        {"https://host:443/prefix", "https://host:443", "/prefix"},
        {"https://host/a/b/", "https://host", "/a/b"},
        {"https://host/a/b///", "https://host", "/a/b"},
        {"https://host/a%2Fb", "https://host", "/a%2Fb"},
        {"HTTPS://host/Prefix", "https://host", "/Prefix"},
        {"http://[::1]:8080/x", "http://[::1]:8080", "/x"},
        {"https://[2001:db8::7]", "https://[2001:db8::7]", ""},
        {"http://[fe80::1%25eth0]:80", "http://[fe80::1%25eth0]:80", ""},
        {"https://host:", "https://host", ""},
        {"https://host:00443/", "https://host:443", ""},
        {"https://my_host-2.example./", "https://my_host-2.example.", ""},
        {"https://h\xc3\xb6st/\xc3\xb6", "https://h\xc3\xb6st", "/%C3%B6"},
        {"https://host/a/./b/../c/.", "https://host", "/a/c"},
        {"https://host/../../a/..", "https://host", ""},
        {"https://host/..a/.../b..", "https://host", "/..a/.../b.."},
        {"https://host/%2e%2e/a", "https://host", "/%2e%2e/a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_base(addresses[i].url, addresses[i].origin, addresses[i].path);
}

static void an_invalid_url_is_refused(void **state)
{
    static const char *const addresses[] = {"https://",
                                            "https:///path",
                                            "https://host:99999",
                                            "https://host:0",
                                            "https://host:80:80",
                                            "https://host:port",
                                            "https://host:+80",
                                            "https://ho st",
                                            "https://host/a b",
                                            "https://host\r\nX-Evil: 1",
                                            "https://ho\\st",
                                            "https://ho*st",
                                            "https://ho%7fst",
                                            "https://h%41",
                                            "https://h%00",
                                            "https://h\x7f",
                                            "http://[::1",
                                            "http://[]",
                                            "http://[::1]x",
                                            "http://[::1]x]:80",
                                            "http://[::g]",
                                            "http://[1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22:23]",
                                            "http://[fe80::1%eth0]",
                                            "http://[fe80::1%25]",
                                            "http://[fe80::1%25eth/0]",
                                            "http://[fe80::1%25e!h0]"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_no_base(addresses[i], "it is not a valid http:// or https:// URL");
}

static void other_protocols_are_refused(void **state)
{
    static const char *const addresses[] = {"ftp://host/",
                                            "gopher://host",
                                            "smtp://host",
                                            "file:///etc/passwd",
                                            "file://localhost/etc/passwd",
                                            "javascript:alert(1)",
                                            "api.deepomatic.com",
                                            "localhost:80",
                                            "http:/host",
                                            "https:host",
                                            "ttp://host",
                                            "/v0.7",
                                            ""};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_no_base(addresses[i], "it begins neither with https:// nor with http://");
}

static void a_user_or_password_is_refused(void **state)
{
    static const char *const addresses[] = {"https://user@host", "https://user:password@host", "https://:password@host",
                                            "https://@host"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_no_base(addresses[i], "it must not hold a user or a password");
}

static void a_query_or_fragment_is_refused(void **state)
{
    static const char *const addresses[] = {"https://host/?a=b", "https://host?a", "https://host/?", "https://host/#f",
                                            "https://host#f"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_no_base(addresses[i], "it must not have a query or a fragment");
}

/* ---- Proxies ---- */

static void a_proxy_is_what_libcurl_can_use(void **state)
{
    static const char *const addresses[] = {
        "proxy",         "proxy:3128",      "http://proxy",   "HTTP://joe:s3cret@proxy:1",
        "https://proxy", "socks4://p:1080", "socks4a://p",    "socks5://[::1]:1080",
        "socks5h://p",   "joe:s3cret@p:1",  "127.0.0.1:8080", "[::1]:8080",
        "http://p:1/",   "http://j:p@ss@p"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_null(url_check_proxy(addresses[i]));
}

static void an_invalid_proxy_is_refused(void **state)
{
    static const struct {
        const char *address;
        const char *reason;
    } cases[] = {
        {"foo://joe:s3cret@proxy:1", "its scheme is not http, https, socks4, socks4a, socks5 or socks5h"},
        {"ftp://proxy", "its scheme is not http, https, socks4, socks4a, socks5 or socks5h"},
        {"http://joe:s3cret@a b:1", "it is not a valid address, such as http://user:password@host:port"},
        {"proxy:99999", "it is not a valid address, such as http://user:password@host:port"},
        {"://proxy", "its scheme is not http, https, socks4, socks4a, socks5 or socks5h"},
        {"proxy\n", "it is not a valid address, such as http://user:password@host:port"},
        {"http://", "it is not a valid address, such as http://user:password@host:port"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *reason = url_check_proxy(cases[i].address);
        assert_non_null(reason);
        assert_string_equal(reason, cases[i].reason);
    }
}

/* ---- Redirects ---- */

struct redirect {
    const char *address;
    const char *target; /* for another origin: the URL in the message */
};

static void assert_redirects(const char *request_url, const struct redirect *redirects, size_t count, bool ours)
{
    for (size_t i = 0; i < count; i++) {
        struct text target;
        text_init(&target, TEXT_NO_LIMIT);
        if (url_resolve_redirect(request_url, redirects[i].address, &target) != ours)
            fail_msg("%s", redirects[i].address);
        assert_int_equal(target.status, DM_OK);
        assert_string_equal(target.data != NULL ? target.data : "", redirects[i].target);
        text_free(&target);
    }
}

static void a_redirect_to_our_scheme_host_and_port_is_ours(void **state)
{
    static const struct redirect redirects[] = {
        {"https://api.example/x?y#z", "/x?y"},
        {"https://api.example:443/", "/"},
        {"HTTPS://API.Example", "/"},
        {"https://user:password@api.example/x", "/x"},
        {"https://api.example//evil/x", "//evil/x"},
        {"https://api.example/x/../@evil?a=https://evil/", "/@evil?a=https://evil/"},
        {"https://api.example?y", "/?y"},
        {"//api.example/x", "/x"},
        {"//user@API.example:0443", "/"},
    };
    static const struct redirect ports[] = {{"http://[::1]/x", "/x"}};
    static const struct redirect zones[] = {{"http://[fe80::1%25eth0]:80/x", "/x"}};
    (void)state;
    assert_redirects("https://api.example", redirects, sizeof redirects / sizeof redirects[0], true);
    assert_redirects("http://[::1]:80", ports, 1, true);
    assert_redirects("http://[fe80::1%25eth0]", zones, 1, true);
}

static void a_redirect_to_another_origin_is_not_ours(void **state)
{
    static const struct redirect redirects[] = {
        {"http://api.example/", "http://api.example/"},
        {"https://api.example:8443/", "https://api.example:8443/"},
        {"https://api.example.evil/", "https://api.example.evil/"},
        {"https://evil.api.example/", "https://evil.api.example/"},
        {"https://api.example@evil/", "https://evil/"},
        {"https://api.example:443@evil/x?y#z", "https://evil/x?y#z"},
        {"https://api.example./", "https://api.example./"},
        {"https://api.example:0/", "https://api.example:0/"},
        {"https://api.example:443x/", "https://api.example:443x/"},
        {"https://api.example\\@evil/", "https://evil/"},
        {"https://api%2eexample/", "https://api%2eexample/"},
        {"https:///x", "https:///x"},
        {"https:/api.example/", "https:/api.example/"},
        {"https:api.example", "https:api.example"},
        {"file:///x", "file:///x"},
        {"mailto:me@api.example", "mailto:me@api.example"},
        {"//evil/x", "https://evil/x"},
        {"//me:s3cret@evil/x", "https://evil/x"},
    };
    static const struct redirect hosts[] = {{"http://[::2]", "http://[::2]"}};
    static const struct redirect zones[] = {{"http://[fe80::1%25eth1]/", "http://[fe80::1%25eth1]/"},
                                            {"http://[fe80::1]/", "http://[fe80::1]/"}};
    (void)state;
    assert_redirects("https://api.example", redirects, sizeof redirects / sizeof redirects[0], false);
    assert_redirects("http://[::1]", hosts, 1, false);
    assert_redirects("http://[fe80::1%25eth0]", zones, 2, false);
}

/* As RFC 3986 resolves them. */
static void a_relative_redirect_is_completed_by_the_requests_address(void **state)
{
    static const struct redirect redirects[] = {
        {"/x", "/x"},
        {"x", "/a/b/x"},
        {"./x?q=/../", "/a/b/x?q=/../"},
        {"../x", "/a/x"},
        {"../../../../x", "/x"},
        {"..", "/a/"},
        {"/", "/"},
        {"/x/../..//y/.", "//y/"},
        {"?z", "/a/b/c?z"},
        {"#part", "/a/b/c?d=e"},
        {"", "/a/b/c?d=e"},
        {"/x#part?y", "/x"},
        {"/a b\xc3\xb6?c d", "/a%20b%C3%B6?c%20d"},
        {"1:x", "/a/b/1:x"},
    };
    static const struct redirect at_root[] = {{"x", "/x"}};
    (void)state;
    assert_redirects("https://api.example:1/a/b/c?d=e", redirects, sizeof redirects / sizeof redirects[0], true);
    assert_redirects("https://api.example/c", at_root, 1, true);
    assert_redirects("https://api.example", at_root, 1, true);
}

static void an_address_that_is_too_long_is_reported(void **state)
{
    static const char *const locations[] = {"/12345678", "12345678", "https://elsewhere/"};
    (void)state;
    for (size_t i = 0; i < sizeof locations / sizeof locations[0]; i++) {
        struct text target;
        text_init(&target, 8);
        url_resolve_redirect("https://api.example/", locations[i], &target);
        assert_int_equal(target.status, DM_ERR_TOO_LARGE);
        text_free(&target);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_an_origin_and_a_path),
        cmocka_unit_test(an_invalid_url_is_refused),
        cmocka_unit_test(other_protocols_are_refused),
        cmocka_unit_test(a_user_or_password_is_refused),
        cmocka_unit_test(a_query_or_fragment_is_refused),
        cmocka_unit_test(a_proxy_is_what_libcurl_can_use),
        cmocka_unit_test(an_invalid_proxy_is_refused),
        cmocka_unit_test(a_redirect_to_our_scheme_host_and_port_is_ours),
        cmocka_unit_test(a_redirect_to_another_origin_is_not_ours),
        cmocka_unit_test(a_relative_redirect_is_completed_by_the_requests_address),
        cmocka_unit_test(an_address_that_is_too_long_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
