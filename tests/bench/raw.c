/* Implementations (a) and (b): libcurl with one reused handle and prepared texts. This is the lower limit of every
 * program that uses libcurl. With PARSES it is (b), which also parses each reply with cJSON and deletes the tree at
 * once, without reading it.
 *
 * An image file is sent with curl_mime; base64 text is sent in place. */
#include "assignment.h"
#include "canned.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef PARSES
#include <cjson/cJSON.h>
#endif

/* Kept from reply to reply, so that it grows only once. */
struct reply {
    char *data;
    size_t length;
    size_t capacity;
};

/* Base64 text inside the JSON that surrounds it. */
struct pieces {
    const char *data[3];
    size_t length[3];
    int index;
    size_t position;
};

struct session {
    struct assignment assignment;
    CURL *easy;
    struct curl_slist *json_headers;
    struct curl_slist *plain_headers;
    struct reply reply;
    struct pieces pieces;
    char *request; /* the text that this job sends, if it sends one */
    size_t request_length;
};

static size_t take_reply(char *data, size_t size, size_t count, void *context)
{
    struct reply *reply = context;
    const size_t length = size * count;
    while (reply->length + length > reply->capacity) {
        reply->capacity = reply->capacity == 0 ? 65536 : reply->capacity * 2;
        reply->data = realloc(reply->data, reply->capacity);
        if (reply->data == NULL)
            return 0;
    }
    memcpy(reply->data + reply->length, data, length);
    reply->length += length;
    return length;
}

static size_t give_pieces(char *buffer, size_t size, size_t count, void *context)
{
    struct pieces *pieces = context;
    const size_t room = size * count;
    size_t given = 0;
    while (given < room && pieces->index < 3) {
        const size_t left = pieces->length[pieces->index] - pieces->position;
        const size_t length = left < room - given ? left : room - given;
        memcpy(buffer + given, pieces->data[pieces->index] + pieces->position, length);
        given += length;
        pieces->position = length == left ? 0 : pieces->position + length;
        pieces->index += length == left;
    }
    return given;
}

static void perform(struct session *session, const char *path)
{
    char url[256];
    long status = 0;
    snprintf(url, sizeof url, "%s%s", session->assignment.url, path);
    curl_easy_setopt(session->easy, CURLOPT_URL, url);
    session->reply.length = 0;
    const CURLcode code = curl_easy_perform(session->easy);
    curl_easy_getinfo(session->easy, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status >= 300) {
        fprintf(stderr, "%s: HTTP %ld, %s\n", url, status, curl_easy_strerror(code));
        exit(1);
    }
#ifdef PARSES
    cJSON *tree = cJSON_ParseWithLength(session->reply.data, session->reply.length);
    if (tree == NULL) {
        fprintf(stderr, "%s: the reply is not valid JSON\n", url);
        exit(1);
    }
    cJSON_Delete(tree);
#endif
}

static void get(struct session *session, const char *path)
{
    curl_easy_setopt(session->easy, CURLOPT_HTTPHEADER, session->plain_headers);
    curl_easy_setopt(session->easy, CURLOPT_HTTPGET, 1L);
    perform(session, path);
}

static void post_text(struct session *session, const char *path)
{
    curl_easy_setopt(session->easy, CURLOPT_HTTPHEADER, session->json_headers);
    curl_easy_setopt(session->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)session->request_length);
    curl_easy_setopt(session->easy, CURLOPT_POSTFIELDS, session->request);
    perform(session, path);
}

static void post_file(struct session *session)
{
    curl_mime *mime = curl_mime_init(session->easy);
    curl_mimepart *part = curl_mime_addpart(mime);
    curl_mime_name(part, "inputs[0]image.source");
    curl_mime_filedata(part, session->assignment.file);
    curl_easy_setopt(session->easy, CURLOPT_HTTPHEADER, session->plain_headers);
    curl_easy_setopt(session->easy, CURLOPT_MIMEPOST, mime);
    perform(session, INFERENCE_PATH);
    curl_easy_setopt(session->easy, CURLOPT_MIMEPOST, NULL);
    curl_mime_free(mime);
}

static void post_base64(struct session *session)
{
    static const char before[] = "{\"inputs\":[{\"image\":{\"source\":\"data:image/*;base64,";
    static const char after[] = "\"}}]}";
    session->pieces = (struct pieces){
        .data = {before, session->request, after},
        .length = {sizeof before - 1, session->request_length, sizeof after - 1},
    };
    curl_easy_setopt(session->easy, CURLOPT_HTTPHEADER, session->json_headers);
    curl_easy_setopt(session->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(session->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)(session->request_length + sizeof before - 1 + sizeof after - 1));
    perform(session, INFERENCE_PATH);
}

static void run_once(struct session *session)
{
    switch (session->assignment.job) {
    case JOB_GET:
        get(session, SMALL_SPEC_PATH);
        break;
    case JOB_RETRIEVE:
        get(session, SPEC_PATH);
        break;
    case JOB_INFERENCE:
        post_text(session, INFERENCE_PATH);
        usleep(PAUSE_MS * 1000);
        get(session, TASKS_PATH TASK_ID);
        break;
    case JOB_UPLOAD:
        post_file(session);
        break;
    case JOB_BASE64:
        post_base64(session);
        break;
    case JOB_CREATE:
        post_text(session, SPECS_PATH);
        break;
    }
}

static void prepare_request(struct session *session)
{
    if (session->assignment.job == JOB_INFERENCE)
        session->request = canned_inference_request();
    if (session->assignment.job == JOB_CREATE)
        session->request = canned_create_request();
    if (session->request != NULL)
        session->request_length = strlen(session->request);
    if (session->assignment.job == JOB_BASE64)
        session->request = canned_base64(&session->request_length);
}

static void begin(struct session *session)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    session->easy = curl_easy_init();
    session->plain_headers = curl_slist_append(session->plain_headers, "X-API-KEY: " API_KEY);
    session->plain_headers = curl_slist_append(session->plain_headers, "Expect:"); /* disables 100-continue */
    session->json_headers = curl_slist_append(session->json_headers, "X-API-KEY: " API_KEY);
    session->json_headers = curl_slist_append(session->json_headers, "Content-Type: application/json");
    session->json_headers = curl_slist_append(session->json_headers, "Expect:");
    curl_easy_setopt(session->easy, CURLOPT_NOSIGNAL, 1L); /* otherwise libcurl sets SIGPIPE's action again and again */
    curl_easy_setopt(session->easy, CURLOPT_CAINFO, session->assignment.ca);
    curl_easy_setopt(session->easy, CURLOPT_WRITEFUNCTION, take_reply);
    curl_easy_setopt(session->easy, CURLOPT_WRITEDATA, &session->reply);
    curl_easy_setopt(session->easy, CURLOPT_READFUNCTION, give_pieces);
    curl_easy_setopt(session->easy, CURLOPT_READDATA, &session->pieces);
    prepare_request(session);
}

static void end(struct session *session)
{
    curl_easy_cleanup(session->easy);
    curl_slist_free_all(session->plain_headers);
    curl_slist_free_all(session->json_headers);
    curl_global_cleanup();
    free(session->reply.data);
    free(session->request);
}

int main(int argc, char **argv)
{
    struct session session = {.assignment = assignment_parse(argc, argv)};
    begin(&session);
    for (long i = 0; i < session.assignment.count; i++)
        run_once(&session);
    end(&session);
    return 0;
}
