/* The server's message in an error, which never contains the API key. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const dm_client_options once = {.max_attempts = 1};

/* ---- The server's message ---- */

static void the_servers_message_is_in_the_error(void **state)
{
    static const struct {
        const char *http;
        const char *body;
        const char *words;
        dm_status status;
    } cases[] = {
        {"401 Unauthorized", "{\"detail\": \"Invalid API key.\"}", "Invalid API key.", DM_ERR_CREDENTIALS},
        {"403 Forbidden", "{\"detail\": \"No.\"}", "No.", DM_ERR_CREDENTIALS},
        {"404 Not Found", "{\"detail\": \"Not found.\"}", "Not found.", DM_ERR_NOT_FOUND},
        {"400 Bad Request", "{\"error\": \"inputs is empty\"}", "inputs is empty", DM_ERR_REJECTED},
        {"400 Bad Request", "{\"message\": \"old words\"}", "old words", DM_ERR_REJECTED},
        {"400 Bad Request", "{\"name\": [\"This field is required.\"]}", "name: This field is required.",
         DM_ERR_REJECTED},
        {"400 Bad Request", "[\"one\", \"two\"]", "one two", DM_ERR_REJECTED},
        {"400 Bad Request", "plain words\r\nand more", "plain words", DM_ERR_REJECTED},
        {"409 Conflict", "\"just text\"", "just text", DM_ERR_REJECTED},
        {"413 Payload Too Large", "", "", DM_ERR_REJECTED},
        {"415 Unsupported Media Type", "{\"detail\":\"a\\tb\\u001bc\"}", "a b c", DM_ERR_REJECTED},
        {"429 Too Many Requests", "{\"detail\": \"Slow down.\"}", "Slow down.", DM_ERR_RATE_LIMITED},
        {"408 Request Timeout", "late", "late", DM_ERR_SERVER},
        {"500 Internal Server Error", "{}", "", DM_ERR_SERVER},
        {"502 Bad Gateway", "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
         "502 Bad Gateway", DM_ERR_SERVER},
        {"503 Service Unavailable", "<p>no title</p>", "", DM_ERR_SERVER},
        {"504 Gateway Timeout", "gone", "gone", DM_ERR_SERVER},
    };
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(cases); i++)
        scene_reply(&scene, cases[i].http, "", cases[i].body);
    scene_start(&scene, &once);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_status(scene_get(&scene, NULL), cases[i].status, &scene.error);
        assert_int_equal(scene.error.http_status, atoi(cases[i].http));
        assert_string_equal(scene.error.server_message, cases[i].words);
        assert_non_null(strstr(scene.error.message, cases[i].words));
        assert_non_null(strstr(scene.error.message, "/v0.7/accounts/me"));
    }
    scene_end(&scene);
}

/* ---- The key ---- */

static void a_key_that_the_server_echoes_is_not_in_the_error(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "401 Unauthorized", "", "{\"detail\": \"the key " SCENE_KEY " is wrong, " SCENE_KEY "!\"}");
    scene_reply(&scene, "400 Bad Request", "", SCENE_KEY);
    scene_reply(&scene, "502 Bad Gateway", "", "<title>" SCENE_KEY "</title>");
    scene_reply(&scene, "302 Found", "Location: http://elsewhere.invalid/?key=" SCENE_KEY "\r\n", "");
    scene_reply(&scene, "200 OK", "", "{\"id\": \"" SCENE_KEY "\"}");
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_ERR_CREDENTIALS, &scene.error); /* scene_get looks for the key */
    assert_non_null(strstr(scene.error.server_message, "the key ***"));
    assert_status(scene_get(&scene, NULL), DM_ERR_REJECTED, &scene.error);
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_status(scene_get(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    assert_non_null(strstr(scene.error.message, "elsewhere.invalid/?key=***"));
    assert_status(scene_get(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_int_equal(scene.log_count[DM_LOG_INFO], 5);
    scene_end(&scene);
}

static void a_key_in_a_failed_tasks_error_text_is_not_in_the_error(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_reply(&scene, "200 OK", "", "{\"id\":\"123\",\"status\":\"error\",\"error\":\"who is " SCENE_KEY "?\"}");
    scene_start(&scene, &once);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_TASK_FAILED, &scene.error);
    assert_non_null(strstr(scene.error.server_message, "who is ***"));
    assert_string_equal(scene.error.task_id.text, "123");
    scene_end(&scene);
}

/* Messages are truncated to the size of the error's field, and a key may lie across the cut. */
static void not_even_a_part_of_the_key_is_in_the_error(void **state)
{
    enum { MAX_WORDS = 600 };
    char begin[13];
    struct scene scene;
    (void)state;

    snprintf(begin, sizeof begin, "%.12s", SCENE_KEY);
    scene_init(&scene);
    for (size_t before = 300; before <= MAX_WORDS; before += 10) {
        char body[MAX_WORDS + 64];
        memset(body, 'x', before);
        strcpy(body + before, SCENE_KEY);
        scene_reply(&scene, "401 Unauthorized", "", body);
    }
    scene_start(&scene, &once);
    for (size_t before = 300; before <= MAX_WORDS; before += 10) {
        assert_status(scene_get(&scene, NULL), DM_ERR_CREDENTIALS, &scene.error);
        assert_null(strstr(scene.error.server_message, begin));
        assert_null(strstr(scene.error.message, begin));
    }
    scene_end(&scene);
}

/* scene_start's log callback looks for the key. */
static void a_key_in_a_page_link_is_not_in_the_log(void **state)
{
    dm_spec_page *page = NULL;
    dm_spec_page *next = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "",
                "{\"count\":2,\"next\":\"/v0.7/recognition/specs?key=" SCENE_KEY
                "\",\"previous\":null,\"results\":[]}");
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_start(&scene, NULL);
    assert_status(dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene.error), DM_OK,
                  &scene.error);
    const dm_status status = dm_spec_page_next(scene.client, page, NULL, &next, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_SERVER, &scene.error);
    dm_spec_page_free(page);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_servers_message_is_in_the_error),
        cmocka_unit_test(a_key_that_the_server_echoes_is_not_in_the_error),
        cmocka_unit_test(a_key_in_a_failed_tasks_error_text_is_not_in_the_error),
        cmocka_unit_test(not_even_a_part_of_the_key_is_in_the_error),
        cmocka_unit_test(a_key_in_a_page_link_is_not_in_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
