/* Shared by the tests of the decoders: replies, a function for each decoder, and assertions. */
#ifndef UNIT_DECODE_TEST_H
#define UNIT_DECODE_TEST_H

#include "codec/decode.h"

#include "array.h"
#include "assert_status.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECT "GET https://api.example/v0.7/x"

/* A copy in a buffer of exactly its size, so that sanitizers detect reads past the end. */
static inline struct reply make_reply(const char *json, size_t length)
{
    char *data = malloc(length + 1);
    assert_non_null(data);
    memcpy(data, json, length);
    data[length] = '\0';
    return (struct reply){.body = {.data = data, .length = length, .capacity = length + 1, .limit = TEXT_NO_LIMIT},
                          .subject = SUBJECT};
}

static inline struct reply reply_of(const char *json)
{
    return make_reply(json, strlen(json));
}

static inline void free_reply(struct reply *reply)
{
    text_free(&reply->body);
}

/* Defines NAME(json), which decodes a valid reply. The result outlives the reply. */
#define DECODER(name)                                                                                                  \
    static inline dm_##name *good_##name(const char *json)                                                             \
    {                                                                                                                  \
        dm_error error;                                                                                                \
        struct failure failure;                                                                                        \
        struct reply reply = reply_of(json);                                                                           \
        failure_init(&failure, &error);                                                                                \
        dm_##name *decoded = decode(&reply, &name##_shape, &failure);                                                  \
        free_reply(&reply);                                                                                            \
        if (failure.status != DM_OK)                                                                                   \
            fail_msg("%s\n%s", json, error.message);                                                                   \
        assert_non_null(decoded);                                                                                      \
        return decoded;                                                                                                \
    }                                                                                                                  \
    /* Decodes any reply, and frees the result. */                                                                     \
    static inline dm_status try_##name(const struct reply *reply, dm_error *error)                                     \
    {                                                                                                                  \
        struct failure failure;                                                                                        \
        failure_init(&failure, error);                                                                                 \
        dm_##name *decoded = decode(reply, &name##_shape, &failure);                                                   \
        assert_int_equal(decoded != NULL, failure.status == DM_OK);                                                    \
        dm_##name##_free(decoded);                                                                                     \
        return failure.status;                                                                                         \
    }

DECODER(account)
DECODER(spec)
DECODER(spec_page)
DECODER(network)
DECODER(network_page)
DECODER(version)
DECODER(version_page)
DECODER(task)

static inline dm_status decode_task_id(const struct reply *reply, dm_task_id *id, dm_error *error)
{
    struct failure failure;
    failure_init(&failure, error);
    dm_task_id *decoded = decode(reply, &submission_shape, &failure);
    assert_int_equal(decoded != NULL, failure.status == DM_OK);
    if (decoded != NULL)
        *id = *decoded;
    arena_free_root(decoded);
    return failure.status;
}

static inline dm_status try_task_id(const struct reply *reply, dm_error *error)
{
    dm_task_id id = {"before"};
    return decode_task_id(reply, &id, error);
}

enum { MAX_SLOTS = 4 };

struct slots {
    const char *wanted[MAX_SLOTS]; /* ids */
    dm_task tasks[MAX_SLOTS];
    dm_task_status told[MAX_SLOTS];
    size_t asked;
    size_t nameless;
};

static inline dm_task *find_slot(void *context, const dm_task_id *id, dm_task_status status, struct arena **arena)
{
    struct slots *slots = context;
    (void)arena;
    slots->asked++;
    if (id == NULL) {
        slots->nameless++;
        return NULL;
    }
    for (size_t i = 0; i < MAX_SLOTS; i++) {
        if (slots->wanted[i] != NULL && strcmp(slots->wanted[i], id->text) == 0) {
            slots->told[i] = status;
            return &slots->tasks[i];
        }
    }
    return NULL;
}

