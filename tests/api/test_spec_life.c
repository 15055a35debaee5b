/* The whole life of a specification and of its versions, and what is sent at each step. */
#include "live.h"

#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const dm_label colours[] = {{7, "brown"}, {-3, "gray"}, {0, "black"}};
static const dm_label boxes[] = {{1, "brown"}};
static const dm_output outputs[] = {
    {{.labels = colours, .label_count = 3, .exclusive = true, .roi = DM_ROI_NONE}},
    {{.labels = boxes, .label_count = 1, .exclusive = false, .roi = DM_ROI_BBOX}},
};

#define OUTPUTS_JSON                                                                                                   \
    "[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":[{\"id\":7,\"name\":\"brown\"},"                     \
    "{\"id\":-3,\"name\":\"gray\"},{\"id\":0,\"name\":\"black\"}]}},"                                                  \
    "{\"labels\":{\"roi\":\"BBOX\",\"exclusive\":false,\"labels\":[{\"id\":1,\"name\":\"brown\"}]}}]"

#define POST_PROCESSINGS                                                                                               \
    "[{\"classification\":{\"output_tensor\":\"prob\",\"thresholds\":[0.1,0.2,0.999]}},"                               \
    "{\"detection\":{\"anchored_output\":{},\"thresholds\":[0.3]}}]"

#define NO_POST_PROCESSINGS "[{\"classification\":{}},{\"detection\":{}}]"

static int start(void **state)
{
    static const char *const arguments[] = {"--page-limit", "7", "--task-delay-ms", "20", NULL};

    *state = live_start(arguments);
    return 0;
}

static int stop(void **state)
{
    live_stop(*state);
    return 0;
}

/* ---- Short ways to do the plain things ---- */

static int64_t create_spec(struct live *live, const char *name)
{
    static const dm_spec_create_options options = {.description = "to begin with", .metadata = "{\"first\":1}"};
    dm_spec *spec = NULL;

    assert_ok(live, dm_spec_create(live->client, name, outputs, 2, &options, NULL, &spec, &live->error));
    const int64_t id = spec->id.private_id;
    dm_spec_free(spec);
    return id;
}

static void create_specs(struct live *live, int count)
{
    char name[32];

    for (int i = 1; i <= count; i++) {
        snprintf(name, sizeof name, "number %d", i);
        assert_int_equal(create_spec(live, name), i);
    }
}

static int64_t create_version(struct live *live, int64_t spec_id, const char *post_processings)
{
    dm_version *version = NULL;

    assert_ok(live, dm_version_create(live->client, dm_private_spec(spec_id), 11, post_processings, NULL, &version,
                                      &live->error));
    const int64_t id = version->id;
    dm_version_free(version);
    return id;
}

static void create_versions(struct live *live, int64_t spec_id, int count)
{
    for (int i = 0; i < count; i++)
        create_version(live, spec_id, NO_POST_PROCESSINGS);
}

static dm_spec *retrieve_spec(struct live *live, int64_t id)
{
    dm_spec *spec = NULL;

    assert_ok(live, dm_spec_retrieve(live->client, dm_private_spec(id), NULL, &spec, &live->error));
    return spec;
}

static dm_spec *update_spec(struct live *live, int64_t id, dm_spec_changes changes)
{
    dm_spec *spec = NULL;

    assert_ok(live, dm_spec_update(live->client, dm_private_spec(id), &changes, NULL, &spec, &live->error));
    return spec;
}

/* ---- Create and retrieve ---- */

static void assert_label(const dm_label *label, const dm_label *expected)
{
    assert_int_equal(label->id, expected->id);
    assert_string_equal(label->name, expected->name);
}

static void assert_outputs(const dm_spec *spec)
{
    assert_int_equal(spec->output_count, COUNT(outputs));
    for (size_t i = 0; i < COUNT(outputs); i++) {
        const dm_labels_output *labels = &spec->outputs[i].labels;
        assert_int_equal(labels->exclusive, outputs[i].labels.exclusive);
        assert_int_equal(labels->roi, outputs[i].labels.roi);
        assert_int_equal(labels->label_count, outputs[i].labels.label_count);
        for (size_t j = 0; j < labels->label_count; j++)
            assert_label(&labels->labels[j], &outputs[i].labels.labels[j]);
    }
}

static void assert_birds(const dm_spec *spec)
{
    assert_null(spec->id.public_id);
    assert_int_equal(spec->id.private_id, 1);
    assert_string_equal(spec->name, "Birds");
    assert_string_equal(spec->description, "of all kinds");
    assert_string_equal(spec->metadata, "{\"author\":\"me\"}");
    assert_null(spec->current_version_id);
    assert_int_equal(strlen(spec->update_date), strlen("2018-02-16T16:37:25.148189Z"));
    assert_outputs(spec);
}

static void a_specification_is_created_as_it_is_given(void **state)
{
    static const dm_spec_create_options options = {.description = "of all kinds", .metadata = "{\"author\":\"me\"}"};
    static const struct expected expected = {
        "POST", "/v0.7/recognition/specs", "",
        "{\"name\":\"Birds\",\"description\":\"of all kinds\",\"metadata\":{\"author\":\"me\"},"
        "\"outputs\":" OUTPUTS_JSON "}",
        201};
    struct live *live = *state;
    dm_spec *spec = NULL;

    assert_ok(live, dm_spec_create(live->client, "Birds", outputs, 2, &options, NULL, &spec, &live->error));
    assert_birds(spec);
    assert_non_null(spec->task_id);
    assert_string_not_equal(spec->task_id->text, "");
    assert_sent(live, 0, &expected, 1);
    dm_spec_free(spec);
}

static void what_is_optional_in_a_create_has_its_defaults(void **state)
{
    static const dm_label label = {5, "red"};
    static const dm_output output = {{.labels = &label, .label_count = 1}};
    static const struct expected expected = {
        "POST", "/v0.7/recognition/specs", "",
        "{\"name\":\"Plain\",\"description\":\"\",\"metadata\":{},"
        "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":false,\"labels\":[{\"id\":5,\"name\":\"red\"}]}}]}",
        201};
    struct live *live = *state;
    dm_spec *spec = NULL;

    assert_ok(live, dm_spec_create(live->client, "Plain", &output, 1, NULL, NULL, &spec, NULL));
    assert_string_equal(spec->description, "");
    assert_string_equal(spec->metadata, "{}");
    assert_sent(live, 0, &expected, 1);
    dm_spec_free(spec);
}

static void a_specification_is_retrieved_whole(void **state)
{
    static const dm_spec_create_options options = {.description = "of all kinds", .metadata = "{\"author\":\"me\"}"};
    static const struct expected expected = {"GET", "/v0.7/recognition/specs/1", "", NULL, 200};
    struct live *live = *state;
    dm_spec *spec = NULL;

    assert_ok(live, dm_spec_create(live->client, "Birds", outputs, 2, &options, NULL, &spec, &live->error));
    dm_spec_free(spec);
    const size_t mark = live_mark(live);
    spec = retrieve_spec(live, 1);
    assert_birds(spec);
    assert_null(spec->task_id);
    assert_sent(live, mark, &expected, 1);
    dm_spec_free(spec);
}

static void a_public_specification_is_retrieved_by_its_name(void **state)
{
    static const struct expected expected = {"GET", "/v0.7/recognition/public/sandbox-regions", "", NULL, 200};
    struct live *live = *state;
    dm_spec *spec = NULL;

    assert_ok(live, dm_spec_retrieve(live->client, dm_public_spec("sandbox-regions"), NULL, &spec, &live->error));
    assert_string_equal(spec->id.public_id, "sandbox-regions");
    assert_string_equal(spec->name, "Regions");
    assert_null(spec->current_version_id);
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_BBOX);
    assert_int_equal(spec->outputs[0].labels.label_count, 11);
    assert_sent(live, 0, &expected, 1);
    dm_spec_free(spec);
}

static void a_public_name_of_digits_is_not_a_private_number(void **state)
{
    struct live *live = *state;
    dm_spec *spec = NULL;

    create_spec(live, "number 1");
    const size_t mark = live_mark(live);
    assert_int_equal(dm_spec_retrieve(live->client, dm_public_spec("1"), NULL, &spec, &live->error), DM_ERR_NOT_FOUND);
    static const struct expected expected = {"GET", "/v0.7/recognition/public/1", "", NULL, 404};
    assert_sent(live, mark, &expected, 1);
    assert_null(spec);
}

static void assert_not_found(const struct live *live, dm_status status)
{
    assert_int_equal(status, DM_ERR_NOT_FOUND);
    assert_int_equal(live->error.status, DM_ERR_NOT_FOUND);
    assert_int_equal(live->error.http_status, 404);
    assert_int_equal(live->error.attempts, 1);
    assert_string_equal(live->error.server_message, "Not found.");
}

static void what_does_not_exist_is_not_found(void **state)
{
    static const dm_spec_changes changes = {.name = "nobody"};
    struct live *live = *state;
    const dm_spec_id nobody = dm_private_spec(4711);
    dm_client *client = live->client;
    dm_spec *spec = NULL;
    dm_version *version = NULL;
    dm_version_page *page = NULL;

    assert_not_found(live, dm_spec_retrieve(client, nobody, NULL, &spec, &live->error));
    assert_not_found(live, dm_spec_update(client, nobody, &changes, NULL, &spec, &live->error));
    assert_not_found(live, dm_spec_delete(client, nobody, NULL, &live->error));
    assert_not_found(live, dm_spec_versions(client, nobody, NULL, NULL, &page, &live->error));
    assert_not_found(live, dm_version_retrieve(client, 4711, NULL, &version, &live->error));
    assert_not_found(live, dm_version_delete(client, 4711, NULL, &live->error));
}

/* ---- Refused before anything is sent ---- */

static void assert_create_refused(struct live *live, const char *name, const dm_output *given, size_t count)
{
    dm_spec spec_before;
    dm_spec *spec = &spec_before;

    assert_int_equal(dm_spec_create(live->client, name, given, count, NULL, NULL, &spec, &live->error),
                     DM_ERR_INVALID_ARGUMENT);
    assert_null(spec);
    assert_int_equal(live->error.attempts, 0);
}

static void a_wrong_specification_is_not_sent(void **state)
{
    static const dm_label nameless = {1, NULL};
    static const dm_label latin1 = {1, "caf\xe9"};
    static const dm_output of_other_kind = {{.labels = colours, .label_count = 3, .roi = DM_ROI_OTHER}};
    static const dm_output without_labels = {{.labels = NULL, .label_count = 3}};
    static const dm_output with_nameless = {{.labels = &nameless, .label_count = 1}};
    static const dm_output with_latin1 = {{.labels = &latin1, .label_count = 1}};
    struct live *live = *state;

    assert_create_refused(live, NULL, outputs, 2);
    assert_create_refused(live, "caf\xe9", outputs, 2);
    assert_create_refused(live, "no outputs", outputs, 0);
    assert_create_refused(live, "no outputs", NULL, 2);
    assert_create_refused(live, "other kind", &of_other_kind, 1);
    assert_create_refused(live, "no labels", &without_labels, 1);
    assert_create_refused(live, "no label name", &with_nameless, 1);
    assert_create_refused(live, "label name", &with_latin1, 1);
    assert_nothing_sent(live, 0);
}

static void assert_update_refused(struct live *live, dm_spec_id id, const dm_spec_changes *changes)
{
    dm_spec spec_before;
    dm_spec *spec = &spec_before;

    assert_int_equal(dm_spec_update(live->client, id, changes, NULL, &spec, &live->error), DM_ERR_INVALID_ARGUMENT);
    assert_null(spec);
}

static void a_wrong_update_is_not_sent(void **state)
{
    static const int64_t version_id = 1;
    static const int64_t no_id = 0;
    static const dm_spec_changes none = {0};
    static const dm_spec_changes good = {.name = "good"};
    static const dm_spec_changes both = {.current_version_id = &version_id, .clear_current_version = true};
    static const dm_spec_changes no_version = {.current_version_id = &no_id};
    static const dm_spec_changes latin1 = {.description = "caf\xe9"};
    struct live *live = *state;

    assert_update_refused(live, dm_private_spec(1), NULL);
    assert_update_refused(live, dm_private_spec(1), &none);
    assert_update_refused(live, dm_private_spec(1), &both);
    assert_update_refused(live, dm_private_spec(1), &no_version);
    assert_update_refused(live, dm_private_spec(1), &latin1);
    assert_update_refused(live, dm_private_spec(0), &good);
    assert_update_refused(live, dm_private_spec(-1), &good);
    assert_update_refused(live, dm_private_spec(INT64_MAX), &good);
    assert_update_refused(live, dm_public_spec("sandbox-colors"), &good);
    assert_update_refused(live, dm_public_spec(NULL), &good);
    assert_nothing_sent(live, 0);
}

static void public_specifications_are_not_changed(void **state)
{
    struct live *live = *state;
    const dm_spec_id colors = dm_public_spec("sandbox-colors");
    dm_client *client = live->client;
    dm_version *version = NULL;
    dm_version_page *page = NULL;
    dm_version_iter *iter = NULL;

    assert_int_equal(dm_spec_delete(client, colors, NULL, &live->error), DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(dm_version_create(client, colors, 1, "[]", NULL, &version, NULL), DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(dm_spec_versions(client, colors, NULL, NULL, &page, NULL), DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(dm_version_iter_new(client, &colors, NULL, &iter, NULL), DM_ERR_INVALID_ARGUMENT);
    assert_null(iter);
    assert_nothing_sent(live, 0);
}

static void an_id_cannot_leave_its_path(void **state)
{
    static const char *const names[] = {"", ".", "..", "a/b", "../specs/1", "a?b", "a#b", "a%2fb", "a\\b", "a\nb"};
    struct live *live = *state;
    dm_spec *spec = NULL;

    for (size_t i = 0; i < COUNT(names); i++)
        assert_int_equal(dm_spec_retrieve(live->client, dm_public_spec(names[i]), NULL, &spec, &live->error),
                         DM_ERR_INVALID_ARGUMENT);
    assert_nothing_sent(live, 0);
}

/* ---- Update ---- */

/* What a specification looks like. */
struct look {
    const char *name;
    const char *description;
    const char *metadata;
    int64_t current_version_id; /* 0: none */
};

static void assert_look(const dm_spec *spec, const struct look *look)
{
    assert_string_equal(spec->name, look->name);
    assert_string_equal(spec->description, look->description);
    assert_string_equal(spec->metadata, look->metadata);
    assert_int_equal(spec->current_version_id != NULL ? *spec->current_version_id : 0, look->current_version_id);
    assert_outputs(spec);
}

/* Makes the changes to a new specification with two versions: this is what is sent, and how it looks afterwards. */
static void assert_change(struct live *live, dm_spec_changes changes, const char *body, struct look look)
{
    const struct expected expected[] = {
        {"PATCH", "/v0.7/recognition/specs/1", "", body, 200},
        {"GET", "/v0.7/recognition/specs/1", "", NULL, 200},
    };

    create_spec(live, "to begin with");
    create_versions(live, 1, 2);
    const size_t mark = live_mark(live);
    dm_spec *answer = update_spec(live, 1, changes);
    dm_spec *stored = retrieve_spec(live, 1);
    assert_look(answer, &look);
    assert_look(stored, &look);
    assert_null(answer->task_id);
    assert_sent(live, mark, expected, 2);
    dm_spec_free(answer);
    dm_spec_free(stored);
}

static void the_name_alone_is_updated(void **state)
{
    assert_change(*state, (dm_spec_changes){.name = "new"}, "{\"name\":\"new\"}",
                  (struct look){"new", "to begin with", "{\"first\":1}", 1});
}

static void the_description_alone_is_updated(void **state)
{
    assert_change(*state, (dm_spec_changes){.description = "new"}, "{\"description\":\"new\"}",
                  (struct look){"to begin with", "new", "{\"first\":1}", 1});
}

static void an_empty_description_is_a_value(void **state)
{
    assert_change(*state, (dm_spec_changes){.description = ""}, "{\"description\":\"\"}",
                  (struct look){"to begin with", "", "{\"first\":1}", 1});
}

static void the_metadata_alone_are_updated_and_replaced_whole(void **state)
{
    assert_change(*state, (dm_spec_changes){.metadata = "{\"second\":2}"}, "{\"metadata\":{\"second\":2}}",
                  (struct look){"to begin with", "to begin with", "{\"second\":2}", 1});
}

static void empty_metadata_are_a_value(void **state)
{
    assert_change(*state, (dm_spec_changes){.metadata = "{}"}, "{\"metadata\":{}}",
                  (struct look){"to begin with", "to begin with", "{}", 1});
}

static void the_current_version_alone_is_updated(void **state)
{
    static const int64_t second = 2;

    assert_change(*state, (dm_spec_changes){.current_version_id = &second}, "{\"current_version_id\":2}",
                  (struct look){"to begin with", "to begin with", "{\"first\":1}", 2});
}

static void clearing_the_current_version_sends_null(void **state)
{
    assert_change(*state, (dm_spec_changes){.clear_current_version = true}, "{\"current_version_id\":null}",
                  (struct look){"to begin with", "to begin with", "{\"first\":1}", 0});
}

static void everything_is_updated_at_once(void **state)
{
    static const int64_t second = 2;

    assert_change(*state, (dm_spec_changes){"a", "b", "{\"c\":null}", &second, false},
                  "{\"name\":\"a\",\"description\":\"b\",\"metadata\":{\"c\":null},\"current_version_id\":2}",
                  (struct look){"a", "b", "{\"c\":null}", 2});
}

/* The sandbox refuses it, as the service does; but it must have been sent. */
static void an_empty_name_is_sent_and_the_refusal_has_the_servers_words(void **state)
{
    static const dm_spec_changes changes = {.name = ""};
    static const struct expected expected = {"PATCH", "/v0.7/recognition/specs/1", "", "{\"name\":\"\"}", 400};
    struct live *live = *state;
    dm_spec *spec = NULL;

    create_spec(live, "to begin with");
    const size_t mark = live_mark(live);
    assert_int_equal(dm_spec_update(live->client, dm_private_spec(1), &changes, NULL, &spec, &live->error),
                     DM_ERR_REJECTED);
    assert_null(spec);
    assert_int_equal(live->error.http_status, 400);
    assert_non_null(strstr(live->error.server_message, "This field may not be blank."));
    assert_non_null(strstr(live->error.message, "This field may not be blank."));
    assert_sent(live, mark, &expected, 1);
}

static void a_version_of_another_specification_is_refused_by_the_server(void **state)
{
    static const int64_t others = 1;
    static const dm_spec_changes changes = {.current_version_id = &others};
    struct live *live = *state;
    dm_spec *spec = NULL;

    create_specs(live, 2);
    create_version(live, 1, NO_POST_PROCESSINGS);
    assert_int_equal(dm_spec_update(live->client, dm_private_spec(2), &changes, NULL, &spec, &live->error),
                     DM_ERR_REJECTED);
    assert_non_null(strstr(live->error.server_message, "current_version_id"));
}

/* ---- Lists ---- */

static dm_spec_page *list_specs(struct live *live, const dm_page_options *options)
{
    dm_spec_page *page = NULL;

    assert_ok(live, dm_spec_list(live->client, DM_VISIBILITY_PRIVATE, options, NULL, &page, &live->error));
    return page;
}

/* The page holds the specifications `first` to `last` of `count`, without their outputs. */
static void assert_page(const dm_spec_page *page, int64_t first, int64_t last, int64_t count)
{
    assert_int_equal(page->count, count);
    assert_int_equal(page->result_count, last - first + 1);
    for (size_t i = 0; i < page->result_count; i++) {
        assert_int_equal(page->results[i].id.private_id, first + (int64_t)i);
        assert_string_equal(page->results[i].description, "to begin with");
        assert_string_equal(page->results[i].metadata, "{\"first\":1}");
        assert_int_equal(page->results[i].output_count, 0);
    }
    assert_int_equal(page->next != NULL, last < count);
    assert_int_equal(page->previous != NULL, first > 1);
}

static dm_spec_page *next_page(struct live *live, dm_spec_page *page)
{
    dm_spec_page *next = NULL;

    assert_ok(live, dm_spec_page_next(live->client, page, NULL, &next, &live->error));
    dm_spec_page_free(page);
    return next;
}

static void assert_last_page(struct live *live, dm_spec_page *page)
{
    dm_spec_page nothing;
    dm_spec_page *next = &nothing;

    assert_int_equal(dm_spec_page_next(live->client, page, NULL, &next, &live->error), DM_DONE);
    assert_null(next);
    assert_int_equal(live->error.status, DM_OK);
    assert_string_equal(live->error.message, "");
}

static void a_list_goes_on_from_page_to_page_until_it_is_done(void **state)
{
    static const struct expected expected[] = {
        {"GET", "/v0.7/recognition/specs", "offset=0&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "limit=7&offset=7", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "limit=7&offset=14", NULL, 200},
    };
    struct live *live = *state;

    create_specs(live, 16);
    const size_t mark = live_mark(live);
    dm_spec_page *page = list_specs(live, NULL);
    assert_page(page, 1, 7, 16);
    page = next_page(live, page);
    assert_page(page, 8, 14, 16);
    page = next_page(live, page);
    assert_page(page, 15, 16, 16);
    assert_last_page(live, page);
    assert_sent(live, mark, expected, 3);
    dm_spec_page_free(page);
}

static void a_page_stays_good_after_the_next_one_was_asked_for(void **state)
{
    struct live *live = *state;
    dm_spec_page *second = NULL;
    dm_spec_page *again = NULL;

    create_specs(live, 9);
    dm_spec_page *first = list_specs(live, NULL);
    assert_ok(live, dm_spec_page_next(live->client, first, NULL, &second, &live->error));
    assert_page(first, 1, 7, 9);
    assert_ok(live, dm_spec_page_next(live->client, first, NULL, &again, &live->error));
    assert_page(again, 8, 9, 9);
    assert_page(second, 8, 9, 9);
    dm_spec_page_free(first);
    dm_spec_page_free(second);
    dm_spec_page_free(again);
}

static void offset_and_limit_say_which_part(void **state)
{
    static const dm_page_options part = {.offset = 3, .limit = 5};
    static const dm_page_options from_four = {.offset = 4};
    static const dm_page_options at_most_two = {.limit = 2};
    static const struct expected expected[] = {
        {"GET", "/v0.7/recognition/specs", "offset=3&limit=5", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "offset=4&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "offset=0&limit=2", NULL, 200},
    };
    struct live *live = *state;

    create_specs(live, 9);
    const size_t mark = live_mark(live);
    dm_spec_page *middle = list_specs(live, &part);
    dm_spec_page *end = list_specs(live, &from_four);
    dm_spec_page *beginning = list_specs(live, &at_most_two);
    assert_page(middle, 4, 8, 9);
    assert_page(end, 5, 9, 9);
    assert_page(beginning, 1, 2, 9);
    assert_sent(live, mark, expected, 3);
    dm_spec_page_free(middle);
    dm_spec_page_free(end);
    dm_spec_page_free(beginning);
}

static void a_part_past_the_end_is_empty(void **state)
{
    static const dm_page_options past = {.offset = 100};
    struct live *live = *state;

    create_specs(live, 2);
    dm_spec_page *page = list_specs(live, &past);
    assert_int_equal(page->count, 2);
    assert_int_equal(page->result_count, 0);
    assert_last_page(live, page);
    dm_spec_page_free(page);
}

static void public_specifications_have_a_list_of_their_own(void **state)
{
    static const struct expected expected = {"GET", "/v0.7/recognition/public", "offset=0&limit=100", NULL, 200};
    struct live *live = *state;
    dm_spec_page *page = NULL;

    assert_ok(live, dm_spec_list(live->client, DM_VISIBILITY_PUBLIC, NULL, NULL, &page, &live->error));
    assert_int_equal(page->count, 3);
    assert_string_equal(page->results[0].id.public_id, "sandbox-colors");
    assert_string_equal(page->results[1].id.public_id, "sandbox-regions");
    assert_string_equal(page->results[2].id.public_id, "sandbox-pair");
    assert_null(page->results[1].current_version_id);
    assert_sent(live, 0, &expected, 1);
    dm_spec_page_free(page);
}

static void a_wrong_part_is_not_asked_for(void **state)
{
    static const dm_page_options parts[] = {{.offset = -1}, {.limit = -1}};
    struct live *live = *state;
    dm_spec_page *page = NULL;
    dm_version_page *versions = NULL;
    dm_spec_iter *iter = NULL;
    dm_version_iter *version_iter = NULL;

    for (size_t i = 0; i < COUNT(parts); i++) {
        assert_int_equal(dm_spec_list(live->client, DM_VISIBILITY_PRIVATE, &parts[i], NULL, &page, NULL),
                         DM_ERR_INVALID_ARGUMENT);
        assert_int_equal(dm_version_list(live->client, &parts[i], NULL, &versions, NULL), DM_ERR_INVALID_ARGUMENT);
        assert_int_equal(dm_spec_iter_new(live->client, DM_VISIBILITY_PUBLIC, &parts[i], &iter, NULL),
                         DM_ERR_INVALID_ARGUMENT);
        assert_int_equal(dm_version_iter_new(live->client, NULL, &parts[i], &version_iter, NULL),
                         DM_ERR_INVALID_ARGUMENT);
    }
    assert_int_equal(dm_spec_page_next(live->client, NULL, NULL, &page, NULL), DM_ERR_INVALID_ARGUMENT);
    assert_nothing_sent(live, 0);
}

/* ---- Iterators ---- */

static dm_spec_iter *iterate(struct live *live, dm_visibility visibility, const dm_page_options *options)
{
    dm_spec_iter *iter = NULL;

    assert_ok(live, dm_spec_iter_new(live->client, visibility, options, &iter, &live->error));
    return iter;
}

static void assert_next_specs(struct live *live, dm_spec_iter *iter, int64_t first, int64_t last)
{
    const dm_spec *spec = NULL;

    for (int64_t id = first; id <= last; id++) {
        assert_ok(live, dm_spec_iter_next(iter, NULL, &spec, &live->error));
        assert_int_equal(spec->id.private_id, id);
    }
}

static void assert_done(struct live *live, dm_spec_iter *iter)
{
    const dm_spec nothing = {0};
    const dm_spec *spec = &nothing;

    assert_int_equal(dm_spec_iter_next(iter, NULL, &spec, &live->error), DM_DONE);
    assert_null(spec);
}

static void an_iterator_asks_for_a_page_only_when_it_is_needed(void **state)
{
    struct live *live = *state;

    create_specs(live, 15);
    const size_t mark = live_mark(live);
    dm_spec_iter *iter = iterate(live, DM_VISIBILITY_PRIVATE, NULL);
    assert_nothing_sent(live, mark);
    assert_next_specs(live, iter, 1, 7);
    assert_int_equal(live_mark(live) - mark, 1);
    assert_next_specs(live, iter, 8, 8);
    assert_int_equal(live_mark(live) - mark, 2);
    assert_next_specs(live, iter, 9, 14);
    assert_int_equal(live_mark(live) - mark, 2);
    assert_next_specs(live, iter, 15, 15);
    assert_int_equal(live_mark(live) - mark, 3);
    assert_done(live, iter);
    assert_done(live, iter);
    assert_int_equal(live_mark(live) - mark, 3);
    dm_spec_iter_free(iter);
}

static void an_iterator_begins_where_it_is_told_to(void **state)
{
    static const dm_page_options options = {.offset = 2, .limit = 3};
    static const struct expected expected[] = {
        {"GET", "/v0.7/recognition/specs", "offset=2&limit=3", NULL, 200},
        {"GET", "/v0.7/recognition/specs", "limit=3&offset=5", NULL, 200},
    };
    struct live *live = *state;

    create_specs(live, 8);
    const size_t mark = live_mark(live);
    dm_spec_iter *iter = iterate(live, DM_VISIBILITY_PRIVATE, &options);
    assert_next_specs(live, iter, 3, 8);
    assert_done(live, iter);
    assert_sent(live, mark, expected, 2);
    dm_spec_iter_free(iter);
}

static void an_iterator_over_nothing_is_done_at_once(void **state)
{
    static const struct expected expected = {"GET", "/v0.7/recognition/specs", "offset=0&limit=100", NULL, 200};
    struct live *live = *state;
    dm_spec_iter *iter = iterate(live, DM_VISIBILITY_PRIVATE, NULL);

    assert_done(live, iter);
    assert_done(live, iter);
    assert_sent(live, 0, &expected, 1);
    dm_spec_iter_free(iter);
}

static void an_iterator_goes_through_the_public_specifications(void **state)
{
    static const dm_page_options one_by_one = {.limit = 1};
    struct live *live = *state;
    dm_spec_iter *iter = iterate(live, DM_VISIBILITY_PUBLIC, &one_by_one);
    const dm_spec *spec = NULL;

    assert_ok(live, dm_spec_iter_next(iter, NULL, &spec, &live->error));
    assert_string_equal(spec->id.public_id, "sandbox-colors");
    assert_ok(live, dm_spec_iter_next(iter, NULL, &spec, &live->error));
    assert_string_equal(spec->id.public_id, "sandbox-regions");
    assert_ok(live, dm_spec_iter_next(iter, NULL, &spec, &live->error));
    assert_string_equal(spec->id.public_id, "sandbox-pair");
    assert_done(live, iter);
    dm_spec_iter_free(iter);
}

/* A page that could not be had is asked for again, and nothing is left out. */
static void an_iterator_goes_on_after_a_failure(void **state)
{
    struct live *live = *state;
    const dm_spec *spec = NULL;
    dm_call_options call = {0};

    create_specs(live, 9);
    dm_spec_iter *iter = iterate(live, DM_VISIBILITY_PRIVATE, NULL);
    assert_ok(live, dm_cancel_new(&call.cancel, &live->error));
    dm_cancel_fire(call.cancel);
    assert_int_equal(dm_spec_iter_next(iter, &call, &spec, &live->error), DM_ERR_CANCELLED);
    assert_null(spec);
    assert_next_specs(live, iter, 1, 7);
    assert_int_equal(dm_spec_iter_next(iter, &call, &spec, &live->error), DM_ERR_CANCELLED);
    assert_next_specs(live, iter, 8, 9);
    assert_done(live, iter);
    dm_spec_iter_free(iter);
    dm_cancel_free(call.cancel);
}

static void an_iterator_may_be_left_in_the_middle(void **state)
{
    struct live *live = *state;

    create_specs(live, 9);
    dm_spec_iter *iter = iterate(live, DM_VISIBILITY_PRIVATE, NULL);
    assert_next_specs(live, iter, 1, 8);
    dm_spec_iter_free(iter);
    dm_spec_iter_free(NULL);
}

/* ---- Versions ---- */

static void assert_version(const dm_version *version, int64_t id, int64_t spec_id, const char *post_processings)
{
    assert_int_equal(version->id, id);
    assert_int_equal(version->spec_id, spec_id);
    assert_int_equal(version->network_id, 11);
    assert_string_equal(version->network_name, "network 11");
    assert_non_null(version->update_date);
    if (post_processings != NULL)
        assert_string_equal(version->post_processings, post_processings);
    else
        assert_null(version->post_processings);
}

static void a_version_is_created_as_it_is_given_and_retrieved_whole(void **state)
{
    static const struct expected expected[] = {
        {"POST", "/v0.7/recognition/versions", "",
         "{\"spec_id\":2,\"network_id\":11,\"post_processings\":" POST_PROCESSINGS "}", 201},
        {"GET", "/v0.7/recognition/versions/1", "", NULL, 200},
    };
    struct live *live = *state;
    dm_version *created = NULL;
    dm_version *retrieved = NULL;

    create_specs(live, 2);
    const size_t mark = live_mark(live);
    assert_ok(live,
              dm_version_create(live->client, dm_private_spec(2), 11, POST_PROCESSINGS, NULL, &created, &live->error));
    assert_ok(live, dm_version_retrieve(live->client, created->id, NULL, &retrieved, &live->error));
    assert_version(created, 1, 2, POST_PROCESSINGS);
    assert_version(retrieved, 1, 2, POST_PROCESSINGS);
    assert_string_equal(retrieved->spec_name, "number 2");
    assert_sent(live, mark, expected, 2);
    dm_version_free(created);
    dm_version_free(retrieved);
}

static int64_t current_version(struct live *live, int64_t spec_id)
{
    dm_spec *spec = retrieve_spec(live, spec_id);
    const int64_t id = spec->current_version_id != NULL ? *spec->current_version_id : 0;

    dm_spec_free(spec);
    return id;
}

static void the_first_version_becomes_the_current_one(void **state)
{
    struct live *live = *state;

    create_specs(live, 1);
    assert_int_equal(current_version(live, 1), 0);
    const int64_t first = create_version(live, 1, NO_POST_PROCESSINGS);
    assert_int_equal(current_version(live, 1), first);
    create_version(live, 1, NO_POST_PROCESSINGS);
    assert_int_equal(current_version(live, 1), first);
    dm_spec_page *page = list_specs(live, NULL);
    assert_int_equal(*page->results[0].current_version_id, first);
    dm_spec_page_free(page);
}

static void assert_version_refused(struct live *live, int64_t spec_id, int64_t network_id, const char *post_processings)
{
    dm_version version_before;
    dm_version *version = &version_before;

    assert_int_equal(dm_version_create(live->client, dm_private_spec(spec_id), network_id, post_processings, NULL,
                                       &version, &live->error),
                     DM_ERR_INVALID_ARGUMENT);
    assert_null(version);
}

static void a_wrong_version_is_not_sent(void **state)
{
    struct live *live = *state;

    assert_version_refused(live, 0, 1, "[]");
    assert_version_refused(live, -1, 1, "[]");
    assert_version_refused(live, 1, 0, "[]");
    assert_version_refused(live, 1, -1, "[]");
    assert_version_refused(live, 1, 1, NULL);
    assert_version_refused(live, 1, 1, "");
    assert_version_refused(live, 1, 1, "{}");
    assert_version_refused(live, 1, 1, "[");
    assert_version_refused(live, 1, 1, "[] []");
    assert_version_refused(live, 1, 1, "[01]");
    assert_nothing_sent(live, 0);
}

static void post_processings_that_the_server_refuses_come_with_its_words(void **state)
{
    struct live *live = *state;
    dm_version *version = NULL;

    create_specs(live, 1);
    assert_int_equal(dm_version_create(live->client, dm_private_spec(1), 1, "[]", NULL, &version, &live->error),
                     DM_ERR_REJECTED);
    assert_int_equal(live->error.http_status, 400);
    assert_false(live->error.outcome_unknown);
    assert_non_null(strstr(live->error.server_message, "One post-processing for each output"));
}

/* Two specifications, each with eight versions: 1 to 8, and 9 to 16. */
static void create_two_with_versions(struct live *live)
{
    create_specs(live, 2);
    create_versions(live, 1, 8);
    create_versions(live, 2, 8);
}

static void assert_version_page(const dm_version_page *page, int64_t first, int64_t last, int64_t count)
{
    assert_int_equal(page->count, count);
    assert_int_equal(page->result_count, last - first + 1);
    for (size_t i = 0; i < page->result_count; i++) {
        const int64_t id = first + (int64_t)i;
        assert_version(&page->results[i], id, id <= 8 ? 1 : 2, NULL);
    }
}

static dm_version_page *next_version_page(struct live *live, dm_version_page *page)
{
    dm_version_page *next = NULL;

    assert_ok(live, dm_version_page_next(live->client, page, NULL, &next, &live->error));
    dm_version_page_free(page);
    return next;
}

static void assert_last_version_page(struct live *live, dm_version_page *page)
{
    dm_version_page nothing;
    dm_version_page *next = &nothing;

    assert_int_equal(dm_version_page_next(live->client, page, NULL, &next, &live->error), DM_DONE);
    assert_null(next);
    dm_version_page_free(page);
}

static void all_versions_are_listed_page_after_page(void **state)
{
    static const struct expected expected[] = {
        {"GET", "/v0.7/recognition/versions", "offset=0&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/versions", "limit=7&offset=7", NULL, 200},
        {"GET", "/v0.7/recognition/versions", "limit=7&offset=14", NULL, 200},
    };
    struct live *live = *state;
    dm_version_page *page = NULL;

    create_two_with_versions(live);
    const size_t mark = live_mark(live);
    assert_ok(live, dm_version_list(live->client, NULL, NULL, &page, &live->error));
    assert_version_page(page, 1, 7, 16);
    page = next_version_page(live, page);
    assert_version_page(page, 8, 14, 16);
    page = next_version_page(live, page);
    assert_version_page(page, 15, 16, 16);
    assert_last_version_page(live, page);
    assert_sent(live, mark, expected, 3);
}

static void a_specifications_versions_are_listed_page_after_page(void **state)
{
    static const dm_page_options options = {.offset = 1, .limit = 4};
    static const struct expected expected[] = {
        {"GET", "/v0.7/recognition/specs/2/versions", "offset=1&limit=4", NULL, 200},
        {"GET", "/v0.7/recognition/specs/2/versions", "limit=4&offset=5", NULL, 200},
    };
    struct live *live = *state;
    dm_version_page *page = NULL;

    create_two_with_versions(live);
    const size_t mark = live_mark(live);
    assert_ok(live, dm_spec_versions(live->client, dm_private_spec(2), &options, NULL, &page, &live->error));
    assert_version_page(page, 10, 13, 8);
    assert_non_null(page->previous);
    page = next_version_page(live, page);
    assert_version_page(page, 14, 16, 8);
    assert_last_version_page(live, page);
    assert_sent(live, mark, expected, 2);
}

static void assert_next_versions(struct live *live, dm_version_iter *iter, int64_t first, int64_t last)
{
    const dm_version *version = NULL;

    for (int64_t id = first; id <= last; id++) {
        assert_ok(live, dm_version_iter_next(iter, NULL, &version, &live->error));
        assert_int_equal(version->id, id);
    }
}

static void assert_versions_done(struct live *live, dm_version_iter *iter)
{
    const dm_version nothing = {0};
    const dm_version *version = &nothing;

    assert_int_equal(dm_version_iter_next(iter, NULL, &version, &live->error), DM_DONE);
    assert_null(version);
    dm_version_iter_free(iter);
}

static void an_iterator_over_all_versions_asks_only_when_it_must(void **state)
{
    struct live *live = *state;
    dm_version_iter *iter = NULL;

    create_two_with_versions(live);
    const size_t mark = live_mark(live);
    assert_ok(live, dm_version_iter_new(live->client, NULL, NULL, &iter, &live->error));
    assert_nothing_sent(live, mark);
    assert_next_versions(live, iter, 1, 7);
    assert_int_equal(live_mark(live) - mark, 1);
    assert_next_versions(live, iter, 8, 14);
    assert_int_equal(live_mark(live) - mark, 2);
    assert_next_versions(live, iter, 15, 16);
    assert_versions_done(live, iter);
    assert_int_equal(live_mark(live) - mark, 3);
}

static void an_iterator_over_a_specifications_versions_sees_no_others(void **state)
{
    static const struct expected expected[] = {
        {"GET", "/v0.7/recognition/specs/2/versions", "offset=0&limit=100", NULL, 200},
        {"GET", "/v0.7/recognition/specs/2/versions", "limit=7&offset=7", NULL, 200},
    };
    struct live *live = *state;
    const dm_spec_id second = dm_private_spec(2);
    dm_version_iter *iter = NULL;

    create_two_with_versions(live);
    const size_t mark = live_mark(live);
    assert_ok(live, dm_version_iter_new(live->client, &second, NULL, &iter, &live->error));
    assert_next_versions(live, iter, 9, 16);
    assert_versions_done(live, iter);
    assert_sent(live, mark, expected, 2);
}

static void an_iterator_over_an_unknown_specifications_versions_finds_nothing(void **state)
{
    struct live *live = *state;
    const dm_spec_id nobody = dm_private_spec(4711);
    const dm_version *version = NULL;
    dm_version_iter *iter = NULL;

    assert_ok(live, dm_version_iter_new(live->client, &nobody, NULL, &iter, &live->error));
    assert_not_found(live, dm_version_iter_next(iter, NULL, &version, &live->error));
    assert_null(version);
    dm_version_iter_free(iter);
}

static void a_deleted_version_is_gone_and_no_longer_current(void **state)
{
    static const struct expected expected[] = {
        {"DELETE", "/v0.7/recognition/versions/1", "", NULL, 204},
        {"GET", "/v0.7/recognition/versions/1", "", NULL, 404},
    };
    struct live *live = *state;
    dm_version *version = NULL;

    create_specs(live, 1);
    create_versions(live, 1, 2);
    const size_t mark = live_mark(live);
    assert_ok(live, dm_version_delete(live->client, 1, NULL, &live->error));
    assert_not_found(live, dm_version_retrieve(live->client, 1, NULL, &version, &live->error));
    assert_sent(live, mark, expected, 2);
    assert_int_equal(current_version(live, 1), 0);
}

/* ---- Inference with a specification of one's own ---- */

static dm_input cat(void)
{
    return dm_image_file(PHOTOS_DIR "/cat.jpg");
}

static const dm_prediction *find_label(const dm_prediction *predictions, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(predictions[i].label_name, name) == 0)
            return &predictions[i];
    return NULL;
}

/* A brown cat with gray parts: black is below its threshold of 0.999. */
static void assert_recognises_the_cat(const dm_inference *inference)
{
    assert_int_equal(inference->output_count, 2);
    const dm_labels_inference *labels = &inference->outputs[0].labels;
    const dm_prediction *brown = find_label(labels->predicted, labels->predicted_count, "brown");
    const dm_prediction *gray = find_label(labels->predicted, labels->predicted_count, "gray");
    const dm_prediction *black = find_label(labels->discarded, labels->discarded_count, "black");
    assert_non_null(brown);
    assert_non_null(gray);
    assert_non_null(black);
    assert_int_equal(brown->label_id, 7);
    assert_int_equal(gray->label_id, -3);
    assert_int_equal(black->label_id, 0);
    assert_true(brown->score > gray->score);
    assert_true(black->threshold > 0.9989 && black->threshold < 0.9991);
    assert_null(brown->roi);
}

static void assert_finds_brown_boxes(const dm_inference *inference)
{
    const dm_labels_inference *labels = &inference->outputs[1].labels;
    const dm_prediction *brown = find_label(labels->predicted, labels->predicted_count, "brown");

    assert_non_null(brown);
    assert_int_equal(brown->label_id, 1);
    assert_non_null(brown->roi);
    assert_true(0 <= brown->roi->bbox->xmin && brown->roi->bbox->xmin < brown->roi->bbox->xmax);
}

static void assert_inference_path(const struct live *live, size_t mark, const char *path)
{
    struct request_log *log = sent_since(live, mark);

    assert_true(log->count >= 1);
    assert_string_equal(log_text(log->items[0], "method"), "POST");
    assert_string_equal(log_text(log->items[0], "path"), path);
    request_log_free(log);
}

static void an_own_specification_with_a_version_recognises(void **state)
{
    static const dm_infer_options options = {.show_discarded = true};
    struct live *live = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;

    create_specs(live, 1);
    create_version(live, 1, POST_PROCESSINGS);
    const size_t mark = live_mark(live);
    assert_ok(live,
              dm_spec_infer(live->client, dm_private_spec(1), &input, 1, &options, NULL, &inference, &live->error));
    assert_recognises_the_cat(inference);
    assert_finds_brown_boxes(inference);
    assert_inference_path(live, mark, "/v0.7/recognition/specs/1/inference");
    dm_inference_free(inference);
}

static void without_a_version_inference_is_refused_with_the_servers_words(void **state)
{
    struct live *live = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;

    create_specs(live, 1);
    const size_t mark = live_mark(live);
    assert_int_equal(dm_spec_infer(live->client, dm_private_spec(1), &input, 1, NULL, NULL, &inference, &live->error),
                     DM_ERR_REJECTED);
    assert_null(inference);
    assert_int_equal(live->error.http_status, 400);
    assert_string_equal(live->error.server_message,
                        "The specification has no current version: it can't run an inference.");
    assert_string_equal(live->error.task_id.text, "");
    assert_int_equal(live_mark(live) - mark, 1);
}

/* The second version has thresholds that nothing passes; the first one is the current one. */
static void a_given_version_recognises_in_place_of_the_current_one(void **state)
{
    struct live *live = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;

    create_specs(live, 1);
    create_version(live, 1, POST_PROCESSINGS);
    create_version(live, 1, "[{\"classification\":{\"thresholds\":[1,1,1]}},{\"detection\":{\"thresholds\":[1]}}]");
    const size_t mark = live_mark(live);
    assert_ok(live, dm_version_infer(live->client, 2, &input, 1, NULL, NULL, &inference, &live->error));
    assert_int_equal(inference->output_count, 2);
    assert_int_equal(inference->outputs[0].labels.predicted_count, 0);
    assert_int_equal(inference->outputs[1].labels.predicted_count, 0);
    assert_inference_path(live, mark, "/v0.7/recognition/versions/2/inference");
    dm_inference_free(inference);
}

static void assert_submitted(struct live *live, dm_task_id id)
{
    dm_task *task = NULL;

    assert_ok(live, dm_task_wait(live->client, id, NULL, &task, &live->error));
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_string_equal(task->id.text, id.text);
    assert_non_null(task->inference);
    assert_int_equal(task->inference->output_count, 2);
    dm_task_free(task);
}

static void an_own_specification_and_its_version_take_submissions(void **state)
{
    struct live *live = *state;
    const dm_input input = cat();
    dm_task_id by_spec;
    dm_task_id by_version;

    create_specs(live, 1);
    create_version(live, 1, POST_PROCESSINGS);
    const size_t mark = live_mark(live);
    assert_ok(live, dm_version_submit(live->client, 1, &input, 1, NULL, NULL, &by_version, &live->error));
    assert_inference_path(live, mark, "/v0.7/recognition/versions/1/inference");
    assert_ok(live, dm_spec_submit(live->client, dm_private_spec(1), &input, 1, NULL, NULL, &by_spec, &live->error));
    assert_string_not_equal(by_spec.text, by_version.text);
    assert_submitted(live, by_spec);
    assert_submitted(live, by_version);
}

static void an_unknown_version_cannot_recognise(void **state)
{
    struct live *live = *state;
    const dm_input input = cat();
    dm_inference *inference = NULL;
    dm_task_id id = {"left over"};

    assert_not_found(live, dm_version_infer(live->client, 4711, &input, 1, NULL, NULL, &inference, &live->error));
    assert_not_found(live, dm_version_submit(live->client, 4711, &input, 1, NULL, NULL, &id, &live->error));
    assert_string_equal(id.text, "");
    assert_int_equal(dm_version_infer(live->client, 0, &input, 1, NULL, NULL, &inference, NULL),
                     DM_ERR_INVALID_ARGUMENT);
}

/* ---- The end ---- */

static void a_deleted_specification_is_gone_with_its_versions(void **state)
{
    static const struct expected expected[] = {
        {"DELETE", "/v0.7/recognition/specs/1", "", NULL, 204},
        {"GET", "/v0.7/recognition/specs/1", "", NULL, 404},
        {"GET", "/v0.7/recognition/versions/1", "", NULL, 404},
        {"DELETE", "/v0.7/recognition/specs/1", "", NULL, 404},
    };
    struct live *live = *state;
    dm_spec *spec = NULL;
    dm_version *version = NULL;

    create_specs(live, 2);
    create_versions(live, 1, 1);
    const size_t mark = live_mark(live);
    assert_ok(live, dm_spec_delete(live->client, dm_private_spec(1), NULL, &live->error));
    assert_not_found(live, dm_spec_retrieve(live->client, dm_private_spec(1), NULL, &spec, &live->error));
    assert_not_found(live, dm_version_retrieve(live->client, 1, NULL, &version, &live->error));
    assert_not_found(live, dm_spec_delete(live->client, dm_private_spec(1), NULL, &live->error));
    assert_sent(live, mark, expected, 4);
    dm_spec_page *page = list_specs(live, NULL);
    assert_int_equal(page->count, 1);
    assert_int_equal(page->results[0].id.private_id, 2);
    dm_spec_page_free(page);
}

static void results_outlive_their_client(void **state)
{
    struct live *live = *state;

    create_specs(live, 1);
    dm_client *client = live_client(live, (dm_client_options){0});
    dm_spec *spec = NULL;
    assert_ok(live, dm_spec_retrieve(client, dm_private_spec(1), NULL, &spec, &live->error));
    dm_client_free(client);
    assert_outputs(spec);
    assert_string_equal(spec->name, "number 1");
    dm_spec_free(spec);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE(a_specification_is_created_as_it_is_given),
        LIVE(what_is_optional_in_a_create_has_its_defaults),
        LIVE(a_specification_is_retrieved_whole),
        LIVE(a_public_specification_is_retrieved_by_its_name),
        LIVE(a_public_name_of_digits_is_not_a_private_number),
        LIVE(what_does_not_exist_is_not_found),
        LIVE(a_wrong_specification_is_not_sent),
        LIVE(a_wrong_update_is_not_sent),
        LIVE(public_specifications_are_not_changed),
        LIVE(an_id_cannot_leave_its_path),
        LIVE(the_name_alone_is_updated),
        LIVE(the_description_alone_is_updated),
        LIVE(an_empty_description_is_a_value),
        LIVE(the_metadata_alone_are_updated_and_replaced_whole),
        LIVE(empty_metadata_are_a_value),
        LIVE(the_current_version_alone_is_updated),
        LIVE(clearing_the_current_version_sends_null),
        LIVE(everything_is_updated_at_once),
        LIVE(an_empty_name_is_sent_and_the_refusal_has_the_servers_words),
        LIVE(a_version_of_another_specification_is_refused_by_the_server),
        LIVE(a_list_goes_on_from_page_to_page_until_it_is_done),
        LIVE(a_page_stays_good_after_the_next_one_was_asked_for),
        LIVE(offset_and_limit_say_which_part),
        LIVE(a_part_past_the_end_is_empty),
        LIVE(public_specifications_have_a_list_of_their_own),
        LIVE(a_wrong_part_is_not_asked_for),
        LIVE(an_iterator_asks_for_a_page_only_when_it_is_needed),
        LIVE(an_iterator_begins_where_it_is_told_to),
        LIVE(an_iterator_over_nothing_is_done_at_once),
        LIVE(an_iterator_goes_through_the_public_specifications),
        LIVE(an_iterator_goes_on_after_a_failure),
        LIVE(an_iterator_may_be_left_in_the_middle),
        LIVE(a_version_is_created_as_it_is_given_and_retrieved_whole),
        LIVE(the_first_version_becomes_the_current_one),
        LIVE(a_wrong_version_is_not_sent),
        LIVE(post_processings_that_the_server_refuses_come_with_its_words),
        LIVE(all_versions_are_listed_page_after_page),
        LIVE(a_specifications_versions_are_listed_page_after_page),
        LIVE(an_iterator_over_all_versions_asks_only_when_it_must),
        LIVE(an_iterator_over_a_specifications_versions_sees_no_others),
        LIVE(an_iterator_over_an_unknown_specifications_versions_finds_nothing),
        LIVE(a_deleted_version_is_gone_and_no_longer_current),
        LIVE(an_own_specification_with_a_version_recognises),
        LIVE(without_a_version_inference_is_refused_with_the_servers_words),
        LIVE(a_given_version_recognises_in_place_of_the_current_one),
        LIVE(an_own_specification_and_its_version_take_submissions),
        LIVE(an_unknown_version_cannot_recognise),
        LIVE(a_deleted_specification_is_gone_with_its_versions),
        LIVE(results_outlive_their_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
