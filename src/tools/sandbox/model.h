/* What a specification and its version compute. */
#ifndef SANDBOX_MODEL_H
#define SANDBOX_MODEL_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

struct label {
    int64_t id;
    char *name;
    size_t color; /* COLOR_NONE if the name is not a colour */
    double threshold;
};

struct output {
    bool localised; /* finds regions instead of classifying the whole picture */
    struct label *labels;
    size_t label_count;
};

struct model {
    size_t input_count; /* the exact number of inputs of an inference */
    struct output *outputs;
    size_t output_count;
};

/* Makes a model with one input from a specification's outputs and a version's post_processings (NULL: none). Labels
 * without a threshold in the post-processings get 0.025 (classification) or detection_threshold (detection). */
struct model *model_new(json_object *outputs, json_object *post_processings, double detection_threshold);
void model_free(struct model *model);

#endif
