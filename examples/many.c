/* Recognises all files of a directory, many at the same time: many DIRECTORY [SPECIFICATION]. Prints CSV. */
#include <deepomatic.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tag of an image is its path. Returns whether the image was recognised. */
static bool end_image(dm_result *result)
{
    const bool good = result->status == DM_OK;
    char *path = result->tag;
    if (!good)
        fprintf(stderr, "%s: %s\n", path, result->error.message);
    for (size_t o = 0; good && o < result->inference->output_count; o++) {
        const dm_labels_inference *labels = &result->inference->outputs[o].labels;
        for (size_t i = 0; i < labels->predicted_count; i++)
            printf("\"%s\",\"%s\",%.3f\n", path, labels->predicted[i].label_name, labels->predicted[i].score);
    }
    dm_result_free(result);
    free(path);
    return good;
}

int main(int argc, char **argv)
{
    dm_error error;
    dm_client *client = NULL;
    dm_queue *queue = NULL;
    dm_result *result = NULL;
    const dm_spec_id spec = dm_public_spec(argc > 2 ? argv[2] : "fashion-v4");
    const char *folder = argc > 1 ? argv[1] : ".";
    DIR *directory = opendir(folder);
    bool all_good = directory != NULL;

    if (directory == NULL)
        perror(folder);
    dm_status status = dm_client_new(NULL, &client, &error);
    if (status == DM_OK)
        status = dm_queue_new(client, NULL, &queue, &error);
    for (struct dirent *entry; status == DM_OK && directory != NULL && (entry = readdir(directory)) != NULL;) {
        char *path = malloc(strlen(folder) + strlen(entry->d_name) + 2);
        if (path == NULL || entry->d_name[0] == '.') {
            all_good &= path != NULL;
            free(path);
            continue;
        }
        sprintf(path, "%s/%s", folder, entry->d_name);
        const dm_input input = dm_image_file(path);
        while ((status = dm_queue_push_spec(queue, spec, &input, 1, NULL, path, &error)) == DM_FULL)
            if (dm_queue_next(queue, NULL, &result, &error) == DM_OK) /* makes room */
                all_good &= end_image(result);
        if (status != DM_OK)
            free(path);
    }
    while (status == DM_OK && (status = dm_queue_next(queue, NULL, &result, &error)) == DM_OK)
        all_good &= end_image(result);
    if (status != DM_DONE)
        fprintf(stderr, "%s\n", error.message);
    dm_queue_free(queue);
    dm_client_free(client);
    if (directory != NULL)
        closedir(directory);
    return status == DM_DONE && all_good ? 0 : 1;
}
