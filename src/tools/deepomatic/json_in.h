/* Parses the JSON of --outputs: the outputs of a specification. */
#ifndef CLI_JSON_IN_H
#define CLI_JSON_IN_H

#include <deepomatic.h>

struct outputs {
    dm_output *outputs;
    size_t count;
    struct cJSON *json; /* owns the names of the labels */
};

/* Parses text that json_syntax_check has accepted. False: a message with the position was written, and *outputs is
 * empty. */
bool outputs_parse(const char *text, struct outputs *outputs);

void outputs_free(struct outputs *outputs);

#endif
