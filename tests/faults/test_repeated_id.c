/* An id that is given twice is one task: a wait for it ends when the task has ended. */
#include "api_test.h"
#include "assert_status.h"
#include "fault_server.h"
#include "http_reply.h"

#include "test.h"

#define TASK "{\"id\":\"1\",\"status\":\"success\",\"error\":null,\"data\":{\"outputs\":[]}}"
#define PAGE "{\"count\":1,\"next\":null,\"previous\":null,\"results\":[" TASK "]}"

static void a_wait_for_an_id_given_twice_ends(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"1"}};
    static const dm_call_options call = {.timeout_ms = 2000};
    char reply[512];
    const struct fault_step step = {.reply = reply,
                                    .reply_length = http_reply(reply, sizeof reply, "200 OK", "", PAGE)};
    dm_tasks *tasks = NULL;
    dm_error error;

    (void)state;
    struct fault_server *server = fault_server_start(&step, 1);
    assert_non_null(server);
    dm_client *client = api_client_new(fault_server_url(server), "key");
    assert_status(dm_task_wait_all(client, ids, 2, &call, &tasks, &error), DM_OK, &error);
    assert_int_equal(tasks->pending_count, 0);
    assert_int_equal(fault_server_request_count(server), 1);
    for (size_t i = 0; i < tasks->task_count; i++)
        assert_int_equal(tasks->tasks[i].status, DM_TASK_SUCCESS);
    dm_tasks_free(tasks);
    dm_client_free(client);
    fault_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_wait_for_an_id_given_twice_ends)};
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
