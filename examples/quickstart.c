/* Recognises an image file: quickstart IMAGE [SPECIFICATION] */
#include <deepomatic.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    dm_error error;
    dm_client *client = NULL;
    dm_inference *inference = NULL;
    const dm_input input = dm_image_file(argc > 1 ? argv[1] : "dog.jpg");
    const dm_spec_id spec = dm_public_spec(argc > 2 ? argv[2] : "fashion-v4");

    dm_status status = dm_client_new(NULL, &client, &error); /* takes the key from DEEPOMATIC_API_KEY */
    if (status == DM_OK)
        status = dm_spec_infer(client, spec, &input, 1, NULL, NULL, &inference, &error);
    if (status != DM_OK)
        fprintf(stderr, "%s\n", error.message);
    for (size_t o = 0; status == DM_OK && o < inference->output_count; o++) {
        const dm_labels_inference *labels = &inference->outputs[o].labels;
        for (size_t i = 0; i < labels->predicted_count; i++)
            printf("%s %.3f\n", labels->predicted[i].label_name, labels->predicted[i].score);
    }
    dm_inference_free(inference);
    dm_client_free(client);
    return status == DM_OK ? 0 : 1;
}