static inline dm_status decode_tasks(const struct reply *reply, struct arena *arena, struct slots *slots,
                                     struct text *next, dm_error *error)
{
    struct failure failure;
    failure_init(&failure, error);
    const struct task_sink sink = {&task_shape, arena, find_slot, slots};
    decode_task_page(reply, &sink, next, &failure);
    return failure.status;
}

static inline dm_status try_task_page(const struct reply *reply, dm_error *error)
{
    struct slots slots = {.wanted = {"1", "2"}};
    struct text next;
    struct arena *arena = arena_new(1);
    text_init(&next, TEXT_NO_LIMIT);
    const dm_status status = decode_tasks(reply, arena, &slots, &next, error);
    text_free(&next);
    arena_free(arena);
    return status;
}

typedef dm_status (*try_reply)(const struct reply *reply, dm_error *error);

static const try_reply every_decoder[] = {try_account, try_spec,         try_spec_page, try_network, try_network_page,
                                          try_version, try_version_page, try_task,      try_task_id, try_task_page};
enum { DECODER_COUNT = sizeof every_decoder / sizeof every_decoder[0] };

static inline void assert_bad_bytes(try_reply try_it, const char *json, size_t length, const char *wrong)
{
    char wanted[512];
    dm_error error;
    struct reply reply = make_reply(json, length);
    const dm_status status = try_it(&reply, &error);
    free_reply(&reply);
    snprintf(wanted, sizeof wanted, SUBJECT ": %s", wrong);
    if (status != DM_ERR_BAD_RESPONSE || error.status != status || strcmp(error.message, wanted) != 0)
        fail_msg("%s\ngot: %s, %s\nexpected: %s", json, dm_status_name(status), status == DM_OK ? "" : error.message,
                 wanted);
}

static inline void assert_bad(try_reply try_it, const char *json, const char *wrong)
{
    assert_bad_bytes(try_it, json, strlen(json), wrong);
}

/* A field of the wrong type: its JSON, and the message after "in the reply, ". */
struct bad_field {
    const char *json;
    const char *wrong;
};

static inline void assert_bad_fields(try_reply try_it, const struct bad_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char wrong[256];
        snprintf(wrong, sizeof wrong, "in the reply, %s", fields[i].wrong);
        assert_bad(try_it, fields[i].json, wrong);
    }
}

#define ASSERT_BAD_FIELDS(decode, fields) assert_bad_fields(decode, fields, sizeof(fields) / sizeof((fields)[0]))

/* Compares all bits: the expected number is a C constant with the same digits. */
static inline void assert_number(double number, double wanted)
{
    assert_memory_equal(&number, &wanted, sizeof wanted);
}

static inline void assert_label(const dm_label *label, int64_t id, const char *name)
{
    assert_int_equal(label->id, id);
    assert_string_equal(label->name, name);
}

static inline void assert_task_id(const char *json, const char *wanted)
{
    dm_task_id id = {"before"};
    dm_error error;
    struct reply reply = reply_of(json);
    assert_status(decode_task_id(&reply, &id, &error), DM_OK, &error);
    free_reply(&reply);
    assert_string_equal(id.text, wanted);
}

#define SUNGLASSES_DATA                                                                                                \
    "{\n    \"outputs\": [{\n        \"labels\": {\n            \"predicted\": [{\n"                                   \
    "                \"label_id\": 9,\n                \"label_name\": \"sunglasses\",\n"                              \
    "                \"score\": 0.990304172,\n                \"threshold\": 0.347,\n"                                 \
    "                \"roi\": {\n                    \"region_id\": 1,\n                    \"bbox\": {\n"             \
    "                        \"xmin\": 0.312604159,\n                        \"ymin\": 0.366485775,\n"                 \
    "                        \"ymax\": 0.5318923,\n                        \"xmax\": 0.666821837\n"                    \
    "                    }\n                }\n            }],\n            \"discarded\": []\n        }\n    }]\n}"

static inline void assert_sunglasses(const dm_inference *inference)
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

#define SPEC(members)   "{\"id\":1,\"name\":\"\"," members "}"
#define LABELS(members) SPEC("\"outputs\":[{\"labels\":{" members "}}]")

#endif
