/* Encodes typed structs as a request's body. All arguments are checked before anything is sent; images are not
 * copied. */
#ifndef DM_ENCODE_H
#define DM_ENCODE_H

#include "base/failure.h"
#include "codec/image.h"
#include "message/request.h"

void encode_spec(struct request *request, const char *name, const dm_output *outputs, size_t output_count,
                 const dm_spec_create_options *options, struct failure *failure);

void encode_spec_changes(struct request *request, const dm_spec_changes *changes, struct failure *failure);

void encode_version(struct request *request, int64_t spec_id, int64_t network_id, const char *post_processings,
                    struct failure *failure);

/* The arguments of dm_network_create. */
struct new_network {
    const char *name;
    const char *framework;
    const char *preprocessing;
    const dm_network_file *files;
    size_t file_count;
    const dm_network_create_options *options; /* not NULL */
};

/* Encodes multipart with this boundary. */
void encode_network(struct request *request, const char *boundary, const struct new_network *network,
                    struct failure *failure);

void encode_network_changes(struct request *request, const dm_network_changes *changes, struct failure *failure);

/* The arguments of an inference. */
struct inference_job {
    const dm_input *inputs;
    size_t input_count;
    const dm_infer_options *options; /* NULL: all defaults */
    const struct image *images;      /* the inputs as check_inference filled them; NULL: it was not called */
};

/* Encodes JSON if all inputs are URLs or base64, otherwise multipart with this boundary. Opens the files. */
void encode_inference(struct request *request, const char *boundary, const struct inference_job *job,
                      struct failure *failure);

/* Makes all the checks of encode_inference, except whether files can be opened. Fills one image for each input. */
bool check_inference(const struct inference_job *job, struct image *images, struct failure *failure);

#endif
