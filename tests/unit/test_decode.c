#include "base/error.h"
#include "base/json_text.h"
#include "codec/decode.h"

#include "comma_locale.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define SUBJECT "GET https://api.example/v0.7/x"

/* ---- Replies ---- */

/* In a buffer of just its size, so that reading past its end is seen. */
static struct reply make_reply(const char *json, size_t length)
{
    char *data = malloc(length + 1);
    assert_non_null(data);
    memcpy(data, json, length);
    data[length] = '\0';
    return (struct reply){.body = {.data = data, .length = length, .capacity = length + 1, .limit = TEXT_NO_LIMIT},
                          .subject = SUBJECT};
}

static struct reply reply_of(const char *json)
{
    return make_reply(json, strlen(json));
}

static void free_reply(struct reply *reply)
{
    text_free(&reply->body);
}

/* Defines NAME(json), which decodes a good reply. The result outlives the reply. */
#define DECODER(name)                                                                                                  \
    static dm_##name *good_##name(const char *json)                                                                    \
    {                                                                                                                  \
        dm_##name *decoded = NULL;                                                                                     \
        dm_error error = {.message = ""};                                                                              \
        struct reply reply = reply_of(json);                                                                           \
        const dm_status status = decode_##name(&reply, &decoded, &error);                                              \
        free_reply(&reply);                                                                                            \
        if (status != DM_OK)                                                                                           \
            fail_msg("%s\n%s", json, error.message);                                                                   \
        assert_non_null(decoded);                                                                                      \
        return decoded;                                                                                                \
    }                                                                                                                  \
    /* Decodes any reply, and frees what comes of it. */                                                               \
    static dm_status try_##name(const struct reply *reply, dm_error *error)                                            \
    {                                                                                                                  \
        dm_##name *decoded = (dm_##name *)error;                                                                       \
        const dm_status status = decode_##name(reply, &decoded, error);                                                \
        assert_int_equal(decoded != NULL, status == DM_OK);                                                            \
        dm_##name##_free(decoded);                                                                                     \
        return status;                                                                                                 \
    }

DECODER(account)
DECODER(spec)
DECODER(spec_page)
DECODER(version)
DECODER(version_page)
DECODER(task)

static dm_status try_task_id(const struct reply *reply, dm_error *error)
{
    dm_task_id id = {"before"};
    const dm_status status = decode_task_id(reply, &id, error);
    assert_int_equal(strcmp(id.text, "before") != 0, status == DM_OK);
    return status;
}

/* ---- Pages of tasks ---- */

enum { MAX_SLOTS = 4 };

struct slots {
    const char *wanted[MAX_SLOTS]; /* ids */
    dm_task tasks[MAX_SLOTS];
    dm_task_status told[MAX_SLOTS];
    size_t asked;
};

static dm_task *find_slot(void *context, const dm_task_id *id, dm_task_status status)
{
    struct slots *slots = context;
    slots->asked++;
    for (size_t i = 0; i < MAX_SLOTS; i++) {
        if (slots->wanted[i] != NULL && strcmp(slots->wanted[i], id->text) == 0) {
            slots->told[i] = status;
            return &slots->tasks[i];
        }
    }
    return NULL;
}

static dm_status try_task_page(const struct reply *reply, dm_error *error)
{
    struct slots slots = {.wanted = {"1", "2"}};
    struct text next;
    struct arena *arena = arena_new(1);
    text_init(&next, TEXT_NO_LIMIT);
    const dm_status status = decode_task_page(reply, arena, find_slot, &slots, &next, error);
    text_free(&next);
    arena_free(arena);
    return status;
}

/* ---- Failures ---- */

typedef dm_status (*try_reply)(const struct reply *reply, dm_error *error);

static const try_reply every_decoder[] = {try_account,      try_spec, try_spec_page, try_version,
                                          try_version_page, try_task, try_task_id,   try_task_page};
enum { DECODER_COUNT = sizeof every_decoder / sizeof every_decoder[0] };

static void assert_bad_bytes(try_reply decode, const char *json, size_t length, const char *wrong)
{
    char wanted[512];
    dm_error error;
    struct reply reply = make_reply(json, length);
    const dm_status status = decode(&reply, &error);
    free_reply(&reply);
    snprintf(wanted, sizeof wanted, SUBJECT ": %s", wrong);
    if (status != DM_ERR_BAD_RESPONSE || error.status != status || strcmp(error.message, wanted) != 0)
        fail_msg("%s\ngot: %s, %s\nwanted: %s", json, dm_status_name(status), status == DM_OK ? "" : error.message,
                 wanted);
}

static void assert_bad(try_reply decode, const char *json, const char *wrong)
{
    assert_bad_bytes(decode, json, strlen(json), wrong);
}

/* A field of the wrong kind: its JSON, and what the message says behind "in the reply, ". */
struct bad_field {
    const char *json;
    const char *wrong;
};

static void assert_bad_fields(try_reply decode, const struct bad_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char wrong[256];
        snprintf(wrong, sizeof wrong, "in the reply, %s", fields[i].wrong);
        assert_bad(decode, fields[i].json, wrong);
    }
}

#define ASSERT_BAD_FIELDS(decode, fields) assert_bad_fields(decode, fields, sizeof(fields) / sizeof((fields)[0]))

/* To the bit: what is compared was written with the same digits in C. */
static void assert_number(double number, double wanted)
{
    assert_memory_equal(&number, &wanted, sizeof wanted);
}

/* ---- The documentation's samples ---- */

static const char created_spec[] = "{\n"
                                   "    \"id\": 42,\n"
                                   "    \"name\": \"hot-dog VS not hot-dog classifier\",\n"
                                   "    \"description\": \"My great hot-dog VS not hot-dog classifier !\",\n"
                                   "    \"task_id\": 123,\n"
                                   "    \"update_date\": \"2018-02-16T16:37:25.148189Z\",\n"
                                   "    \"metadata\": {\n"
                                   "        \"author\": \"me\",\n"
                                   "        \"project\": \"my secret project\"\n"
                                   "    },\n"
                                   "    \"outputs\": [{\n"
                                   "        \"labels\": {\n"
                                   "            \"roi\": \"NONE\",\n"
                                   "            \"exclusive\": true,\n"
                                   "            \"labels\": [{\n"
                                   "                \"id\": 0,\n"
                                   "                \"name\": \"hot-dog\"\n"
                                   "            }, {\n"
                                   "                \"id\": 1,\n"
                                   "                \"name\": \"not hot-dog\"\n"
                                   "            }]\n"
                                   "        }\n"
                                   "    }],\n"
                                   "    \"current_version_id\": null\n"
                                   "}\n";

static void assert_label(const dm_label *label, int64_t id, const char *name)
{
    assert_int_equal(label->id, id);
    assert_string_equal(label->name, name);
}

static void the_documented_created_specification_decodes(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(created_spec);
    assert_int_equal(spec->id.private_id, 42);
    assert_null(spec->id.public_id);
    assert_string_equal(spec->name, "hot-dog VS not hot-dog classifier");
    assert_string_equal(spec->description, "My great hot-dog VS not hot-dog classifier !");
    assert_string_equal(spec->task_id->text, "123");
    assert_string_equal(spec->update_date, "2018-02-16T16:37:25.148189Z");
    assert_string_equal(spec->metadata,
                        "{\n        \"author\": \"me\",\n        \"project\": \"my secret project\"\n    }");
    assert_null(spec->current_version_id);
    assert_int_equal(spec->output_count, 1);
    const dm_labels_output *labels = &spec->outputs[0].labels;
    assert_int_equal(labels->roi, DM_ROI_NONE);
    assert_true(labels->exclusive);
    assert_int_equal(labels->label_count, 2);
    assert_label(&labels->labels[0], 0, "hot-dog");
    assert_label(&labels->labels[1], 1, "not hot-dog");
    dm_spec_free(spec);
}

