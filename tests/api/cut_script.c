#include "cut_script.h"

#include "array.h"
#include "libcurl.h"

#include <stdlib.h>
#include <string.h>

/* ---- What is cut ---- */

#define SPEC                                                                                                           \
    "{\"id\":42,\"name\":\"hot-dog VS not hot-dog classifier\",\"description\":\"\",\"task_id\":123,"                  \
    "\"update_date\":\"2018-02-16T16:37:25.148189Z\",\"metadata\":{\"author\":\"me\",\"n\":[1.10]},"                   \
    "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":[{\"id\":0,\"name\":\"hot-dog\"},"       \
    "{\"id\":1,\"name\":\"not hot-dog\"}]}}],\"current_version_id\":null}"
#define SPEC_WORDS "42 hot-dog VS not hot-dog classifier {\"author\":\"me\",\"n\":[1.10]} 2 labels, not hot-dog"
#define PAGE                                                                                                           \
    "{\"count\":5,\"next\":\"http://localhost/v0.7/recognition/specs?offset=2\",\"previous\":null,\"results\":["       \
    "{\"id\":42,\"name\":\"caf\xc3\xa9\",\"metadata\":{}},{\"id\":43,\"name\":\"second\",\"current_version_id\":1}]}"
#define PAGE_WORDS "2 of 5: caf\xc3\xa9, second, http://localhost/v0.7/recognition/specs?offset=2"
#define SUCCESS                                                                                                        \
    "{\"id\":\"123\",\"status\":\"success\",\"error\":null,\"data\":{\"outputs\":[{\"labels\":{\"predicted\":["        \
    "{\"label_id\":9,\"label_name\":\"sunglasses\",\"score\":0.990304172,\"threshold\":0.347,\"roi\":{"                \
    "\"region_id\":1,\"bbox\":{\"xmin\":0.312604159,\"ymin\":0.366485775,\"ymax\":0.5318923,\"xmax\":0.666821837}}}]," \
    "\"discarded\":[{\"label_id\":3,\"label_name\":\"scarf\",\"score\":0.25,\"threshold\":0.5}]}}]}}"
#define SUCCESS_WORDS "123 success: sunglasses 0.990304 0.312604; scarf 0.25 0;"
#define PENDING       "{\"id\":\"123\",\"status\":\"pending\",\"error\":null,\"data\":null}"

/* A similar task, compressed: with one more prediction, and with dates. */
static const unsigned char deflated_success[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x75, 0x90, 0xdd, 0x6a, 0xc3, 0x30, 0x0c, 0x85, 0xdf,
    0x45, 0xd7, 0x6e, 0xf1, 0x5f, 0x1c, 0x27, 0xcf, 0xb1, 0xab, 0x8d, 0x52, 0x9c, 0xc4, 0x6b, 0xc3, 0xd2, 0x38, 0x58,
    0x36, 0x74, 0x84, 0xbc, 0xfb, 0xec, 0x2c, 0x85, 0xac, 0x65, 0x60, 0x30, 0xfa, 0x38, 0x3a, 0x3a, 0xd2, 0x0c, 0x7d,
    0x07, 0x35, 0x30, 0x2e, 0x80, 0x00, 0x06, 0x13, 0x22, 0xa6, 0x12, 0x63, 0xdb, 0x5a, 0xc4, 0x84, 0xac, 0xf7, 0xce,
    0x43, 0x3d, 0xc6, 0x61, 0x20, 0xd0, 0x99, 0x60, 0xcf, 0xad, 0xb7, 0xe9, 0xcb, 0x4d, 0x9c, 0x32, 0x7d, 0xa0, 0xe2,
    0x40, 0xab, 0x37, 0xa6, 0x6b, 0x41, 0x6b, 0x29, 0x8e, 0x92, 0x4a, 0xc5, 0xe8, 0x3b, 0x6c, 0xe2, 0x38, 0x75, 0xff,
    0x8a, 0xe5, 0x91, 0x49, 0xcd, 0x74, 0x95, 0xc5, 0x18, 0x9b, 0x60, 0xf0, 0x0b, 0x77, 0x93, 0x0c, 0xd4, 0x33, 0xb8,
    0x18, 0xa6, 0x18, 0x12, 0xfe, 0x98, 0x61, 0x30, 0x8d, 0x1d, 0x30, 0xd3, 0xc9, 0xdb, 0xae, 0x6f, 0x57, 0xdf, 0x07,
    0x3f, 0xe7, 0x35, 0x2a, 0xb2, 0x15, 0xa3, 0xb9, 0xd9, 0x75, 0x8d, 0xf1, 0x32, 0x18, 0x44, 0x9b, 0x37, 0xc1, 0xd6,
    0xf9, 0x04, 0xe9, 0xb1, 0xaa, 0xa8, 0xa0, 0x92, 0x95, 0x9c, 0x40, 0xb8, 0x7a, 0x8b, 0x57, 0x37, 0x74, 0x99, 0x0b,
    0x59, 0x12, 0xf0, 0xae, 0xcf, 0x13, 0xbc, 0xbd, 0xf4, 0x6e, 0x5c, 0x4d, 0x19, 0x81, 0xa6, 0x71, 0xf7, 0x4c, 0xef,
    0xb7, 0x7e, 0x5c, 0x95, 0x8c, 0xab, 0xe4, 0x50, 0xa4, 0x79, 0xdf, 0x0f, 0xa4, 0x94, 0xd4, 0x45, 0x59, 0x16, 0x19,
    0x99, 0x7b, 0x46, 0x85, 0x48, 0xcb, 0x71, 0x41, 0x52, 0xdb, 0x2f, 0x50, 0x4a, 0x69, 0xce, 0xb4, 0x28, 0x97, 0x65,
    0x21, 0xfb, 0xdc, 0xfc, 0x29, 0xf7, 0xd5, 0x84, 0x7d, 0xe0, 0x6c, 0xfa, 0x27, 0x69, 0xb1, 0xe5, 0xcc, 0xb7, 0x5a,
    0x4e, 0xe9, 0x5a, 0x3d, 0xb6, 0xc6, 0x77, 0x2f, 0xf7, 0x10, 0xcf, 0xf7, 0x48, 0xaa, 0xcf, 0xbd, 0x33, 0x7f, 0x71,
    0x5e, 0x4e, 0x4b, 0x7e, 0x3f, 0xf1, 0xe4, 0xca, 0x62, 0x17, 0x02, 0x00, 0x00};

#define BODY(text) text, sizeof(text) - 1

const struct subject subjects[] = {
    [SPEC_SUBJECT] = {"a specification", ask_spec, "200 OK", "Content-Type: application/json\r\n", BODY(SPEC),
                      SPEC_WORDS, .status = DM_OK},
    [PENDING_SUBJECT] = {"a pending task", ask_task, "200 OK", "", BODY(PENDING), "123 pending:", .status = DM_OK},
    [SUBMIT_SUBJECT] = {"a submission", ask_submit, "201 Created", "", BODY("{\"task_id\":\"123\"}"), "123",
                        .status = DM_OK},
    {"a page", ask_spec_page, "200 OK", "Server: x\r\n", BODY(PAGE), PAGE_WORDS, .status = DM_OK},
    {"a finished task", ask_task, "200 OK", "", BODY(SUCCESS), SUCCESS_WORDS, .status = DM_OK},
    {"a deflated task", ask_task, "200 OK", "Content-Encoding: gzip\r\n", deflated_success, sizeof deflated_success,
     "123 success: sunglasses 0.990304 0.312604; hat 0.75 0; scarf 0.25 0;", .status = DM_OK},
    {"a task that is waited for", ask_wait, "200 OK", "", BODY(PENDING), SUCCESS_WORDS, .forgiving = true,
     .then_body = SUCCESS},
    {"a creation", ask_create, "201 Created", "", BODY(SPEC), SPEC_WORDS, .not_repeatable = true},
    {"a redirect", ask_spec, "302 Found", "Location: /v0.7/recognition/specs/4321\r\n", BODY("moved"), SPEC_WORDS,
     .then_body = SPEC},
    {"not found", ask_spec, "404 Not Found", "", BODY("{\"detail\":\"Not found.\"}"), "Not found.",
     .status = DM_ERR_NOT_FOUND},
    {"a field map", ask_submit, "400 Bad Request", "", BODY("{\"inputs\":[\"This field is required.\"]}"),
     "inputs: This field is required.", .status = DM_ERR_REJECTED},
    {"a gateway's page", ask_task, "502 Bad Gateway", "Content-Type: text/html\r\n",
     BODY("<html><head><title>502 Bad Gateway</title></head></html>\n"), "502 Bad Gateway", .status = DM_ERR_SERVER},
};

/* A body that is already compressed is not compressed again. If the end of the connection ends the body, it is not
 * certain which cut reply makes the call send another request. */
bool go_together(const struct subject *subject, const struct framing *framing)
{
    if (subject->then_body != NULL && framing->kind == FRAMING_CLOSE)
        return false;
    return !framing->gzip || subject->body != deflated_success;
}

/* ---- Which cuts ---- */

int attempts_allowed(const struct campaign *campaign)
{
    return campaign->repeating == RETRIES_OFF ? 1 : campaign->repeating == RETRIES_MEND ? 2 : RETRIES;
}

/* The last reply is a whole one, except if each call ends with a whole reply anyway, or if the call may time out
 * before it takes its step. */
size_t last_cut(const struct campaign *campaign, size_t length)
{
    const bool cuts_only =
        campaign->first != WHOLE && (campaign->repeating != RETRIES_OFF || campaign->ending == FAULT_THEN_STALL);
    return cuts_only ? length - 1 : length;
}

size_t first_cut(const struct campaign *campaign, size_t length)
{
    return campaign->first == WHOLE ? length : campaign->first % (last_cut(campaign, length) + 1);
}

size_t next_cut(const struct campaign *campaign, size_t cut, size_t length)
{
    const size_t last = last_cut(campaign, length);
    const size_t next = cut + campaign->stride;
    return cut < last && next > last ? last : next;
}

/* ---- The script ---- */

static bool add_step(struct script *script, const struct framed_reply *reply, size_t length, enum fault_ending ending)
{
    if (script->count == script->capacity) {
        script->capacity = script->capacity * 2 + 64;
        struct fault_step *steps = realloc(script->steps, script->capacity * sizeof *steps);
        if (steps == NULL)
            return false;
        script->steps = steps;
    }
    script->steps[script->count++] =
        (struct fault_step){.reply = reply->bytes, .reply_length = length, .ending = ending};
    return true;
}

/* How many attempts get the cut reply: a create and a call that times out are not repeated. */
int times_cut(const struct campaign *campaign)
{
    return campaign->repeating == RETRIES_IN_VAIN && !campaign->subject->not_repeatable &&
                   campaign->ending != FAULT_THEN_STALL
               ? RETRIES
               : 1;
}

bool is_mended(const struct campaign *campaign)
{
    if (campaign->subject->forgiving)
        return campaign->ending != FAULT_THEN_STALL;
    return campaign->repeating == RETRIES_MEND && !campaign->subject->not_repeatable;
}

/* Some versions of libcurl accept a chunked body without its last line feed. */
bool is_complete(const struct campaign *campaign, size_t length, size_t cut)
{
    const bool all_but_line_feed = campaign->framing.kind == FRAMING_CHUNKED && campaign->ending == FAULT_THEN_CLOSE &&
                                   !libcurl_wants_last_line_feed();
    return campaign->framing.kind != FRAMING_CLOSE && cut >= length - all_but_line_feed;
}

/* Adds the replies for one call. After a reply that another one follows, the connection stays open, because
 * otherwise the next request would race against its end. */
static bool add_play(struct script *script, const struct campaign *campaign, size_t cut)
{
    const struct framed_reply *reply = &script->reply;
    const struct framed_reply *then = &script->then;
    const bool complete = is_complete(campaign, reply->length, cut);
    const bool followed = then->bytes != NULL && (complete || is_mended(campaign));
    bool ok = true;

    for (int i = 0; i < (complete ? 1 : times_cut(campaign)); i++)
        ok = ok &&
             add_step(script, reply, cut, cut == reply->length && followed ? FAULT_THEN_KEEP_OPEN : campaign->ending);
    if (is_mended(campaign) && !campaign->subject->forgiving && !complete)
        ok = ok && add_step(script, reply, reply->length, FAULT_THEN_KEEP_OPEN);
    if (followed)
        ok = ok && add_step(script, then, then->length, FAULT_THEN_KEEP_OPEN);
    return ok;
}

bool write_script(struct script *script, const struct campaign *campaign)
{
    static const struct framing plain = {.kind = FRAMING_LENGTH};
    const struct subject *subject = campaign->subject;

    *script = (struct script){.count = 0};
    script->reply = framed_reply_new(&campaign->framing, subject->http_status, subject->headers, subject->body,
                                     subject->body_length);
    if (subject->then_body != NULL)
        script->then = framed_reply_new(&plain, "200 OK", "", subject->then_body, strlen(subject->then_body));
    bool ok = script->reply.bytes != NULL && (subject->then_body == NULL || script->then.bytes != NULL);
    for (size_t cut = first_cut(campaign, script->reply.length); ok && cut <= last_cut(campaign, script->reply.length);
         cut = next_cut(campaign, cut, script->reply.length))
        ok = add_play(script, campaign, cut);
    return ok;
}

void free_script(struct script *script)
{
    framed_reply_free(&script->reply);
    framed_reply_free(&script->then);
    free(script->steps);
}
