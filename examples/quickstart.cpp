// Recognises an image file: quickstart_cpp IMAGE [SPECIFICATION]
#include <deepomatic.h>

#include <cstdio>
#include <memory>

struct deleter {
    void operator()(dm_client *client) const
    {
        dm_client_free(client);
    }
    void operator()(dm_inference *inference) const
    {
        dm_inference_free(inference);
    }
};

static int fail(const dm_error &error)
{
    std::fprintf(stderr, "%s\n", error.message);
    return 1;
}

int main(int argc, char **argv)
{
    const dm_input input = dm_image_file(argc > 1 ? argv[1] : "dog.jpg");
    const dm_spec_id spec = dm_public_spec(argc > 2 ? argv[2] : "fashion-v4");
    dm_infer_options options{};
    options.max_predictions = 5;
    dm_error error;

    dm_client *new_client;
    if (dm_client_new(nullptr, &new_client, &error) != DM_OK) // takes the key from DEEPOMATIC_API_KEY
        return fail(error);
    const std::unique_ptr<dm_client, deleter> client(new_client);

    dm_inference *new_inference;
    if (dm_spec_infer(client.get(), spec, &input, 1, &options, nullptr, &new_inference, &error) != DM_OK)
        return fail(error);
    const std::unique_ptr<dm_inference, deleter> inference(new_inference);

    for (size_t o = 0; o < inference->output_count; o++) {
        const dm_labels_inference &labels = inference->outputs[o].labels;
        for (size_t i = 0; i < labels.predicted_count; i++)
            std::printf("%s %.3f\n", labels.predicted[i].label_name, labels.predicted[i].score);
    }
}
