/* Files that are uploaded more than once, and files that change between two attempts. */
#include "array.h"
#include "assert_status.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char picture[] = "\xff\xd8\xff the bytes of a picture, more or less";

static char *picture_in(const char *folder)
{
    char *path = temp_path(folder, "picture.jpg");
    assert_non_null(path);
    assert_true(write_file(path, picture, sizeof picture));
    return path;
}

static bool holds_picture(const struct fault_request *request)
{
    return request->body_length == request->content_length &&
           memmem(request->body, request->body_kept, picture, sizeof picture) != NULL;
}

static void a_file_is_sent_whole_again(void **state)
{
    char *folder = temp_folder_new();
    char *path = picture_in(folder);
    const dm_input input = dm_image_file(path);
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, SCENE_BUSY, "", "");
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(scene_submit(&scene, &input, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(holds_picture(scene_request(&scene, i)));
    scene_end(&scene);
    free(path);
    temp_folder_remove(folder);
}

/* Also if libcurl repeats it because a reused connection is dead. */
static void a_file_is_sent_whole_again_by_libcurl(void **state)
{
    char *folder = temp_folder_new();
    char *path = picture_in(folder);
    const dm_input input = dm_image_file(path);
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_submit(&scene, &input, NULL), DM_OK, &scene.error);
    assert_true(holds_picture(scene_request(&scene, 1)));
    assert_true(holds_picture(scene_request(&scene, 2)));
    scene_end(&scene);
    free(path);
    temp_folder_remove(folder);
}

/* Changes the picture when the log announces another attempt. */
struct meddler {
    const char *path;
    off_t size;
};

static void meddle(dm_log_level level, const char *line, void *data)
{
    const struct meddler *meddler = data;
    if (level == DM_LOG_WARNING && strstr(line, "503") != NULL)
        assert_int_equal(truncate(meddler->path, meddler->size), 0);
}

static void a_file_that_changed_between_two_attempts_is_an_error(void **state)
{
    static const off_t sizes[] = {3, 0, (off_t)sizeof picture + 100};
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *folder = temp_folder_new();
        char *path = picture_in(folder);
        const dm_input input = dm_image_file(path);
        struct meddler meddler = {path, sizes[i]};
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, SCENE_BUSY, "", "");
        scene.server = fault_server_start(scene.steps, scene.step_count);
        const dm_client_options options = {.api_key = SCENE_KEY,
                                           .api_url = fault_server_url(scene.server),
                                           .retry_delay_ms = 2,
                                           .log = meddle,
                                           .log_data = &meddler};
        assert_status(dm_client_new(&options, &scene.client, &scene.error), DM_OK, &scene.error);
        assert_status(scene_submit(&scene, &input, NULL), DM_ERR_FILE, &scene.error);
        assert_non_null(strstr(scene.error.message, "changed"));
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
        free(path);
        temp_folder_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_sent_whole_again),
        cmocka_unit_test(a_file_is_sent_whole_again_by_libcurl),
        cmocka_unit_test(a_file_that_changed_between_two_attempts_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
