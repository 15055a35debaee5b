#include "base/url.h"

#include "test.h"

#include <string.h>

/* ---- The API's own address ---- */

static void assert_base(const char *url, const char *wanted_origin, const char *wanted_path)
{
    struct text origin;
    struct text path;
    const char *reason = "";
    text_init(&origin, TEXT_NO_LIMIT);
    text_init(&path, TEXT_NO_LIMIT);
    assert_true(url_split_base(url, &origin, &path, &reason));
    assert_null(reason);
    assert_string_equal(origin.data, wanted_origin);
    assert_string_equal(path.data, wanted_path);
    text_free(&path);
    text_free(&origin);
}

static void assert_no_base(const char *url, const char *wanted_reason)
{
    struct text origin;
    struct text path;
    const char *reason = NULL;
    text_init(&origin, TEXT_NO_LIMIT);
    text_init(&path, TEXT_NO_LIMIT);
    assert_false(url_split_base(url, &origin, &path, &reason));
    assert_non_null(reason);
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
    };
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_base(addresses[i].url, addresses[i].origin, addresses[i].path);
}

static void what_is_no_url_is_refused(void **state)
{
    static const char *const addresses[] = {"https://",      "https://host:99999", "https://host:port",
                                            "https://ho st", "https://host/a b",   "https://host\r\nX-Evil: 1",
                                            "http://[::1",   "https://ho%7fst",    "http:/%7F",
                                            "https://h%00",  "https://h%1f",       "https://h%20"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        assert_no_base(addresses[i], "it is no valid http:// or https:// URL");
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
        "socks5h://p",   "joe:s3cret@p:1",  "127.0.0.1:8080", "[::1]:8080"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        const char *reason = "";
        assert_true(url_check_proxy(addresses[i], &reason));
        assert_null(reason);
    }
}

static void what_is_no_proxy_is_refused(void **state)
{
    static const struct {
        const char *address;
        const char *reason;
    } cases[] = {
        {"foo://joe:s3cret@proxy:1", "its scheme is none of http, https, socks4, socks4a, socks5 and socks5h"},
        {"ftp://proxy", "its scheme is none of http, https, socks4, socks4a, socks5 and socks5h"},
        {"http://joe:s3cret@a b:1", "it is no valid address; it looks like http://user:password@host:port"},
        {"proxy:99999", "it is no valid address; it looks like http://user:password@host:port"},
        {"http://", "it is no valid address; it looks like http://user:password@host:port"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *reason = NULL;
        assert_false(url_check_proxy(cases[i].address, &reason));
        assert_string_equal(reason, cases[i].reason);
    }
}

/* ---- Redirects ---- */

struct redirect {
    const char *address;
    const char *target; /* or, if it leads away, what is shown */
};

static void assert_redirects(const char *origin, const struct redirect *redirects, size_t count, bool ours)
{
    for (size_t i = 0; i < count; i++) {
        struct text target;
        text_init(&target, TEXT_NO_LIMIT);
        if (url_resolve_redirect(origin, redirects[i].address, &target) != ours)
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
    };
    static const struct redirect ports[] = {{"http://[::1]/x", "/x"}};
    static const struct redirect zones[] = {{"http://[fe80::1%25eth0]:80/x", "/x"}};
    (void)state;
    assert_redirects("https://api.example", redirects, sizeof redirects / sizeof redirects[0], true);
    assert_redirects("http://[::1]:80", ports, 1, true);
    assert_redirects("http://[fe80::1%25eth0]", zones, 1, true);
}

static void any_other_redirect_leads_away(void **state)
{
    static const struct redirect redirects[] = {
        {"http://api.example/", "http://api.example/"},
        {"https://api.example:8443/", "https://api.example:8443/"},
        {"https://api.example.evil/", "https://api.example.evil/"},
        {"https://evil.api.example/", "https://evil.api.example/"},
        {"https://api.example@evil/", "https://evil/"},
        {"https://api.example:443@evil/x?y#z", "https://evil/x?y#z"},
        {"https://api.example./", "https://api.example./"},
        {"file:///x", "file:///x"},
        {"//api.example/", "//api.example/"},
        {"/x", "/x"},
        {"", ""},
        {"garbage", "garbage"},
    };
    static const struct redirect hosts[] = {{"http://[::2]", "http://[::2]/"}};
    static const struct redirect zones[] = {{"http://[fe80::1%25eth1]/", "http://[fe80::1%25eth1]/"},
                                            {"http://[fe80::1]/", "http://[fe80::1]/"}};
    (void)state;
    assert_redirects("https://api.example", redirects, sizeof redirects / sizeof redirects[0], false);
    assert_redirects("http://[::1]", hosts, 1, false);
    assert_redirects("http://[fe80::1%25eth0]", zones, 2, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_an_origin_and_a_path),
        cmocka_unit_test(what_is_no_url_is_refused),
        cmocka_unit_test(other_protocols_are_refused),
        cmocka_unit_test(a_user_or_password_is_refused),
        cmocka_unit_test(a_query_or_fragment_is_refused),
        cmocka_unit_test(a_proxy_is_what_libcurl_can_use),
        cmocka_unit_test(what_is_no_proxy_is_refused),
        cmocka_unit_test(a_redirect_to_our_scheme_host_and_port_is_ours),
        cmocka_unit_test(any_other_redirect_leads_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
