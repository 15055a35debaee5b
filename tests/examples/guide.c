/* Runs the functions that the guide shows: guide SCENARIO [PATH...]. guide.sh checks what each prints. */
#include "guide_snippets.h"

#include <stdlib.h>
#include <sys/wait.h>

/* The defaults but for pauses, so that a test of five attempts takes no seconds. */
static dm_client *new_client(int64_t timeout_ms)
{
    const dm_client_options options = {.timeout_ms = timeout_ms, .retry_delay_ms = 5, .max_retry_delay_ms = 5};
    dm_client *client;
    dm_error error;

    if (dm_client_new(&options, &client, &error) != DM_OK) {
        fprintf(stderr, "%s\n", error.message);
        exit(2);
    }
    return client;
}

/* "DM_OK", or a status with what else the error says. */
static void print_result(dm_status status, const dm_error *error)
{
    printf("%s%s%s%s\n", dm_status_name(status), status != DM_OK && may_succeed_later(error) ? ", later" : "",
           error->outcome_unknown ? ", outcome unknown" : "", error->task_id.text[0] != '\0' ? ", task" : "");
}

static void run_recognise(const char *const *paths, size_t count)
{
    const int64_t timeout_ms = count > 1 ? strtoll(paths[1], NULL, 10) : 0;
    dm_client *client = new_client(timeout_ms);
    dm_error error;

    dm_status status = recognise(client, paths[0], NULL, &error);
    print_result(status, &error);
    dm_client_free(client);
}

static void run_create(const char *const *paths, size_t count)
{
    static const dm_label labels[] = {{1, "red"}};
    static const dm_output output = {{.labels = labels, .label_count = 1}};
    dm_client *client = new_client(0);
    dm_error error;
    int64_t id = 0;

    (void)count;
    dm_status status = create_once(client, paths[0], &output, &id, &error);
    print_result(status, &error);
    printf("id %" PRId64 "\n", id);
    dm_client_free(client);
}

static void run_patiently(const char *const *paths, size_t count)
{
    dm_client *client = new_client(0);
    dm_error error;

    (void)count;
    dm_status status = recognise_patiently(client, paths[0], &error);
    print_result(status, &error);
    dm_client_free(client);
}

static void run_interactive(const char *const *paths, size_t count)
{
    dm_client *client;
    dm_error error;

    (void)count;
    dm_status status = interactive_client(&client, &error);
    if (status == DM_OK)
        status = recognise(client, paths[0], NULL, &error);
    print_result(status, &error);
    printf("%d attempts, at most %" PRId64 " labels\n", error.attempts, best_five.max_predictions);
    dm_client_free(client);
}

static void run_threads(const char *const *paths, size_t count)
{
    dm_client *client = new_client(0);

    recognise_in_threads(client, paths, count);
    dm_client_free(client);
}

/* A child process interrupts this one while it waits for the service. */
static void run_interrupted(const char *const *paths, size_t count)
{
    dm_client *client = new_client(0);
    const pid_t parent = getpid();
    const pid_t child = fork();
    dm_error error;

    (void)count;
    if (child == 0) {
        usleep(500000);
        kill(parent, SIGINT);
        _exit(0);
    }
    dm_status status = recognise_until_interrupted(client, paths[0], &error);
    print_result(status, &error);
    waitpid(child, NULL, 0);
    dm_client_free(client);
}

static void run_child(const char *const *paths, size_t count)
{
    int child_status = 0;
    const pid_t child = recognise_in_child(paths[0]);

    (void)count;
    if (waitpid(child, &child_status, 0) == child && WIFEXITED(child_status))
        printf("exit status %d\n", WEXITSTATUS(child_status));
}

static void run_batch(const char *const *paths, size_t count)
{
    dm_client *client = new_client(0);
    dm_error error;

    dm_status status = recognise_batch(client, paths, count, &error);
    print_result(status, &error);
    dm_client_free(client);
}

static void run_many(const char *const *paths, size_t count)
{
    dm_client *client = new_client(0);
    dm_error error;

    dm_status status = recognise_many(client, paths, count, &error);
    print_result(status, &error);
    dm_client_free(client);
}

/* Two turns for two images, and one for the other descriptor. */
static void run_loop(const char *const *paths, size_t count)
{
    const dm_input input = dm_image_file(paths[0]);
    dm_client *client = new_client(0);
    dm_queue *queue;
    dm_error error;
    int other[2];

    (void)count;
    dm_status status = dm_queue_new(client, NULL, &queue, &error);
    for (int i = 0; status == DM_OK && i < 2; i++)
        status = dm_queue_push_spec(queue, dm_public_spec("sandbox-colors"), &input, 1, NULL, "cat", &error);
    if (pipe(other) != 0)
        exit(2);
    for (int i = 0; status == DM_OK && i < 3; i++) {
        if (i == 2 && write(other[1], "x", 1) != 1)
            exit(2);
        status = turn(queue, other[0], &error);
    }
    print_result(status, &error);
    close(other[0]);
    close(other[1]);
    dm_queue_free(queue);
    dm_client_free(client);
}

/* All steps, and then an inference with the labels. */
static void run_network(const char *const *paths, size_t count)
{
    const dm_input input = dm_image_file(paths[1]);
    dm_client *client = new_client(0);
    dm_inference *inference = NULL;
    int64_t network_id = 0;
    int64_t spec_id = 0;
    dm_error error;

    (void)count;
    dm_status status = deploy(client, paths[0], &network_id, &error);
    if (status == DM_OK)
        status = bind_labels(client, network_id, &spec_id, &error);
    if (status == DM_OK)
        status = dm_spec_infer(client, dm_private_spec(spec_id), &input, 1, NULL, NULL, &inference, &error);
    if (status == DM_OK)
        printf("%s\n", inference->outputs[0].labels.predicted[0].label_name);
    print_result(status, &error);
    dm_inference_free(inference);
    dm_client_free(client);
}

static const struct {
    const char *name;
    void (*run)(const char *const *paths, size_t count);
} scenarios[] = {
    {"recognise", run_recognise},
    {"create", run_create},
    {"patiently", run_patiently},
    {"threads", run_threads},
    {"interactive", run_interactive},
    {"interrupted", run_interrupted},
    {"child", run_child},
    {"batch", run_batch},
    {"many", run_many},
    {"loop", run_loop},
    {"network", run_network},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 2 && i < sizeof scenarios / sizeof scenarios[0]; i++) {
        if (strcmp(argv[1], scenarios[i].name) == 0) {
            scenarios[i].run((const char *const *)argv + 2, (size_t)argc - 2);
            return 0;
        }
    }
    fprintf(stderr, "usage: guide SCENARIO PATH...\n");
    return 2;
}
