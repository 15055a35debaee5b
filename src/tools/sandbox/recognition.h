/* Pictures in, predictions out. */
#ifndef SANDBOX_RECOGNITION_H
#define SANDBOX_RECOGNITION_H

#include "image_input.h"
#include "model.h"

struct recognition {
    struct image_input *inputs;
    size_t input_count;
    bool show_discarded;
    int64_t max_predictions; /* predicted ones, and discarded ones, in each output */
};

/* What a task has as its data: {"outputs": [...]}. With several inputs the predictions of all are in each output, and
 * sequence_index tells the input. On failure NULL, and *error says why (to be freed). */
json_object *recognition_run(const struct recognition *recognition, const struct model *model, char **error);

#endif
