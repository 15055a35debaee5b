/* A client after a fork. */
#include <deepomatic.h>

#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child does. It returns a code instead of using assertions, because a failed assertion would continue with
 * the parent's other tests. */
typedef int child_work(struct scene *scene, dm_spec_iter *iter);

/* The child kills itself, so that leak checkers do not report memory of the parent's threads. */
static void work_and_die(child_work *work, struct scene *scene, dm_spec_iter *iter, int answers)
{
    const unsigned char code = (unsigned char)work(scene, iter);
    const ssize_t written = write(answers, &code, 1);
    (void)written;
    kill(getpid(), SIGKILL);
}

static int exit_code_of_child(child_work *work, struct scene *scene, dm_spec_iter *iter)
{
    unsigned char code = 255;
    int answers[2];

    assert_int_equal(pipe(answers), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        work_and_die(work, scene, iter, answers[1]);
    close(answers[1]);
    assert_int_equal(read(answers[0], &code, 1), 1);
    close(answers[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return code;
}

enum { MAY_RETRIEVE = 1, MAY_ITERATE = 2, MAY_SUBMIT = 4, MAY_WAIT = 8 };

static int use_client_of_parent(struct scene *scene, dm_spec_iter *iter)
{
    static const dm_task_id id = {"123"};
    const dm_input image = scene_image();
    dm_account *account = NULL;
    const dm_spec *spec = NULL;
    dm_task_id submitted;
    dm_tasks *tasks = NULL;
    dm_error error;
    int allowed = 0;

    if (dm_account_retrieve(scene->client, NULL, &account, &error) != DM_ERR_INVALID_ARGUMENT ||
        strstr(error.message, "fork") == NULL)
        allowed |= MAY_RETRIEVE;
    if (dm_spec_iter_next(iter, NULL, &spec, &error) != DM_ERR_INVALID_ARGUMENT)
        allowed |= MAY_ITERATE;
    if (dm_spec_submit(scene->client, dm_public_spec("p"), &image, 1, NULL, NULL, &submitted, &error) !=
        DM_ERR_INVALID_ARGUMENT)
        allowed |= MAY_SUBMIT;
    if (dm_task_wait_all(scene->client, &id, 1, NULL, &tasks, &error) != DM_ERR_INVALID_ARGUMENT)
        allowed |= MAY_WAIT;
    return allowed;
}

/* The parent's connection is open, so the child's requests could use it. */
static void a_child_process_cannot_use_the_client_of_its_parent(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    dm_spec_iter *iter = NULL;
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PRIVATE, NULL, &iter, NULL), DM_OK, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(exit_code_of_child(use_client_of_parent, &scene, iter), 0);
    assert_int_equal(scene_requests(&scene), 1);
    assert_int_equal(fault_server_connection_count(scene.server), 1);

    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_request(&scene, 1)->connection, 1);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

static int use_own_client(struct scene *scene, dm_spec_iter *iter)
{
    const dm_client_options options = {.api_key = SCENE_KEY, .api_url = fault_server_url(scene->server), .proxy = ""};
    dm_client *client = NULL;
    dm_account *account = NULL;
    (void)iter;

    if (dm_client_new(&options, &client, NULL) != DM_OK)
        return 1;
    const dm_status status = dm_account_retrieve(client, NULL, &account, NULL);
    dm_account_free(account);
    dm_client_free(client);
    return status == DM_OK ? 0 : 2;
}

static void a_child_process_can_make_a_client_of_its_own(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(exit_code_of_child(use_own_client, &scene, NULL), 0);
    assert_int_equal(scene_requests(&scene), 2);
    assert_int_equal(fault_server_connection_count(scene.server), 2);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_process_cannot_use_the_client_of_its_parent),
        cmocka_unit_test(a_child_process_can_make_a_client_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