static const char spec_list[] = "{\n"
                                "    \"count\": 2,\n"
                                "    \"next\": null,\n"
                                "    \"previous\": null,\n"
                                "    \"results\": [\n"
                                "        {\n"
                                "            \"id\": 42,\n"
                                "            \"name\": \"My great hot-dog VS not hot-dog classifier !\",\n"
                                "            \"description\": \"Very complicated classifier\",\n"
                                "            \"update_date\": \"2018-03-09T18:30:43.404610Z\",\n"
                                "            \"current_version_id\": 1,\n"
                                "            \"metadata\": {}\n"
                                "        }\n"
                                "    ]\n"
                                "}\n";

static void the_documented_list_of_specifications_decodes(void **state)
{
    (void)state;
    dm_spec_page *page = good_spec_page(spec_list);
    assert_int_equal(page->count, 2);
    assert_null(page->next);
    assert_null(page->previous);
    assert_int_equal(page->result_count, 1);
    const dm_spec *spec = &page->results[0];
    assert_int_equal(spec->id.private_id, 42);
    assert_string_equal(spec->name, "My great hot-dog VS not hot-dog classifier !");
    assert_string_equal(spec->description, "Very complicated classifier");
    assert_string_equal(spec->update_date, "2018-03-09T18:30:43.404610Z");
    assert_int_equal(*spec->current_version_id, 1);
    assert_string_equal(spec->metadata, "{}");
    assert_null(spec->task_id);
    assert_int_equal(spec->output_count, 0);
    dm_spec_page_free(page);
}

static const char public_spec[] =
    "{\"id\": \"fashion-v4\", \"name\": \"Fashion detector\", \"description\": \"\",\n"
    "\"update_date\": \"2018-03-08T19:24:26.528815Z\", \"metadata\": {},\n"
    "\"outputs\": [{\"labels\": {\"roi\": \"BBOX\", \"exclusive\": true, \"labels\": [\n"
    "{\"id\": 0, \"name\": \"sweater\"}, {\"id\": 1, \"name\": \"hat\"}, {\"id\": 14, \"name\": \"swimwear\"}]}}]}";

static void the_documented_public_specification_decodes(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(public_spec);
    assert_string_equal(spec->id.public_id, "fashion-v4");
    assert_string_equal(spec->name, "Fashion detector");
    assert_string_equal(spec->description, "");
    assert_string_equal(spec->update_date, "2018-03-08T19:24:26.528815Z");
    assert_string_equal(spec->metadata, "{}");
    assert_null(spec->current_version_id);
    const dm_labels_output *labels = &spec->outputs[0].labels;
    assert_int_equal(labels->roi, DM_ROI_BBOX);
    assert_true(labels->exclusive);
    assert_int_equal(labels->label_count, 3);
    assert_label(&labels->labels[0], 0, "sweater");
    assert_label(&labels->labels[1], 1, "hat");
    assert_label(&labels->labels[2], 14, "swimwear");
    dm_spec_free(spec);
}

static void assert_task_id(const char *json, const char *wanted)
{
    dm_task_id id = {"before"};
    dm_error error;
    struct reply reply = reply_of(json);
    assert_int_equal(decode_task_id(&reply, &id, &error), DM_OK);
    free_reply(&reply);
    assert_string_equal(id.text, wanted);
}

static void the_documented_answer_to_an_inference_decodes(void **state)
{
    (void)state;
    assert_task_id("{\n    \"task_id\": \"123\"\n}", "123");
    assert_task_id("{\"task_id\": 123}", "123");
}

#define SUNGLASSES_DATA                                                                                                \
    "{\n    \"outputs\": [{\n        \"labels\": {\n            \"predicted\": [{\n"                                   \
    "                \"label_id\": 9,\n                \"label_name\": \"sunglasses\",\n"                              \
    "                \"score\": 0.990304172,\n                \"threshold\": 0.347,\n"                                 \
    "                \"roi\": {\n                    \"region_id\": 1,\n                    \"bbox\": {\n"             \
    "                        \"xmin\": 0.312604159,\n                        \"ymin\": 0.366485775,\n"                 \
    "                        \"ymax\": 0.5318923,\n                        \"xmax\": 0.666821837\n"                    \
    "                    }\n                }\n            }],\n            \"discarded\": []\n        }\n    }]\n}"

static void assert_sunglasses(const dm_inference *inference)
{
    assert_int_equal(inference->output_count, 1);
    const dm_labels_inference *labels = &inference->outputs[0].labels;
    assert_int_equal(labels->predicted_count, 1);
    assert_int_equal(labels->discarded_count, 0);
    const dm_prediction *found = &labels->predicted[0];
    assert_int_equal(found->label_id, 9);
    assert_string_equal(found->label_name, "sunglasses");
    assert_number(found->score, 0.990304172);
    assert_number(found->threshold, 0.347);
    assert_int_equal(found->roi->region_id, 1);
    assert_number(found->roi->bbox->xmin, 0.312604159);
    assert_number(found->roi->bbox->ymin, 0.366485775);
    assert_number(found->roi->bbox->ymax, 0.5318923);
    assert_number(found->roi->bbox->xmax, 0.666821837);
    assert_null(found->sequence_index);
    assert_null(found->sequence_time);
}

static const char finished_task[] =
    "{\"id\": \"42\", \"status\": \"success\", \"error\": null, \"date_created\": \"2018-02-16T13:45:36.078955Z\", "
    "\"date_updated\": \"2018-02-16T13:45:37.001Z\", \"subtasks\": null, \"data\": " SUNGLASSES_DATA "}";

static void the_documented_task_data_decodes(void **state)
{
    (void)state;
    dm_task *task = good_task(finished_task);
    assert_string_equal(task->id.text, "42");
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_null(task->error);
    assert_string_equal(task->date_created, "2018-02-16T13:45:36.078955Z");
    assert_string_equal(task->date_updated, "2018-02-16T13:45:37.001Z");
    assert_string_equal(task->data, SUNGLASSES_DATA);
    assert_sunglasses(task->inference);
    dm_task_free(task);
}

static void a_decimal_comma_changes_no_score(void **state)
{
    dm_error error;
    (void)state;
    the_documented_task_data_decodes(state);
    struct reply reply = reply_of("{\"id\":1,\"status\":\"success\",\"data\":{\"outputs\":[{\"labels\":{\"predicted\":["
                                  "{\"label_id\":1,\"label_name\":\"\",\"score\":0,5}]}}]}}");
    assert_int_equal(try_task(&reply, &error), DM_ERR_BAD_RESPONSE);
    free_reply(&reply);
}

/* ---- Specifications ---- */

#define SPEC(members)   "{\"id\":1,\"name\":\"\"," members "}"
#define LABELS(members) SPEC("\"outputs\":[{\"labels\":{" members "}}]")

