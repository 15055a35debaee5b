/* An application: recognises an image, and prints the library's version. */
#include <deepomatic.h>
#include <stdio.h>

/* The application may define names that the library uses internally. */
int text_append(int number);
int arena_new(int number);
int options_free(int number);

int text_append(int number)
{
    return number + 1;
}

int arena_new(int number)
{
    return text_append(number) + 1;
}

int options_free(int number)
{
    return arena_new(number) - 2;
}

int main(int argc, char **argv)
{
    const dm_input input = dm_image_file(argc > 1 ? argv[1] : "");
    dm_client *client = NULL;
    dm_inference *inference = NULL;
    dm_error error;

    dm_status status = dm_client_new(NULL, &client, &error);
    if (status == DM_OK)
        status = dm_spec_infer(client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, &error);
    if (status == DM_OK)
        printf("libdeepomatic %s: %s\n", dm_library_version(), inference->outputs[0].labels.predicted[0].label_name);
    else
        fprintf(stderr, "%s\n", error.message);
    dm_inference_free(inference);
    dm_client_free(client);
    return status == DM_OK ? options_free(0) : 1;
}
