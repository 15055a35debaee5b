/* A server that accepts request lines of at most 4,094 bytes, as gunicorn does, and many tasks with long ids. */
#include <deepomatic.h>

#include "api_test.h"
#include "raw_server.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 4094, MAX_TASKS = 250, MAX_REPLY = 128 * 1024 };

/* ---- The server: all tasks are done ---- */

struct task_server {
    struct raw_request request;
    char reply[MAX_REPLY];
    size_t requests;
    size_t longest_line;
    struct raw_server *server;
};

#define ID_NAME "task_ids="

/* Writes a page with the tasks in the request line, in reverse order. */
static void write_page(struct task_server *server, const char *line)
{
    size_t count = 0;
    size_t length = 0;
    char tasks[MAX_REPLY - 256];

    tasks[0] = '\0';
    for (const char *end = line + strlen(line); end > line; end--) {
        if (strncmp(end, ID_NAME, strlen(ID_NAME)) != 0)
            continue;
        const char *id = end + strlen(ID_NAME);
        length +=
            (size_t)snprintf(tasks + length, sizeof tasks - length,
                             "%s{\"id\":\"%.*s\",\"status\":\"success\",\"error\":null,\"data\":{\"outputs\":[]}}",
                             count++ > 0 ? "," : "", (int)strcspn(id, "& "), id);
    }
    snprintf(server->reply, sizeof server->reply, "{\"count\":%zu,\"next\":null,\"previous\":null,\"results\":[%s]}",
             count, tasks);
}

static bool serve_tasks(int connection, void *data)
{
    struct task_server *server = data;

    if (!raw_read_head(connection, &server->request))
        return false;
    char *line = server->request.head;
    const size_t length = strcspn(line, "\r");
    line[length] = '\0';
    server->requests++;
    if (length > server->longest_line)
        server->longest_line = length;
    if (length > MAX_LINE) {
        raw_reply(connection, "400 Bad Request", "Connection: close\r\nContent-Type: text/html\r\n",
                  "<html><body><h1><p>Bad Request</p></h1>Request Line is too large</body></html>");
        return false;
    }
    write_page(server, line);
    raw_reply(connection, "200 OK", "Connection: close\r\nContent-Type: application/json\r\n", server->reply);
    return false;
}

/* ---- The ids ---- */

static dm_task_id ids[MAX_TASKS];

/* Creates different ids of this length. */
static void make_ids(size_t length)
{
    for (size_t i = 0; i < MAX_TASKS; i++) {
        memset(&ids[i], 0, sizeof ids[i]);
        memset(ids[i].text, 'a', length);
        char number[8];
        snprintf(number, sizeof number, "%03zu", i);
        memcpy(ids[i].text, number, 3);
    }
}

/* ---- Requests ---- */

typedef dm_status ask_tasks_function(dm_client *client, const dm_task_id *asked, size_t count,
                                     const dm_call_options *call, dm_tasks **tasks, dm_error *error);

static ask_tasks_function *const ask_tasks[] = {dm_task_list, dm_task_wait_all};
static struct task_server task_server; /* large */

static void start(struct scene *scene, const char *prefix)
{
    char url[512];

    task_server = (struct task_server){0};
    task_server.server = raw_server_start(serve_tasks, &task_server);
    assert_non_null(task_server.server);
    snprintf(url, sizeof url, "%s%s", raw_server_url(task_server.server), prefix);
    scene_init(scene);
    scene_start_at(scene, url, NULL);
}

static void end(struct scene *scene)
{
    scene_end(scene);
    raw_server_stop(task_server.server);
}

static void assert_tasks(const dm_tasks *tasks, size_t count)
{
    assert_int_equal(tasks->task_count, count);
    assert_int_equal(tasks->pending_count, 0);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(tasks->tasks[i].id.text, ids[i].text);
        assert_int_equal(tasks->tasks[i].status, DM_TASK_SUCCESS);
    }
}

/* Retrieves the tasks with both functions; each sends only a few requests. */
static void assert_answered(const char *prefix, size_t id_length, size_t count, size_t most_requests)
{
    struct scene scene;

    make_ids(id_length);
    for (size_t i = 0; i < 2; i++) {
        dm_tasks *tasks = NULL;
        start(&scene, prefix);
        const dm_status status =
            scene_check(&scene, ask_tasks[i](scene.client, ids, count, NULL, &tasks, &scene.error));
        end(&scene);
        if (status != DM_OK)
            fail_msg("%zu ids of %zu characters: %s: a request line of %zu bytes: %s", count, id_length,
                     dm_status_name(status), task_server.longest_line, scene.error.message);
        assert_tasks(tasks, count);
        dm_tasks_free(tasks);
        assert_true(task_server.longest_line <= MAX_LINE);
        if (task_server.requests > most_requests)
            fail_msg("%zu ids of %zu characters took %zu requests", count, id_length, task_server.requests);
    }
}

static void ids_of_36_characters_are_answered(void **state)
{
    (void)state;
    assert_answered("", 36, 100, 3);
    assert_answered("", 36, 250, 6);
}

static void ids_of_63_characters_are_answered(void **state)
{
    (void)state;
    assert_answered("", 63, 100, 4);
    assert_answered("", 63, 250, 8);
}

static void short_ids_are_requested_by_the_hundred(void **state)
{
    (void)state;
    assert_answered("", 10, 100, 1);
    assert_answered("", 10, 250, 3);
}

/* The path is part of the request line. */
static void a_long_prefix_leaves_less_room(void **state)
{
    char prefix[302] = "/";
    (void)state;

    memset(prefix + 1, 'p', 300);
    assert_answered(prefix, 36, 100, 3);
    assert_answered(prefix, 63, 250, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_36_characters_are_answered),
        cmocka_unit_test(ids_of_63_characters_are_answered),
        cmocka_unit_test(short_ids_are_requested_by_the_hundred),
        cmocka_unit_test(a_long_prefix_leaves_less_room),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