static void what_is_optional_may_be_absent_or_null(void **state)
{
    static const char *const specs[] = {
        "{\"id\":1,\"name\":\"\"}",
        SPEC("\"description\":null,\"update_date\":null,\"metadata\":null,\"current_version_id\":null,"
             "\"task_id\":null,\"outputs\":null"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        dm_spec *spec = good_spec(specs[i]);
        assert_null(spec->description);
        assert_null(spec->update_date);
        assert_null(spec->metadata);
        assert_null(spec->current_version_id);
        assert_null(spec->task_id);
        assert_null(spec->outputs);
        assert_int_equal(spec->output_count, 0);
        dm_spec_free(spec);
    }
}

static void unknown_fields_are_tolerated_everywhere(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(
        "{\"x\":{\"id\":9},\"id\":1,\"y\":[[]],\"name\":\"n\",\"Name\":5,\"ID\":\"z\",\"outputs\":[{\"new\":1,"
        "\"labels\":"
        "{\"labels\":[{\"color\":null,\"id\":3,\"name\":\"l\",\"NAME\":0}],\"LABELS\":5,\"new\":true}}],\"z\":1e400}");
    assert_int_equal(spec->id.private_id, 1);
    assert_string_equal(spec->name, "n");
    assert_label(&spec->outputs[0].labels.labels[0], 3, "l");
    assert_false(spec->outputs[0].labels.exclusive);
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_NONE);
    dm_spec_free(spec);
}

static void a_kind_of_roi_that_is_not_known_is_another(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(SPEC("\"outputs\":[{\"labels\":{\"roi\":\"MASK\",\"labels\":[]}},"
                                   "{\"labels\":{\"roi\":\"bbox\"}},{\"labels\":{\"roi\":null}}]"));
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_OTHER);
    assert_int_equal(spec->outputs[1].labels.roi, DM_ROI_OTHER);
    assert_int_equal(spec->outputs[2].labels.roi, DM_ROI_NONE);
    dm_spec_free(spec);
}

