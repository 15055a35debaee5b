#include "stored_specs.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

static const dm_label colours[] = {{7, "brown"}, {-3, "gray"}, {0, "black"}};
static const dm_label boxes[] = {{1, "brown"}};
const dm_output two_outputs[TWO_OUTPUTS] = {
    {{.labels = colours, .label_count = 3, .exclusive = true, .roi = DM_ROI_NONE}},
    {{.labels = boxes, .label_count = 1, .exclusive = false, .roi = DM_ROI_BBOX}},
};

const char *const small_pages[] = {"--page-limit", "7", "--task-delay-ms", "20", NULL};

int64_t create_spec(struct api_test *test, const char *name)
{
    static const dm_spec_create_options options = {.description = "to begin with", .metadata = "{\"first\":1}"};
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, name, two_outputs, 2, &options, NULL, &spec, &test->error));
    const int64_t id = spec->id.private_id;
    dm_spec_free(spec);
    return id;
}

void create_specs(struct api_test *test, int count)
{
    char name[32];

    for (int i = 1; i <= count; i++) {
        snprintf(name, sizeof name, "number %d", i);
        assert_int_equal(create_spec(test, name), i);
    }
}

int64_t create_version(struct api_test *test, int64_t spec_id, const char *post_processings)
{
    dm_version *version = NULL;

    assert_ok(test, dm_version_create(test->client, dm_private_spec(spec_id), 11, post_processings, NULL, &version,
                                      &test->error));
    const int64_t id = version->id;
    dm_version_free(version);
    return id;
}

void create_versions(struct api_test *test, int64_t spec_id, int count)
{
    for (int i = 0; i < count; i++)
        create_version(test, spec_id, NO_POST_PROCESSINGS);
}

dm_spec *retrieve_spec(struct api_test *test, int64_t id)
{
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_retrieve(test->client, dm_private_spec(id), NULL, &spec, &test->error));
    return spec;
}

static void assert_label(const dm_label *label, const dm_label *expected)
{
    assert_int_equal(label->id, expected->id);
    assert_string_equal(label->name, expected->name);
}

void assert_outputs(const dm_spec *spec)
{
    assert_int_equal(spec->output_count, TWO_OUTPUTS);
    for (size_t i = 0; i < TWO_OUTPUTS; i++) {
        const dm_labels_output *labels = &spec->outputs[i].labels;
        assert_int_equal(labels->exclusive, two_outputs[i].labels.exclusive);
        assert_int_equal(labels->roi, two_outputs[i].labels.roi);
        assert_int_equal(labels->label_count, two_outputs[i].labels.label_count);
        for (size_t j = 0; j < labels->label_count; j++)
            assert_label(&labels->labels[j], &two_outputs[i].labels.labels[j]);
    }
}

void assert_not_found(const struct api_test *test, dm_status status)
{
    assert_status(status, DM_ERR_NOT_FOUND, &test->error);
    assert_status(test->error.status, DM_ERR_NOT_FOUND, &test->error);
    assert_int_equal(test->error.http_status, 404);
    assert_int_equal(test->error.attempts, 1);
    assert_string_equal(test->error.server_message, "Not found.");
}

dm_spec_page *list_specs(struct api_test *test, const dm_page_options *options)
{
    dm_spec_page *page = NULL;

    assert_ok(test, dm_spec_list(test->client, DM_VISIBILITY_PRIVATE, options, NULL, &page, &test->error));
    return page;
}
