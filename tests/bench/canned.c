#include "canned.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* A text that is being written. */
struct draft {
    FILE *stream;
    char *text;
    size_t length;
};

static void fail(void)
{
    fputs("out of memory\n", stderr);
    exit(1);
}

static void begin(struct draft *draft)
{
    draft->stream = open_memstream(&draft->text, &draft->length);
    if (draft->stream == NULL)
        fail();
}

static char *end(struct draft *draft)
{
    if (fclose(draft->stream) != 0)
        fail();
    return draft->text;
}

static char *copy_of(const char *text)
{
    struct draft draft;
    begin(&draft);
    fputs(text, draft.stream);
    return end(&draft);
}

/* ---- Specifications ---- */

int64_t canned_label_id(int index)
{
    return 100000 + index;
}

void canned_label_name(int index, char name[LABEL_NAME_SIZE])
{
    snprintf(name, LABEL_NAME_SIZE, "label %d", index);
}

static void write_outputs(FILE *stream, int label_count)
{
    fputs("\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":[", stream);
    for (int i = 0; i < label_count; i++) {
        char name[LABEL_NAME_SIZE];
        canned_label_name(i, name);
        fprintf(stream, "%s{\"id\":%" PRId64 ",\"name\":\"%s\"}", i == 0 ? "" : ",", canned_label_id(i), name);
    }
    fputs("]}}]", stream);
}

static char *make_spec(int id, int label_count, const char *member)
{
    struct draft draft;
    begin(&draft);
    fprintf(draft.stream,
            "{\"id\":%d,\"name\":\"" SPEC_NAME "\",\"description\":\"\",\"metadata\":{},"
            "\"update_date\":\"2018-02-16T16:37:25.148189Z\",%s",
            id, member);
    write_outputs(draft.stream, label_count);
    fputs("}", draft.stream);
    return end(&draft);
}

char *canned_spec(void)
{
    return make_spec(SPEC_ID, LABEL_COUNT, "\"current_version_id\":123,");
}

char *canned_small_spec(void)
{
    return make_spec(SMALL_SPEC_ID, SMALL_LABEL_COUNT, "\"current_version_id\":124,");
}

char *canned_created_spec(void)
{
    return make_spec(SPEC_ID, LABEL_COUNT, "\"current_version_id\":null,\"task_id\":" TASK_ID ",");
}

char *canned_create_request(void)
{
    struct draft draft;
    begin(&draft);
    fputs("{\"name\":\"" SPEC_NAME "\",\"description\":\"\",\"metadata\":{},", draft.stream);
    write_outputs(draft.stream, LABEL_COUNT);
    fputs("}", draft.stream);
    return end(&draft);
}

/* ---- Inference ---- */

char *canned_inference_request(void)
{
    return copy_of("{\"inputs\":[{\"image\":{\"source\":\"" IMAGE_URL "\"}}]}");
}

char *canned_submission(void)
{
    return copy_of("{\"task_id\":\"" TASK_ID "\"}");
}

static void write_prediction(FILE *stream, int index)
{
    char name[LABEL_NAME_SIZE];
    const double score = 0.998765432 - index * 0.009123457;
    const double edge = 0.004321987 * index;
    canned_label_name(index, name);
    fprintf(stream, "{\"label_id\":%" PRId64 ",\"label_name\":\"%s\",\"score\":%.9f,\"threshold\":0.025,",
            canned_label_id(index), name, score);
    fprintf(stream, "\"roi\":{\"region_id\":%d,\"bbox\":{\"xmin\":%.9f,\"ymin\":%.9f,\"xmax\":%.9f,\"ymax\":%.9f}}}",
            index + 1, edge, edge + 0.012345678, edge + 0.234567891, edge + 0.345678912);
}

char *canned_task(void)
{
    struct draft draft;
    begin(&draft);
    fputs("{\"id\":\"" TASK_ID "\",\"status\":\"success\",\"error\":null,"
          "\"date_created\":\"2018-02-16T16:37:25.148189Z\",\"date_updated\":\"2018-02-16T16:37:26.003412Z\","
          "\"data\":{\"outputs\":[{\"labels\":{\"predicted\":[",
          draft.stream);
    for (int i = 0; i < PREDICTION_COUNT; i++) {
        fputs(i == 0 ? "" : ",", draft.stream);
        write_prediction(draft.stream, i);
    }
    fputs("],\"discarded\":[]}}]},\"subtasks\":null}", draft.stream);
    return end(&draft);
}

char *canned_base64(size_t *length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { IMAGE_SIZE = 5 * 1000 * 1000, GROUPS = (IMAGE_SIZE + 2) / 3, CHARACTERS = GROUPS * 4 };
    char *text = malloc(CHARACTERS + 1);
    if (text == NULL)
        fail();
    for (size_t i = 0; i < CHARACTERS; i++)
        text[i] = alphabet[i * 29 % 64];
    text[CHARACTERS - 1] = '='; /* the last group of an image of 5,000,000 bytes has two bytes */
    text[CHARACTERS] = '\0';
    *length = CHARACTERS;
    return text;
}