static void an_output_of_a_kind_that_is_not_known_has_no_labels(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(SPEC("\"outputs\":[{\"masks\":{\"labels\":[5]}},{},{\"labels\":null}]"));
    assert_int_equal(spec->output_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(spec->outputs[i].labels.label_count, 0);
    dm_spec_free(spec);
}

static void a_hundred_thousand_labels_decode(void **state)
{
    enum { COUNT = 100000 };
    struct text json;
    (void)state;
    text_init(&json, TEXT_NO_LIMIT);
    text_append_string(&json, "{\"id\":1,\"name\":\"\",\"outputs\":[{\"labels\":{\"labels\":[");
    for (int64_t i = 0; i < COUNT; i++) {
        text_append_string(&json, i == 0 ? "{\"name\":\"" : ",{\"name\":\"");
        text_append_integer(&json, i);
        text_append_string(&json, "\",\"id\":");
        text_append_integer(&json, -i);
        text_append_string(&json, "}");
    }
    text_append_string(&json, "]}}]}");
    dm_spec *spec = good_spec(json.data);
    assert_int_equal(spec->outputs[0].labels.label_count, COUNT);
    assert_label(&spec->outputs[0].labels.labels[0], 0, "0");
    assert_label(&spec->outputs[0].labels.labels[COUNT - 1], 1 - COUNT, "99999");
    dm_spec_free(spec);
    text_free(&json);
}

static void a_wrong_field_of_a_specification_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{}", "id is missing or null, not an integer"},
        {"{\"id\":null,\"name\":\"\"}", "id is missing or null, not an integer"},
        {"{\"id\":true,\"name\":\"\"}", "id is true or false, not an integer"},
        {"{\"id\":[],\"name\":\"\"}", "id is an array, not an integer"},
        {"{\"ID\":1,\"name\":\"\"}", "id is missing or null, not an integer"},
        {"{\"id\":1}", "name is missing or null, not a string"},
        {"{\"id\":1,\"name\":5}", "name is a number, not a string"},
        {SPEC("\"description\":{}"), "description is an object, not a string"},
        {SPEC("\"update_date\":1518799045"), "update_date is a number, not a string"},
        {SPEC("\"metadata\":[]"), "metadata is an array, not an object"},
        {SPEC("\"metadata\":\"{}\""), "metadata is a string, not an object"},
        {SPEC("\"current_version_id\":\"1\""), "current_version_id is a string, not an integer"},
        {SPEC("\"task_id\":{}"), "task_id is an object, not a task's id"},
        {SPEC("\"outputs\":{}"), "outputs is an object, not an array"},
        {SPEC("\"outputs\":[5]"), "outputs[0] is a number, not an object"},
        {SPEC("\"outputs\":[{},null]"), "outputs[1] is missing or null, not an object"},
        {LABELS("\"labels\":{}"), "outputs[0].labels.labels is an object, not an array"},
        {LABELS("\"labels\":[{\"id\":0,\"name\":\"\"},{\"name\":\"\"}]"),
         "outputs[0].labels.labels[1].id is missing or null, not an integer"},
        {LABELS("\"labels\":[\"hat\"]"), "outputs[0].labels.labels[0] is a string, not an object"},
        {LABELS("\"labels\":[{\"id\":0,\"name\":false}]"),
         "outputs[0].labels.labels[0].name is true or false, not a string"},
        {LABELS("\"labels\":[],\"exclusive\":\"true\""), "outputs[0].labels.exclusive is a string, not true or false"},
        {LABELS("\"labels\":[],\"exclusive\":0"), "outputs[0].labels.exclusive is a number, not true or false"},
        {LABELS("\"labels\":[],\"roi\":5"), "outputs[0].labels.roi is a number, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_spec, fields);
}

static void labels_that_are_no_object_are_named(void **state)
{
    static const struct bad_field fields[] = {
        {SPEC("\"outputs\":[{\"labels\":5}]"), "outputs[0].labels is a number, not an object"},
        {SPEC("\"outputs\":[{},{\"labels\":[{\"id\":1,\"name\":\"\"}]}]"),
         "outputs[1].labels is an array, not an object"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_spec, fields);
}

/* ---- Integers and numbers ---- */

static void integers_are_exact(void **state)
{
    static const struct {
        const char *json;
        int64_t wanted;
    } integers[] = {
        {SPEC("\"current_version_id\":9007199254740991"), INT64_C(9007199254740991)},
        {SPEC("\"current_version_id\":-9007199254740991"), INT64_C(-9007199254740991)},
        {SPEC("\"current_version_id\":9007199254740990"), INT64_C(9007199254740990)},
        {SPEC("\"current_version_id\":4294967296"), INT64_C(4294967296)},
        {SPEC("\"current_version_id\":0"), 0},
        {SPEC("\"current_version_id\":-0"), 0},
        {SPEC("\"current_version_id\":1.0"), 1},
        {SPEC("\"current_version_id\":12e2"), 1200},
    };
    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        dm_spec *spec = good_spec(integers[i].json);
        assert_true(*spec->current_version_id == integers[i].wanted);
        dm_spec_free(spec);
    }
}

static void integers_that_cannot_be_held_are_refused(void **state)
{
    static const char *const integers[] = {
        SPEC("\"current_version_id\":9007199254740992"),
        SPEC("\"current_version_id\":9007199254740993"),
        SPEC("\"current_version_id\":-9007199254740992"),
        SPEC("\"current_version_id\":-9007199254740993"),
        SPEC("\"current_version_id\":12345678901234567890"),
        SPEC("\"current_version_id\":1.5"),
        SPEC("\"current_version_id\":1e-1"),
        SPEC("\"current_version_id\":1e300"),
        SPEC("\"current_version_id\":1e400"),
        SPEC("\"current_version_id\":-1e400"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++)
        assert_bad(try_spec, integers[i],
                   "in the reply, current_version_id is not an integer from -(2^53 - 1) to 2^53 - 1");
}

static void ids_of_either_end_are_exact_for_labels_too(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(LABELS("\"labels\":[{\"id\":9007199254740991,\"name\":\"most\"},"
                                     "{\"id\":-9007199254740991,\"name\":\"least\"}]"));
    assert_label(&spec->outputs[0].labels.labels[0], INT64_C(9007199254740991), "most");
    assert_label(&spec->outputs[0].labels.labels[1], INT64_C(-9007199254740991), "least");
    dm_spec_free(spec);
}

/* ---- Text that comes back byte for byte ---- */

#define EXACT                                                                                                          \
    "{ \"n\" : 1234567890123456789,\t\"x\":0.30000000000000004 ,\n\"e\":\"\\u00e9\\/\\\"}\", \"n\":-0,\"big\":1e400,"  \
    "\"deep\":[ [ ] , {} ] }"

static void metadata_comes_back_byte_for_byte(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(SPEC("\"metadata\" : " EXACT " "));
    assert_string_equal(spec->metadata, EXACT);
    dm_spec_free(spec);
    dm_spec_page *page = good_spec_page("{\"count\":2,\"results\":[{\"id\":1,\"name\":\"\",\"metadata\":{\"a\":1}},"
                                        "{\"metadata\":" EXACT ",\"id\":2,\"name\":\"\"}]}");
    assert_string_equal(page->results[0].metadata, "{\"a\":1}");
    assert_string_equal(page->results[1].metadata, EXACT);
    dm_spec_page_free(page);
}

static void of_equal_names_the_first_one_wins(void **state)
{
    (void)state;
    dm_spec *spec = good_spec("{\"metadata\":{\"first\":1},\"id\":1,\"name\":\"a\",\"metadata\":{\"second\":2},"
                              "\"name\":\"b\",\"id\":2}");
    assert_string_equal(spec->metadata, "{\"first\":1}");
    assert_string_equal(spec->name, "a");
    assert_int_equal(spec->id.private_id, 1);
    dm_spec_free(spec);
    spec = good_spec(SPEC("\"metadata\":null,\"metadata\":{}"));
    assert_null(spec->metadata);
    dm_spec_free(spec);
}

static void an_escaped_name_is_the_same_name(void **state)
{
    (void)state;
    dm_spec *spec = good_spec("{\"\\u0069d\":1,\"n\\u0061me\":\"x\",\"\\u006detadata\":{\"a\":1},\"metadata\":{}}");
    assert_string_equal(spec->name, "x");
    assert_string_equal(spec->metadata, "{\"a\":1}");
    dm_spec_free(spec);
}

static void data_comes_back_byte_for_byte(void **state)
{
    (void)state;
    dm_task *task = good_task("{\"id\":1,\"status\":\"success\",\"d\\u0061ta\": " EXACT "\n}");
    assert_string_equal(task->data, EXACT);
    assert_null(task->inference);
    dm_task_free(task);
}

static void an_account_comes_back_byte_for_byte(void **state)
{
    (void)state;
    dm_account *account = good_account(" \n" EXACT " \n");
    assert_string_equal(account->json, EXACT);
    assert_null(account->id);
    assert_null(account->name);
    dm_account_free(account);
    account = good_account("{\"id\": 7, \"name\": \"caf\\u00e9\", \"quota\": 9007199254740993}");
    assert_int_equal(*account->id, 7);
    assert_string_equal(account->name, "caf\xc3\xa9");
    assert_string_equal(account->json, "{\"id\": 7, \"name\": \"caf\\u00e9\", \"quota\": 9007199254740993}");
    dm_account_free(account);
}

static void post_processings_come_back_byte_for_byte(void **state)
{
    (void)state;
    dm_version *version = good_version("{\"id\":1,\"spec_id\":2,\"network_id\":3,\"post_processings\":[ " EXACT " ]}");
    assert_string_equal(version->post_processings, "[ " EXACT " ]");
    dm_version_free(version);
}

/* A page, its results, an item and its metadata, which may itself be as deep as what can be sent. */
static void metadata_of_the_deepest_kind_comes_back_in_pages_too(void **state)
{
    struct text deep;
    struct text json;
    (void)state;
    text_init(&deep, TEXT_NO_LIMIT);
    text_init(&json, TEXT_NO_LIMIT);
    for (int i = 0; i < JSON_DEPTH_OF_VALUE; i++)
        text_append_string(&deep, "{\"a\":");
    text_append_string(&deep, "0");
    for (int i = 0; i < JSON_DEPTH_OF_VALUE; i++)
        text_append_string(&deep, "}");
    text_append_string(&json, "{\"count\":1,\"results\":[{\"id\":1,\"name\":\"\",\"metadata\":");
    text_append_string(&json, deep.data);
    text_append_string(&json, "}]}");
    dm_spec_page *page = good_spec_page(json.data);
    assert_string_equal(page->results[0].metadata, deep.data);
    dm_spec_page_free(page);
    text_free(&json);
    text_free(&deep);
}

static void a_megabyte_of_metadata_comes_back(void **state)
{
    enum { SIZE = 1 << 20 };
    static const char before[] = "{\"id\":1,\"name\":\"\",\"metadata\":{\"a\":\"";
    char *json = malloc(SIZE + 100);
    (void)state;
    assert_non_null(json);
    memcpy(json, before, sizeof before - 1);
    memset(json + sizeof before - 1, 'x', SIZE);
    memcpy(json + sizeof before - 1 + SIZE, "\"}}", 4);
    dm_spec *spec = good_spec(json);
    assert_int_equal(strlen(spec->metadata), SIZE + strlen("{\"a\":\"\"}"));
    dm_spec_free(spec);
    free(json);
}

static void strings_are_unescaped(void **state)
{
    (void)state;
    dm_spec *spec =
        good_spec("{\"id\":\"a\\/b\",\"name\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u20ac\\ud83d\\ude00\xc3\xa9\"}");
    assert_string_equal(spec->id.public_id, "a/b");
    assert_string_equal(spec->name, "\"\\\b\f\n\r\t\x01\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9");
    dm_spec_free(spec);
}

/* ---- Versions, the account, pages ---- */

static const char whole_version[] =
    "{\"id\":5,\"spec_id\":42,\"network_id\":7,\"spec_name\":\"birds\",\"network_name\":\"net\","
    "\"update_date\":\"2018-02-16T16:37:25.148189Z\",\"post_processings\":[{\"classification\":{\"thresholds\":[0.5]}}]"
    "}";

static void a_version_decodes(void **state)
{
    (void)state;
    dm_version *version = good_version(whole_version);
    assert_int_equal(version->id, 5);
    assert_int_equal(version->spec_id, 42);
    assert_int_equal(version->network_id, 7);
    assert_string_equal(version->spec_name, "birds");
    assert_string_equal(version->network_name, "net");
    assert_string_equal(version->update_date, "2018-02-16T16:37:25.148189Z");
    assert_string_equal(version->post_processings, "[{\"classification\":{\"thresholds\":[0.5]}}]");
    dm_version_free(version);
}

static void a_version_needs_its_ids_only(void **state)
{
    (void)state;
    dm_version *version = good_version("{\"id\":5,\"spec_id\":42,\"network_id\":7,\"spec_name\":null}");
    assert_null(version->spec_name);
    assert_null(version->network_name);
    assert_null(version->update_date);
    assert_null(version->post_processings);
    dm_version_free(version);
}

static void a_wrong_field_of_a_version_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"id\":\"5\",\"spec_id\":42,\"network_id\":7}", "id is a string, not an integer"},
        {"{\"id\":5,\"network_id\":7}", "spec_id is missing or null, not an integer"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":9007199254740993}",
         "network_id is not an integer from -(2^53 - 1) to 2^53 - 1"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"spec_name\":5}", "spec_name is a number, not a string"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"network_name\":[]}", "network_name is an array, not a string"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"update_date\":{}}", "update_date is an object, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_version, fields);
}

/* The header promises the text of an array. */
static void post_processings_that_are_no_array_are_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"post_processings\":5}",
         "post_processings is a number, not an array"},
        {"{\"id\":5,\"spec_id\":42,\"network_id\":7,\"post_processings\":{}}",
         "post_processings is an object, not an array"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_version, fields);
}

