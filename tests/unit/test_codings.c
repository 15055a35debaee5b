/* The encoding of a reply's body, according to its headers. */
#include "transport/reply_headers.h"

#include "test.h"

#include <string.h>

static struct reply_headers headers_of(const char *line, size_t length)
{
    struct reply_headers headers = {0};
    reply_headers_clear(&headers);
    reply_headers_take(&headers, line, length);
    assert_null(headers.location.data);
    return headers;
}

static void compressions_are_counted_as_in_this_table(void **state)
{
    static const struct {
        const char *line;
        int compressions;
    } cases[] = {
        {"", 0},
        {"\r\n", 0},
        {"Content-Encoding", 0},
        {"Content-Encoding:", 0},
        {"Content-Encoding: \r\n", 0},
        {"Content-Encoding: gzip\r\n", 1},
        {"content-encoding:GZIP\n", 1},
        {"Content-Encoding: gzip", 1},
        {"Content-Encoding: br, gzip\r\n", 2},
        {"Content-Encoding:gzip,gzip,gzip,gzip\r\n", 4},
        {"Content-Encoding: ,\t, gzip ,,\r\n", 1},
        {"Content-Encoding: identity\r\n", 0},
        {"Content-Encoding: Identity, deflate\r\n", 1},
        {"Content-Encoding: utf-8\r\n", 0},
        {"Content-Encoding: gzip2, zgzip\r\n", 0},
        {"Content-Encoding: x-gzip, zstd, compress, x-compress\r\n", 4},
        {"Transfer-Encoding: chunked\r\n", 0},
        {"TRANSFER-ENCODING: gzip, Chunked\r\n", 1},
        {"Transfer-Encoding: chunked, chunked2\r\n", 0},
        {"Content-Type: gzip\r\n", 0},
        {"X-Content-Encoding: gzip\r\n", 0},
        {"Content-Encoding : gzip\r\n", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const int count = headers_of(cases[i].line, strlen(cases[i].line)).compressions;
        if (count != cases[i].compressions)
            fail_msg("\"%s\": unexpected %d", cases[i].line, count);
    }
}

/* libcurl passes lines with a length and without a NUL. */
static void nothing_after_the_end_of_the_line_is_read(void **state)
{
    static const char line[] = {'C', 'o', 'n', 't', 'e', 'n', 't', '-', 'E', 'n', 'c',
                                'o', 'd', 'i', 'n', 'g', ':', ' ', 'g', 'z', 'i', 'p'};
    (void)state;
    for (size_t length = 0; length <= sizeof line; length++)
        assert_int_equal(headers_of(line, length).compressions, length == sizeof line);
}

static void content_encodings_are_recognised_as_in_this_table(void **state)
{
    static const struct {
        const char *line;
        bool deflated;
    } cases[] = {
        {"Content-Encoding: gzip\r\n", true},
        {"content-encoding:X-GZIP", true},
        {"Content-Encoding: identity, deflate\r\n", true},
        {"Content-Encoding: br\r\n", false},
        {"Content-Encoding: utf-8\r\n", false},
        {"Transfer-Encoding: gzip, chunked\r\n", false},
        {"Content-Type: gzip\r\n", false},
        {"Content-Encoding:", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (headers_of(cases[i].line, strlen(cases[i].line)).is_deflated != cases[i].deflated)
            fail_msg("\"%s\" is judged wrongly", cases[i].line);
}

static void framing_headers_are_recognised_as_in_this_table(void **state)
{
    static const struct {
        const char *line;
        bool frames;
    } cases[] = {
        {"Content-Length: 2\r\n", true},
        {"content-length:0\n", true},
        {"CONTENT-LENGTH:", true},
        {"Transfer-Encoding: chunked\r\n", true},
        {"transfer-encoding:gzip\r\n", true},
        {"", false},
        {"\r\n", false},
        {"Content-Length", false},
        {"Content-Length : 2\r\n", false},
        {"X-Content-Length: 2\r\n", false},
        {"Content-Encoding: gzip\r\n", false},
        {"Connection: close\r\n", false},
        {"HTTP/1.1 200 OK\r\n", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (headers_of(cases[i].line, strlen(cases[i].line)).is_framed != cases[i].frames)
            fail_msg("\"%s\" is judged wrongly", cases[i].line);
}

/* These lines have a length and no NUL, too. */
static void a_truncated_header_name_does_not_frame_the_body(void **state)
{
    static const char line[] = {'C', 'o', 'n', 't', 'e', 'n', 't', '-', 'L', 'e', 'n', 'g', 't', 'h', ':'};
    (void)state;
    for (size_t length = 0; length <= sizeof line; length++)
        assert_int_equal(headers_of(line, length).is_framed, length == sizeof line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressions_are_counted_as_in_this_table),
        cmocka_unit_test(nothing_after_the_end_of_the_line_is_read),
        cmocka_unit_test(content_encodings_are_recognised_as_in_this_table),
        cmocka_unit_test(framing_headers_are_recognised_as_in_this_table),
        cmocka_unit_test(a_truncated_header_name_does_not_frame_the_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
