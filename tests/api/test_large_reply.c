/* A large reply needs memory for itself and for its result, and little more: at most three times its size in all. */
#include "assert_status.h"
#include "heap.h"
#include "peak_memory.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t reply_size = (size_t)60 * 1024 * 1024;
static const size_t max_growth = (size_t)3 * 60 * 1024 * 1024;

/* A reply is a beginning, as many parts as needed, and an end. */
struct content {
    const char *begin;
    const char *part;
    const char *end;
};

static const struct content text = {"{\"id\":42,\"name\":\"s\",\"outputs\":[],\"metadata\":{\"text\":\"",
                                    "0123456789abcdef", "\"}}"};
static const struct content labels = {"{\"id\":42,\"name\":\"s\",\"outputs\":[{\"labels\":{\"labels\":[",
                                      "{\"id\":123456,\"name\":\"a label whose name is so long that a reply has room "
                                      "for fewer values than are allowed\"},",
                                      "{\"id\":7,\"name\":\"last\"}]}}]}"};

static char *compose(const struct content *content)
{
    const size_t part_length = strlen(content->part);
    char *body = malloc(reply_size);

    assert_non_null(body);
    size_t length = strlen(content->begin);
    memcpy(body, content->begin, length);
    for (; length + part_length + strlen(content->end) < reply_size; length += part_length)
        memcpy(body + length, content->part, part_length);
    snprintf(body + length, reply_size - length, "%s", content->end);
    return body;
}

static void retrieve(struct scene *scene)
{
    const dm_spec_id id = dm_private_spec(42);
    dm_spec *spec = NULL;

    assert_status(dm_spec_retrieve(scene->client, id, NULL, &spec, &scene->error), DM_OK, &scene->error);
    dm_spec_free(spec);
}

/* The difference between the peak and the resident memory at the beginning. */
static size_t growth_while_retrieving(struct scene *scene)
{
    size_t before = 0;
    size_t after = 0;

    heap_trim();
    assert_true(peak_memory_reset() && peak_memory_read(&before));
    retrieve(scene);
    assert_true(peak_memory_read(&after));
    return after - before;
}

/* Sanitizers and valgrind use memory themselves, so the figures mean nothing there. CI sets an environment variable. */
static bool figures_count(void)
{
    const char *under = getenv("DEEPOMATIC_TESTS_UNDER");

    return under == NULL || *under == '\0';
}

static void check_peak(struct scene *scene)
{
    scene_start(scene, NULL);
    const size_t growth = growth_while_retrieving(scene);
    print_message("%zu KiB for a reply of %zu KiB\n", growth / 1024, reply_size / 1024);
    if (figures_count())
        assert_in_range(growth, reply_size, max_growth);
    scene_end(scene);
}

static void check_announced(const struct content *content)
{
    struct scene scene;
    char *body = compose(content);

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", body);
    free(body);
    check_peak(&scene);
}

static void check_of_unknown_length(const struct content *content)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    struct scene scene;
    char *body = compose(content);
    const size_t size = sizeof head + strlen(body);
    char *reply = malloc(size);

    assert_non_null(reply);
    snprintf(reply, size, "%s%s", head, body);
    scene_init(&scene);
    scene_text(&scene, reply)->ending = FAULT_THEN_CLOSE;
    free(body);
    free(reply);
    check_peak(&scene);
}

static void a_reply_of_one_long_text_takes_little_memory(void **state)
{
    (void)state;
    check_announced(&text);
}

static void a_reply_of_one_long_text_and_unknown_length_takes_little_memory(void **state)
{
    (void)state;
    check_of_unknown_length(&text);
}

static void a_reply_of_many_items_takes_little_memory(void **state)
{
    (void)state;
    check_announced(&labels);
}

static void a_reply_of_many_items_and_unknown_length_takes_little_memory(void **state)
{
    (void)state;
    check_of_unknown_length(&labels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_of_one_long_text_takes_little_memory),
        cmocka_unit_test(a_reply_of_one_long_text_and_unknown_length_takes_little_memory),
        cmocka_unit_test(a_reply_of_many_items_takes_little_memory),
        cmocka_unit_test(a_reply_of_many_items_and_unknown_length_takes_little_memory),
    };

    heap_use_one_arena();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