static void a_wrong_field_of_an_account_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"id\":\"me\"}", "id is a string, not an integer"},
        {"{\"id\":1,\"name\":5}", "name is a number, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_account, fields);
}

static void pages_have_their_links_and_counts(void **state)
{
    (void)state;
    dm_version_page *page = good_version_page(
        "{\"count\":9007199254740991,\"next\":\"http://h/x?offset=2\",\"previous\":\"http://h/x?offset=0\","
        "\"results\":[{\"id\":1,\"spec_id\":2,\"network_id\":3},{\"id\":4,\"spec_id\":5,\"network_id\":6}]}");
    assert_true(page->count == INT64_C(9007199254740991));
    assert_string_equal(page->next, "http://h/x?offset=2");
    assert_string_equal(page->previous, "http://h/x?offset=0");
    assert_int_equal(page->result_count, 2);
    assert_int_equal(page->results[1].id, 4);
    assert_int_equal(page->results[1].spec_id, 5);
    assert_int_equal(page->results[1].network_id, 6);
    dm_version_page_free(page);
    dm_spec_page *empty = good_spec_page("{\"count\":0,\"results\":[]}");
    assert_int_equal(empty->result_count, 0);
    assert_null(empty->next);
    dm_spec_page_free(empty);
}

static void a_wrong_field_of_a_page_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"count\":1}", "results is missing or null, not an array"},
        {"{\"count\":1,\"results\":null}", "results is missing or null, not an array"},
        {"{\"results\":[]}", "count is missing or null, not an integer"},
        {"{\"count\":1.5,\"results\":[]}", "count is not an integer from -(2^53 - 1) to 2^53 - 1"},
        {"{\"count\":1,\"results\":{}}", "results is an object, not an array"},
        {"{\"count\":1,\"results\":\"\"}", "results is a string, not an array"},
        {"{\"count\":1,\"next\":5,\"results\":[]}", "next is a number, not a string"},
        {"{\"count\":1,\"previous\":false,\"results\":[]}", "previous is true or false, not a string"},
        {"{\"count\":1,\"results\":[5]}", "results[0] is a number, not an object"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_spec_page, fields);
    ASSERT_BAD_FIELDS(try_version_page, fields);
    assert_bad(try_spec_page,
               "{\"count\":2,\"results\":[{\"id\":1,\"name\":\"\"},{\"id\":1,\"name\":\"\",\"metadata\":3}]}",
               "in the reply, results[1].metadata is a number, not an object");
    assert_bad(try_version_page, "{\"count\":1,\"results\":[{\"id\":1,\"spec_id\":2}]}",
               "in the reply, results[0].network_id is missing or null, not an integer");
}

/* ---- Tasks ---- */

static void a_pending_task_has_nothing_yet(void **state)
{
    (void)state;
    dm_task *task = good_task("{\"id\":\"a-B_9\",\"status\":\"pending\",\"error\":\"stale\",\"data\":null}");
    assert_string_equal(task->id.text, "a-B_9");
    assert_int_equal(task->status, DM_TASK_PENDING);
    assert_null(task->error);
    assert_null(task->date_created);
    assert_null(task->date_updated);
    assert_null(task->data);
    assert_null(task->inference);
    dm_task_free(task);
}

static void a_failed_task_has_the_service_s_words(void **state)
{
    (void)state;
    dm_task *task = good_task("{\"id\":9007199254740991,\"status\":\"error\",\"error\":\"cannot decode\"}");
    assert_string_equal(task->id.text, "9007199254740991");
    assert_int_equal(task->status, DM_TASK_ERROR);
    assert_string_equal(task->error, "cannot decode");
    dm_task_free(task);
    task = good_task("{\"id\":1,\"status\":\"error\",\"error\":null}");
    assert_null(task->error);
    dm_task_free(task);
}

static void data_of_another_kind_is_kept_as_text(void **state)
{
    static const char *const kinds[] = {"5",    "\"text\"", "[1, 2]", "{}", "{\"outputs\": 5}", "{\"outputs\":null}",
                                        "false"};
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char json[128];
        snprintf(json, sizeof json, "{\"id\":1,\"status\":\"success\",\"data\":%s}", kinds[i]);
        dm_task *task = good_task(json);
        assert_string_equal(task->data, kinds[i]);
        assert_null(task->inference);
        dm_task_free(task);
    }
}

static void a_task_s_id_has_63_bytes_at_most(void **state)
{
    static const char digits[] = "0123456789012345678901234567890123456789012345678901234567890123456789";
    char json[128];
    (void)state;
    for (int length = 62; length <= 65; length++) {
        snprintf(json, sizeof json, "{\"task_id\":\"%.*s\"}", length, digits);
        if (length <= 63) {
            char wanted[64];
            snprintf(wanted, sizeof wanted, "%.*s", length, digits);
            assert_task_id(json, wanted);
        } else {
            assert_bad(try_task_id, json,
                       "in the reply, task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'");
        }
    }
}

static void a_wrong_task_id_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{}", "task_id is missing or null, not a task's id"},
        {"{\"task_id\":null}", "task_id is missing or null, not a task's id"},
        {"{\"task_id\":true}", "task_id is true or false, not a task's id"},
        {"{\"task_id\":[1]}", "task_id is an array, not a task's id"},
        {"{\"task_id\":\"\"}", "task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"task_id\":\"1/../2\"}", "task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"task_id\":\"\\u00e9\"}", "task_id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"task_id\":1.5}", "task_id is not an integer from -(2^53 - 1) to 2^53 - 1"},
        {"{\"task_id\":9007199254740993}", "task_id is not an integer from -(2^53 - 1) to 2^53 - 1"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task_id, fields);
}

static void a_task_s_status_is_one_of_three(void **state)
{
    static const char *const tasks[] = {
        "{\"id\":1}",
        "{\"id\":1,\"status\":null}",
        "{\"id\":1,\"status\":1}",
        "{\"id\":1,\"status\":\"\"}",
        "{\"id\":1,\"status\":\"done\"}",
        "{\"id\":1,\"status\":\"SUCCESS\"}",
        "{\"id\":1,\"status\":\"success \"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++)
        assert_bad(try_task, tasks[i], "in the reply, status is none of \"pending\", \"success\" and \"error\"");
}

static void a_wrong_field_of_a_task_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"status\":\"pending\"}", "id is missing or null, not a task's id"},
        {"{\"id\":\"a b\",\"status\":\"pending\"}", "id is not a task's id of 1 to 63 letters, digits, '-' and '_'"},
        {"{\"id\":1,\"status\":\"error\",\"error\":5}", "error is a number, not a string"},
        {"{\"id\":1,\"status\":\"pending\",\"date_created\":5}", "date_created is a number, not a string"},
        {"{\"id\":1,\"status\":\"pending\",\"date_updated\":{}}", "date_updated is an object, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task, fields);
}

/* ---- Inference ---- */

#define DATA(outputs)          "{\"id\":1,\"status\":\"success\",\"data\":{\"outputs\":[" outputs "]}}"
#define PREDICTED(predictions) DATA("{\"labels\":{\"predicted\":[" predictions "]}}")
#define GOOD                   "{\"label_id\":1,\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1}"
#define WITH(members)          "{\"label_id\":1,\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1," members "}"

