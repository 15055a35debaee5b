// An application in C++11: recognises an image, and prints the library's version.
#include <deepomatic.h>

#include <iostream>
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
    std::cerr << error.message << "\n";
    return 1;
}

int main(int argc, char **argv)
{
    const dm_input input = dm_image_file(argc > 1 ? argv[1] : "");
    dm_client *made = nullptr;
    dm_inference *given = nullptr;
    dm_error error;

    if (dm_client_new(nullptr, &made, &error) != DM_OK)
        return fail(error);
    const std::unique_ptr<dm_client, deleter> client(made);
    if (dm_spec_infer(made, dm_public_spec("sandbox-colors"), &input, 1, nullptr, nullptr, &given, &error) != DM_OK)
        return fail(error);
    const std::unique_ptr<dm_inference, deleter> inference(given);
    std::cout << "libdeepomatic " << dm_library_version() << ": "
              << inference->outputs[0].labels.predicted[0].label_name << "\n";
}
