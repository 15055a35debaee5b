#include "base/arena.h"

#include "test.h"

#include <stdalign.h>
#include <string.h>

static void assert_filled(const unsigned char *memory, size_t size, unsigned char with)
{
    for (size_t i = 0; i < size; i++)
        assert_int_equal(memory[i], with);
}

static void the_root_is_zeroed_and_leads_back_to_its_arena(void **state)
{
    (void)state;
    struct arena *made = arena_new(1000);
    assert_non_null(made);
    void *root = arena_root(made);
    assert_filled(root, 1000, 0);
    assert_int_equal((uintptr_t)root % alignof(max_align_t), 0);
    assert_ptr_equal(arena_of(root), made);
    arena_free_root(root);
}

static void an_arena_needs_no_root(void **state)
{
    (void)state;
    struct arena *made = arena_new(0);
    assert_non_null(made);
    assert_non_null(arena_alloc(made, 1, 1));
    arena_free(made);
}

static void memory_is_zeroed_aligned_and_never_moves(void **state)
{
    enum { COUNT = 600 };
    unsigned char *pieces[COUNT];
    (void)state;
    struct arena *made = arena_new(1);
    for (size_t i = 0; i < COUNT; i++) {
        pieces[i] = arena_alloc(made, i, 3);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        assert_filled(pieces[i], i * 3, 0);
        memset(pieces[i], (int)(i % 255) + 1, i * 3);
    }
    for (size_t i = 0; i < COUNT; i++)
        assert_filled(pieces[i], i * 3, (unsigned char)(i % 255 + 1));
    arena_free(made);
}

static void an_object_may_be_larger_than_any_chunk(void **state)
{
    const size_t size = 1000003;
    (void)state;
    struct arena *made = arena_new(1);
    unsigned char *small = arena_alloc(made, 1, 16);
    unsigned char *large = arena_alloc(made, size, 1);
    unsigned char *after = arena_alloc(made, 1, 16);
    assert_non_null(large);
    assert_filled(large, size, 0);
    memset(large, 0xff, size);
    assert_filled(small, 16, 0);
    assert_filled(after, 16, 0);
    arena_free(made);
}

static void a_size_that_overflows_gives_no_memory(void **state)
{
    (void)state;
    struct arena *made = arena_new(1);
    assert_null(arena_alloc(made, SIZE_MAX, 1));
    assert_null(arena_alloc(made, SIZE_MAX, 2));
    assert_null(arena_alloc(made, 2, SIZE_MAX));
    assert_null(arena_alloc(made, SIZE_MAX / 2, 3));
    assert_null(arena_alloc(made, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 1));
    assert_null(arena_copy(made, "", SIZE_MAX));
    assert_null(arena_copy(made, "", SIZE_MAX - 1));
    arena_free(made);
}

static void allocating_zero_objects_succeeds(void **state)
{
    (void)state;
    struct arena *made = arena_new(1);
    assert_non_null(arena_alloc(made, 0, 8));
    assert_non_null(arena_alloc(made, 8, 0));
    arena_free(made);
}

static void a_copy_has_its_bytes_and_a_nul(void **state)
{
    (void)state;
    struct arena *made = arena_new(1);
    const char *copy = arena_copy(made, "a\0b|not this", 3);
    assert_memory_equal(copy, "a\0b", 4);
    assert_string_equal(arena_copy(made, NULL, 0), "");
    assert_string_equal(arena_copy(made, "text", 4), "text");
    arena_free(made);
}

static void a_kept_object_is_aligned_and_a_copy(void **state)
{
    const int64_t numbers[] = {1, -2, 3};
    (void)state;
    struct arena *made = arena_new(1);
    assert_non_null(arena_copy(made, "odd", 3));
    const int64_t *kept = arena_keep(made, numbers, sizeof numbers);
    assert_memory_equal(kept, numbers, sizeof numbers);
    assert_int_equal((uintptr_t)kept % alignof(max_align_t), 0);
    arena_free(made);
}

/* Objects are allocated from one end of a chunk and texts from the other. The test fills all of them, then compares. */
static void objects_and_texts_of_any_size_do_not_overlap(void **state)
{
    enum { PIECES = 500 };
    unsigned char *objects[PIECES];
    char *texts[PIECES];
    char text[PIECES];
    (void)state;
    memset(text, 'x', sizeof text);
    struct arena *made = arena_new(1);
    for (size_t i = 0; i < PIECES; i++) {
        objects[i] = arena_alloc(made, 1, i * 7 % 300);
        texts[i] = arena_copy(made, text, i);
        assert_filled(objects[i], i * 7 % 300, 0);
        memset(objects[i], 0xee, i * 7 % 300);
    }
    for (size_t i = 0; i < PIECES; i++) {
        assert_filled(objects[i], i * 7 % 300, 0xee);
        assert_int_equal(strspn(texts[i], "x"), i);
        assert_int_equal(texts[i][i], '\0');
    }
    arena_free(made);
}

static void more_or_less_memory_than_expected_can_be_allocated(void **state)
{
    static const size_t expected[] = {0, 1, 5000, 1 << 20, SIZE_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct arena *made = arena_new(1);
        arena_expect(made, expected[i]);
        for (int k = 0; k < 100; k++)
            assert_non_null(arena_alloc(made, 1, 1000));
        arena_free(made);
    }
}

static void freeing_null_does_nothing(void **state)
{
    (void)state;
    arena_free(NULL);
    arena_free_root(NULL);
}

/* A leak checker detects arenas that were not freed. */
static void an_adopted_arena_ends_with_its_owner(void **state)
{
    (void)state;
    struct arena *owner = arena_new(8);
    struct arena *child = arena_new(8);
    struct arena *grandchild = arena_new(8);
    assert_non_null(arena_alloc(child, 1, 100));
    assert_non_null(arena_alloc(grandchild, 1, 100));
    arena_adopt(child, grandchild);
    arena_adopt(owner, child);
    arena_free_root(arena_root(owner));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_is_zeroed_and_leads_back_to_its_arena),
        cmocka_unit_test(an_arena_needs_no_root),
        cmocka_unit_test(memory_is_zeroed_aligned_and_never_moves),
        cmocka_unit_test(an_object_may_be_larger_than_any_chunk),
        cmocka_unit_test(a_size_that_overflows_gives_no_memory),
        cmocka_unit_test(allocating_zero_objects_succeeds),
        cmocka_unit_test(a_copy_has_its_bytes_and_a_nul),
        cmocka_unit_test(a_kept_object_is_aligned_and_a_copy),
        cmocka_unit_test(objects_and_texts_of_any_size_do_not_overlap),
        cmocka_unit_test(more_or_less_memory_than_expected_can_be_allocated),
        cmocka_unit_test(freeing_null_does_nothing),
        cmocka_unit_test(an_adopted_arena_ends_with_its_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