static void every_output_has_its_predictions_in_their_order(void **state)
{
    (void)state;
    dm_task *task = good_task(DATA("{\"labels\":{\"discarded\":[" GOOD "],\"predicted\":[" GOOD
                                   ",{\"label_id\":-2,\"label_name\":\"b\",\"score\":0,\"threshold\":1e-3}]}},"
                                   "{\"labels\":{\"predicted\":[],\"discarded\":null}}"));
    assert_int_equal(task->inference->output_count, 2);
    const dm_labels_inference *first = &task->inference->outputs[0].labels;
    assert_int_equal(first->predicted_count, 2);
    assert_int_equal(first->predicted[0].label_id, 1);
    assert_int_equal(first->predicted[1].label_id, -2);
    assert_string_equal(first->predicted[1].label_name, "b");
    assert_number(first->predicted[1].score, 0);
    assert_number(first->predicted[1].threshold, 1e-3);
    assert_null(first->predicted[1].roi);
    assert_int_equal(first->discarded_count, 1);
    assert_string_equal(first->discarded[0].label_name, "a");
    assert_int_equal(task->inference->outputs[1].labels.predicted_count, 0);
    assert_int_equal(task->inference->outputs[1].labels.discarded_count, 0);
    dm_task_free(task);
}

static void sequences_have_their_index_and_time(void **state)
{
    (void)state;
    dm_task *task = good_task(PREDICTED(WITH("\"sequence_index\":0,\"sequence_time\":1.25,\"roi\":null") "," WITH(
        "\"sequence_index\":null,\"sequence_time\":null")));
    const dm_prediction *predicted = task->inference->outputs[0].labels.predicted;
    assert_int_equal(*predicted[0].sequence_index, 0);
    assert_number(*predicted[0].sequence_time, 1.25);
    assert_null(predicted[0].roi);
    assert_null(predicted[1].sequence_index);
    assert_null(predicted[1].sequence_time);
    dm_task_free(task);
}

static void an_inference_s_output_of_a_kind_that_is_not_known_is_empty(void **state)
{
    (void)state;
    dm_task *task = good_task(DATA("{\"masks\":[]},{},{\"labels\":null}"));
    assert_int_equal(task->inference->output_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(task->inference->outputs[i].labels.predicted_count, 0);
        assert_int_equal(task->inference->outputs[i].labels.discarded_count, 0);
    }
    dm_task_free(task);
}

static void an_inference_may_have_no_outputs(void **state)
{
    (void)state;
    dm_task *task = good_task(DATA(""));
    assert_non_null(task->inference);
    assert_int_equal(task->inference->output_count, 0);
    dm_task_free(task);
}

static void a_region_may_have_no_box(void **state)
{
    (void)state;
    dm_task *task =
        good_task(PREDICTED(WITH("\"roi\":{\"region_id\":7}") "," WITH("\"roi\":{\"region_id\":8,\"bbox\":null}")));
    const dm_prediction *predicted = task->inference->outputs[0].labels.predicted;
    assert_int_equal(predicted[0].roi->region_id, 7);
    assert_null(predicted[0].roi->bbox);
    assert_int_equal(predicted[1].roi->region_id, 8);
    assert_null(predicted[1].roi->bbox);
    dm_task_free(task);
}

