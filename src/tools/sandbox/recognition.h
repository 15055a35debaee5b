/* Computes predictions from pictures. */
#ifndef SANDBOX_RECOGNITION_H
#define SANDBOX_RECOGNITION_H

#include "image_input.h"
#include "model.h"

struct recognition {
    struct image_input *inputs;
    size_t input_count;
    bool show_discarded;
    int64_t max_predictions; /* for each output: at most this many predicted and this many discarded labels */
};

/* Returns a task's data, {"outputs": [...]}. The recognition must have as many inputs as the model takes. Returns NULL
 * if an input has no picture, and sets *error to a message to free. *error must be NULL before. */
json_object *recognition_run(const struct recognition *recognition, const struct model *model, char **error);

#endif
