/* Reads the API's JSON of a specification's outputs. */
#ifndef CLI_JSON_IN_H
#define CLI_JSON_IN_H

#include <deepomatic.h>

struct outputs {
    dm_output *outputs;
    size_t count;
    struct cJSON *json; /* holds the labels' names */
};

/* Reads the text of an array of outputs. False: a message that names the wrong place has been written, and *outputs is
 * empty. */
bool outputs_parse(const char *text, struct outputs *outputs);

void outputs_free(struct outputs *outputs);

#endif