static void a_wrong_field_of_an_inference_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {PREDICTED(GOOD "," GOOD "," GOOD ",{\"label_id\":1,\"label_name\":\"a\",\"score\":\"0.5\",\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[3].score is a string, not a number"},
        {PREDICTED("{\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].label_id is missing or null, not an integer"},
        {PREDICTED("{\"label_id\":1.5,\"label_name\":\"a\",\"score\":0.5,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].label_id is not an integer from -(2^53 - 1) to 2^53 - 1"},
        {PREDICTED("{\"label_id\":1,\"label_name\":null,\"score\":0.5,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].label_name is missing or null, not a string"},
        {PREDICTED("{\"label_id\":1,\"label_name\":\"a\",\"score\":1e400,\"threshold\":0.1}"),
         "data.outputs[0].labels.predicted[0].score is too large a number"},
        {PREDICTED("{\"label_id\":1,\"label_name\":\"a\",\"score\":0.5}"),
         "data.outputs[0].labels.predicted[0].threshold is missing or null, not a number"},
        {PREDICTED("5"), "data.outputs[0].labels.predicted[0] is a number, not an object"},
        {PREDICTED(WITH("\"roi\":{\"region_id\":\"1\",\"bbox\":{}}")),
         "data.outputs[0].labels.predicted[0].roi.region_id is a string, not an integer"},
        {PREDICTED(WITH("\"roi\":{\"region_id\":1,\"bbox\":[]}")),
         "data.outputs[0].labels.predicted[0].roi.bbox is an array, not an object"},
        {PREDICTED(WITH("\"roi\":{\"region_id\":1,\"bbox\":{\"xmin\":0,\"ymin\":0,\"xmax\":1,\"ymax\":true}}")),
         "data.outputs[0].labels.predicted[0].roi.bbox.ymax is true or false, not a number"},
        {PREDICTED(WITH("\"sequence_index\":0.5")),
         "data.outputs[0].labels.predicted[0].sequence_index is not an integer from -(2^53 - 1) to 2^53 - 1"},
        {PREDICTED(WITH("\"sequence_time\":\"now\"")),
         "data.outputs[0].labels.predicted[0].sequence_time is a string, not a number"},
        {DATA("{},{\"labels\":{}}"), "data.outputs[1].labels.predicted is missing or null, not an array"},
        {DATA("{\"labels\":{\"predicted\":{}}}"), "data.outputs[0].labels.predicted is an object, not an array"},
        {DATA("{\"labels\":{\"predicted\":[],\"discarded\":5}}"),
         "data.outputs[0].labels.discarded is a number, not an array"},
        {DATA("{\"labels\":{\"predicted\":[],\"discarded\":[" GOOD ",null]}}"),
         "data.outputs[0].labels.discarded[1] is missing or null, not an object"},
        {DATA("5"), "data.outputs[0] is a number, not an object"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task, fields);
}

/* ---- Pages of tasks ---- */

static void the_tasks_that_have_a_slot_are_decoded_into_it(void **state)
{
    static const char json[] = "{\"count\":4,\"next\":\"http://h/tasks?offset=4\",\"previous\":null,\"results\":["
                               "{\"id\":\"2\",\"status\":\"error\",\"error\":\"bad\",\"date_created\":\"d2\"},"
                               "{\"id\":\"99\",\"status\":\"success\",\"data\":{\"outputs\":[]}},"
                               "{\"id\":1,\"status\":\"success\",\"date_updated\":\"u1\",\"data\":" SUNGLASSES_DATA "},"
                               "{\"id\":\"3\",\"status\":\"pending\",\"data\":null}]}";
    struct slots slots = {.wanted = {"1", "2", "3", "4"}};
    dm_error error;
    struct text next;
    (void)state;
    struct arena *arena = arena_new(1);
    struct reply reply = reply_of(json);
    text_init(&next, TEXT_NO_LIMIT);
    text_append_string(&next, "the page before");
    assert_int_equal(decode_task_page(&reply, arena, find_slot, &slots, &next, &error), DM_OK);
    free_reply(&reply);
    assert_int_equal(slots.asked, 4);
    assert_string_equal(next.data, "http://h/tasks?offset=4");
    assert_string_equal(slots.tasks[0].id.text, "1");
    assert_int_equal(slots.tasks[0].status, DM_TASK_SUCCESS);
    assert_string_equal(slots.tasks[0].date_updated, "u1");
    assert_string_equal(slots.tasks[0].data, SUNGLASSES_DATA);
    assert_sunglasses(slots.tasks[0].inference);
    assert_int_equal(slots.tasks[1].status, DM_TASK_ERROR);
    assert_string_equal(slots.tasks[1].error, "bad");
    assert_string_equal(slots.tasks[1].date_created, "d2");
    assert_int_equal(slots.tasks[2].status, DM_TASK_PENDING);
    assert_int_equal(slots.told[2], DM_TASK_PENDING);
    assert_string_equal(slots.tasks[3].id.text, "");
    text_free(&next);
    arena_free(arena);
}

static void the_last_page_of_tasks_has_no_next_one(void **state)
{
    static const char *const pages[] = {"{\"results\":[]}", "{\"results\":[],\"next\":null}"};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct slots slots = {.asked = 0};
        struct text next;
        struct arena *arena = arena_new(1);
        struct reply reply = reply_of(pages[i]);
        text_init(&next, TEXT_NO_LIMIT);
        text_append_string(&next, "the page before");
        assert_int_equal(decode_task_page(&reply, arena, find_slot, &slots, &next, NULL), DM_OK);
        assert_int_equal(next.length, 0);
        assert_int_equal(slots.asked, 0);
        free_reply(&reply);
        text_free(&next);
        arena_free(arena);
    }
}

static void a_wrong_field_of_a_page_of_tasks_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{}", "results is missing or null, not an array"},
        {"{\"results\":[5]}", "results[0] is a number, not an object"},
        {"{\"results\":[{\"id\":1,\"status\":\"pending\"},{\"status\":\"pending\"}]}",
         "results[1].id is missing or null, not a task's id"},
        {"{\"results\":[{\"id\":9,\"status\":\"lost\"}]}",
         "results[0].status is none of \"pending\", \"success\" and \"error\""},
        {"{\"results\":[{\"id\":1,\"status\":\"success\",\"data\":{\"outputs\":[{\"labels\":{}}]}}]}",
         "results[0].data.outputs[0].labels.predicted is missing or null, not an array"},
        {"{\"results\":[],\"next\":5}", "next is a number, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task_page, fields);
}

/* Taken for an empty page, every task that was asked for would count as missing. */
static void results_that_are_no_array_are_no_empty_page_of_tasks(void **state)
{
    static const struct bad_field fields[] = {
        {"{\"results\":{}}", "results is an object, not an array"},
        {"{\"results\":{\"a\":{\"id\":1,\"status\":\"pending\"}}}", "results is an object, not an array"},
        {"{\"results\":\"none\"}", "results is a string, not an array"},
        {"{\"results\":0}", "results is a number, not an array"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_task_page, fields);
}

static void what_nobody_waits_for_is_not_looked_into(void **state)
{
    dm_error error;
    (void)state;
    struct reply reply =
        reply_of("{\"results\":[{\"id\":77,\"status\":\"success\",\"data\":{\"outputs\":[5]},\"date_created\":5}]}");
    assert_int_equal(try_task_page(&reply, &error), DM_OK);
    free_reply(&reply);
}

static void a_page_without_memory_to_go_to_is_no_page(void **state)
{
    struct slots slots = {.asked = 0};
    dm_error error;
    struct text next;
    (void)state;
    struct reply reply = reply_of("{\"results\":[]}");
    text_init(&next, TEXT_NO_LIMIT);
    assert_int_equal(decode_task_page(&reply, NULL, find_slot, &slots, &next, &error), DM_ERR_NO_MEMORY);
    text_free(&next);
    free_reply(&reply);
}

/* ---- Replies that are no JSON as we take it ---- */

static void a_reply_that_is_not_right_is_refused_by_every_decoder(void **state)
{
    static const struct bad_field replies[] = {
        {"", "the reply is empty"},
        {" \n", "the reply is not right JSON: at byte 2, it ends too early"},
        {"<html>502</html>", "the reply is a page of HTML, not JSON; is the API's address right?"},
        {" \r\n<title>502 Bad\nGateway</title>", "the reply is a page of HTML, not JSON; is the API's address right?"},
        {"Service Unavailable", "the reply is not right JSON: at byte 0, a value is missing"},
        {"{\"id\":1}{", "the reply is not right JSON: at byte 8, something follows the value"},
        {"{\"id\":1} xyz", "the reply is not right JSON: at byte 9, something follows the value"},
        {"{\"id\":\"\\ud800\"}", "the reply is not right JSON: at byte 13, half of a surrogate pair stands alone"},
        {"{\"id\":\"a\\u0000b\"}", "the reply is not right JSON: at byte 10, a string holds the character NUL"},
        {"{\"id\":\"\xff\"}", "the reply is not right JSON: at byte 7, it is not valid UTF-8"},
        {"\xef\xbb\xbf{}", "the reply is not right JSON: at byte 0, a value is missing"},
        {"{\"id\":1111111111111111111111111111111111111111111111111111111111111111}",
         "the reply is not right JSON: at byte 70, a number has more than 63 characters"},
        {"[]", "in the reply, the outermost value is an array, not an object"},
        {"\"{}\"", "in the reply, the outermost value is a string, not an object"},
        {"12", "in the reply, the outermost value is a number, not an object"},
        {"true", "in the reply, the outermost value is true or false, not an object"},
    };
    (void)state;
    for (size_t i = 0; i < DECODER_COUNT; i++)
        for (size_t k = 0; k < sizeof replies / sizeof replies[0]; k++)
            assert_bad(every_decoder[i], replies[k].json, replies[k].wrong);
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < DECODER_COUNT; i++) {
        assert_bad_bytes(every_decoder[i], "{\"id\":\"a\0b\"}", 12,
                         "the reply is not right JSON: at byte 8, a string holds a raw control character");
        assert_bad_bytes(every_decoder[i], "{}\0", 3,
                         "the reply is not right JSON: at byte 2, something follows the value");
    }
}

static void a_reply_that_never_was_is_empty(void **state)
{
    dm_error error;
    const struct reply none = {.subject = SUBJECT};
    (void)state;
    for (size_t i = 0; i < DECODER_COUNT; i++) {
        assert_int_equal(every_decoder[i](&none, &error), DM_ERR_BAD_RESPONSE);
        assert_string_equal(error.message, SUBJECT ": the reply is empty");
    }
}

static void a_reply_nested_too_deeply_is_refused(void **state)
{
    char json[JSON_DEPTH_OF_REPLY + 1];
    (void)state;
    memset(json, '[', sizeof json);
    assert_bad_bytes(try_spec, json, sizeof json, "the reply is not right JSON: at byte 132, it is nested too deeply");
}

static void a_reply_of_too_many_values_is_refused(void **state)
{
    const size_t length = (size_t)2 * JSON_MAX_VALUES + 1;
    char *json = malloc(length);
    dm_error error;
    (void)state;
    assert_non_null(json);
    for (size_t i = 0; i < length; i++)
        json[i] = i % 2 == 0 ? ',' : '0';
    json[0] = '[';
    json[length - 1] = ']';
    struct reply reply = make_reply(json, length);
    assert_int_equal(try_spec(&reply, &error), DM_ERR_BAD_RESPONSE);
    assert_non_null(strstr(error.message, "it holds more than 2000000 values"));
    free_reply(&reply);
    free(json);
}

static void who_wants_no_error_gets_the_status_only(void **state)
{
    dm_spec *spec = NULL;
    (void)state;
    struct reply reply = reply_of("[]");
    assert_int_equal(decode_spec(&reply, &spec, NULL), DM_ERR_BAD_RESPONSE);
    assert_null(spec);
    assert_int_equal(try_task_page(&reply, NULL), DM_ERR_BAD_RESPONSE);
    free_reply(&reply);
}

/* ---- Replies that were damaged on the way ---- */

#define SHORT_DATA                                                                                                     \
    "{\"outputs\":[{\"labels\":{\"predicted\":[{\"label_id\":9,\"label_name\":\"s\\u00e9\",\"score\":0.99,"            \
    "\"threshold\":0.3,\"roi\":{\"region_id\":1,\"bbox\":{\"xmin\":0.1,\"ymin\":0,\"ymax\":1,\"xmax\":1}},"            \
    "\"sequence_index\":1,\"sequence_time\":2e0}],\"discarded\":[]}}]}"

static const struct {
    try_reply decode;
    const char *json;
} samples[] = {
    {try_spec,
     "{\"id\":42,\"name\":\"n\",\"task_id\":1,\"metadata\":{\"a\":[\"\\\"\",1]},\"outputs\":[{\"labels\":{"
     "\"roi\":\"BBOX\",\"exclusive\":true,\"labels\":[{\"id\":0,\"name\":\"h\"}]}}],\"current_version_id\":3}"},
    {try_spec_page, "{\"count\":1,\"next\":\"h\",\"results\":[{\"id\":\"p\",\"name\":\"n\",\"metadata\":{}}]}"},
    {try_version, "{\"id\":5,\"spec_id\":42,\"network_id\":7,\"post_processings\":[{\"a\":[0.5]}]}"},
    {try_version_page, "{\"count\":1,\"results\":[{\"id\":5,\"spec_id\":42,\"network_id\":7}]}"},
    {try_task, "{\"id\":\"42\",\"status\":\"success\",\"error\":null,\"data\":" SHORT_DATA "}"},
    {try_task_page, "{\"next\":null,\"results\":[{\"id\":\"1\",\"status\":\"success\",\"data\":" SHORT_DATA "}]}"},
    {try_task_id, "{\"task_id\":\"123\"}"},
    {try_account, "{\"id\":1,\"name\":\"n\",\"x\":{}}"},
};
enum { SAMPLE_COUNT = sizeof samples / sizeof samples[0] };

static void the_samples_are_good_before_they_are_damaged(void **state)
{
    dm_error error;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct reply reply = reply_of(samples[i].json);
        assert_int_equal(samples[i].decode(&reply, &error), DM_OK);
        free_reply(&reply);
    }
}

static void a_reply_cut_at_any_byte_is_refused(void **state)
{
    dm_error error;
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        for (size_t length = 0; length < strlen(samples[i].json); length++) {
            struct reply reply = make_reply(samples[i].json, length);
            assert_int_equal(samples[i].decode(&reply, &error), DM_ERR_BAD_RESPONSE);
            free_reply(&reply);
        }
    }
}

