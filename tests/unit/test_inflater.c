#include "base/inflater.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

enum { GZIP = MAX_WBITS + 16, ZLIB = MAX_WBITS, RAW = -MAX_WBITS, MAX_PACKED = 4096 };

struct packed {
    unsigned char bytes[MAX_PACKED];
    unsigned size;
};

static void append_zeros(struct packed *packed, unsigned count)
{
    memset(packed->bytes + packed->size, 0, count);
    packed->size += count;
}

static void append_member(struct packed *packed, int window_bits, const char *content, size_t size)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (z_const Bytef *)content;
    stream.avail_in = (uInt)size;
    stream.next_out = packed->bytes + packed->size;
    stream.avail_out = MAX_PACKED - packed->size;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed->size += (unsigned)stream.total_out;
    deflateEnd(&stream);
}

/* Feeds it in pieces of `step` bytes. */
static dm_status unpack(const struct packed *packed, unsigned step, size_t limit, struct text *text, bool *in_member)
{
    struct inflater inflater = {0};
    dm_status status = DM_OK;
    text_init(text, limit);
    for (unsigned at = 0; at < packed->size && status == DM_OK; at += step) {
        const unsigned left = packed->size - at;
        status = inflater_feed(&inflater, packed->bytes + at, step < left ? step : left, text);
    }
    *in_member = inflater.in_member;
    inflater_end(&inflater);
    assert_false(inflater.in_member || inflater.has_member);
    return status;
}

static void assert_unpacks_to(const struct packed *packed, const char *content)
{
    for (unsigned step = 1; step <= packed->size; step++) {
        struct text text;
        bool in_member;
        assert_int_equal(unpack(packed, step, TEXT_NO_LIMIT, &text, &in_member), DM_OK);
        assert_string_equal(text.data, content);
        assert_false(in_member);
        text_free(&text);
    }
}

static void each_format_is_recognised_in_pieces_of_any_size(void **state)
{
    static const int formats[] = {GZIP, ZLIB, RAW};
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct packed packed = {.size = 0};
        append_member(&packed, formats[i], "{\"id\": 1}", 9);
        assert_unpacks_to(&packed, "{\"id\": 1}");
    }
}

static void several_members_and_trailing_zeros_are_read(void **state)
{
    struct packed packed = {.size = 0};
    (void)state;
    append_member(&packed, GZIP, "{\"id\":", 6);
    append_zeros(&packed, 3);
    append_member(&packed, GZIP, "", 0);
    append_member(&packed, GZIP, " 1}", 3);
    append_zeros(&packed, 40);
    assert_unpacks_to(&packed, "{\"id\": 1}");
}

static void other_bytes_after_a_member_are_damage(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        struct packed packed = {.size = 0};
        struct text text;
        bool in_member;
        append_member(&packed, GZIP, "{}", 2);
        append_zeros(&packed, 2);
        packed.bytes[packed.size++] = (unsigned char)byte;
        packed.bytes[packed.size++] = 'x';
        assert_int_equal(unpack(&packed, packed.size, TEXT_NO_LIMIT, &text, &in_member), DM_ERR_BAD_RESPONSE);
        assert_string_equal(text.data, "{}");
        text_free(&text);
    }
}

static void cut_data_ends_within_a_member(void **state)
{
    struct packed whole = {.size = 0};
    (void)state;
    append_member(&whole, GZIP, "{\"id\": 1}", 9);
    for (unsigned size = 1; size < whole.size; size++) {
        struct packed cut = whole;
        struct text text;
        bool in_member;
        cut.size = size;
        assert_int_equal(unpack(&cut, size, TEXT_NO_LIMIT, &text, &in_member), DM_OK);
        assert_true(in_member);
        text_free(&text);
    }
}

static void a_damaged_byte_is_detected(void **state)
{
    enum { FIRST_BYTE_OF_DATA = 10 };
    struct packed whole = {.size = 0};
    (void)state;
    append_member(&whole, GZIP, "{\"id\": 1}", 9);
    for (unsigned at = FIRST_BYTE_OF_DATA; at < whole.size; at++) {
        struct packed damaged = whole;
        struct text text;
        bool in_member;
        damaged.bytes[at] ^= 0x55;
        const dm_status status = unpack(&damaged, damaged.size, TEXT_NO_LIMIT, &text, &in_member);
        assert_true(status == DM_ERR_BAD_RESPONSE || in_member);
        text_free(&text);
    }
}

static void the_decompressed_size_is_limited(void **state)
{
    enum { SIZE = 1000 * 1000, LIMIT = 100 * 1000 };
    char *zeros = calloc(1, SIZE);
    struct packed bomb = {.size = 0};
    struct text text;
    bool in_member;
    (void)state;
    assert_non_null(zeros);
    append_member(&bomb, GZIP, zeros, SIZE);
    assert_int_equal(unpack(&bomb, bomb.size, LIMIT, &text, &in_member), DM_ERR_TOO_LARGE);
    text_free(&text);
    assert_int_equal(unpack(&bomb, bomb.size, SIZE, &text, &in_member), DM_OK);
    assert_int_equal(text.length, SIZE);
    text_free(&text);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_format_is_recognised_in_pieces_of_any_size),
        cmocka_unit_test(several_members_and_trailing_zeros_are_read),
        cmocka_unit_test(other_bytes_after_a_member_are_damage),
        cmocka_unit_test(cut_data_ends_within_a_member),
        cmocka_unit_test(a_damaged_byte_is_detected),
        cmocka_unit_test(the_decompressed_size_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