static void assert_harmless(try_reply decode, const struct reply *reply)
{
    dm_error error = {.message = ""};
    const dm_status status = decode(reply, &error);
    assert_true(status == DM_OK || status == DM_ERR_BAD_RESPONSE);
    assert_int_equal(error.message[0] != '\0', status != DM_OK);
}

static void a_reply_with_any_byte_changed_is_harmless(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct reply reply = reply_of(samples[i].json);
        for (size_t at = 0; at < reply.body.length; at++) {
            for (int change = 1; change < 256; change++) {
                reply.body.data[at] = (char)(samples[i].json[at] ^ change);
                assert_harmless(samples[i].decode, &reply);
            }
            reply.body.data[at] = samples[i].json[at];
        }
        free_reply(&reply);
    }
}

/* As when an answer is given to another question. */
static void a_reply_of_another_kind_is_harmless(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        struct reply reply = reply_of(samples[i].json);
        for (size_t k = 0; k < DECODER_COUNT; k++)
            assert_harmless(every_decoder[k], &reply);
        free_reply(&reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_created_specification_decodes),
        cmocka_unit_test(the_documented_list_of_specifications_decodes),
        cmocka_unit_test(the_documented_public_specification_decodes),
        cmocka_unit_test(the_documented_answer_to_an_inference_decodes),
        cmocka_unit_test(the_documented_task_data_decodes),
        cmocka_unit_test_setup_teardown(a_decimal_comma_changes_no_score, enter_comma_locale, leave_comma_locale),
        cmocka_unit_test(what_is_optional_may_be_absent_or_null),
        cmocka_unit_test(unknown_fields_are_tolerated_everywhere),
        cmocka_unit_test(a_kind_of_roi_that_is_not_known_is_another),
        cmocka_unit_test(an_output_of_a_kind_that_is_not_known_has_no_labels),
        cmocka_unit_test(a_hundred_thousand_labels_decode),
        cmocka_unit_test(a_wrong_field_of_a_specification_is_named),
        cmocka_unit_test(labels_that_are_no_object_are_named),
        cmocka_unit_test(integers_are_exact),
        cmocka_unit_test(integers_that_cannot_be_held_are_refused),
        cmocka_unit_test(ids_of_either_end_are_exact_for_labels_too),
        cmocka_unit_test(metadata_comes_back_byte_for_byte),
        cmocka_unit_test(of_equal_names_the_first_one_wins),
        cmocka_unit_test(an_escaped_name_is_the_same_name),
        cmocka_unit_test(data_comes_back_byte_for_byte),
        cmocka_unit_test(an_account_comes_back_byte_for_byte),
        cmocka_unit_test(post_processings_come_back_byte_for_byte),
        cmocka_unit_test(metadata_of_the_deepest_kind_comes_back_in_pages_too),
        cmocka_unit_test(a_megabyte_of_metadata_comes_back),
        cmocka_unit_test(strings_are_unescaped),
        cmocka_unit_test(a_version_decodes),
        cmocka_unit_test(a_version_needs_its_ids_only),
        cmocka_unit_test(a_wrong_field_of_a_version_is_named),
        cmocka_unit_test(post_processings_that_are_no_array_are_named),
        cmocka_unit_test(a_wrong_field_of_an_account_is_named),
        cmocka_unit_test(pages_have_their_links_and_counts),
        cmocka_unit_test(a_wrong_field_of_a_page_is_named),
        cmocka_unit_test(a_pending_task_has_nothing_yet),
        cmocka_unit_test(a_failed_task_has_the_service_s_words),
        cmocka_unit_test(data_of_another_kind_is_kept_as_text),
        cmocka_unit_test(a_task_s_id_has_63_bytes_at_most),
        cmocka_unit_test(a_wrong_task_id_is_named),
        cmocka_unit_test(a_task_s_status_is_one_of_three),
        cmocka_unit_test(a_wrong_field_of_a_task_is_named),
        cmocka_unit_test(every_output_has_its_predictions_in_their_order),
        cmocka_unit_test(sequences_have_their_index_and_time),
        cmocka_unit_test(an_inference_s_output_of_a_kind_that_is_not_known_is_empty),
        cmocka_unit_test(an_inference_may_have_no_outputs),
        cmocka_unit_test(a_region_may_have_no_box),
        cmocka_unit_test(a_wrong_field_of_an_inference_is_named),
        cmocka_unit_test(the_tasks_that_have_a_slot_are_decoded_into_it),
        cmocka_unit_test(the_last_page_of_tasks_has_no_next_one),
        cmocka_unit_test(a_wrong_field_of_a_page_of_tasks_is_named),
        cmocka_unit_test(results_that_are_no_array_are_no_empty_page_of_tasks),
        cmocka_unit_test(what_nobody_waits_for_is_not_looked_into),
        cmocka_unit_test(a_page_without_memory_to_go_to_is_no_page),
        cmocka_unit_test(a_reply_that_is_not_right_is_refused_by_every_decoder),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_reply_that_never_was_is_empty),
        cmocka_unit_test(a_reply_nested_too_deeply_is_refused),
        cmocka_unit_test(a_reply_of_too_many_values_is_refused),
        cmocka_unit_test(who_wants_no_error_gets_the_status_only),
        cmocka_unit_test(the_samples_are_good_before_they_are_damaged),
        cmocka_unit_test(a_reply_cut_at_any_byte_is_refused),
        cmocka_unit_test(a_reply_with_any_byte_changed_is_harmless),
        cmocka_unit_test(a_reply_of_another_kind_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
