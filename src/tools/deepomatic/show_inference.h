/* What an inference found, for programs and for people. */
#ifndef CLI_SHOW_INFERENCE_H
#define CLI_SHOW_INFERENCE_H

#include "json_out.h"

#include <deepomatic.h>

/* Writes "outputs": [...], in the API's shape, into an open object. */
void inference_put_json(struct json *json, const dm_inference *inference);

/* Prints a table of the predictions below `heading`. */
void inference_put_table(const char *heading, const dm_inference *inference);

#endif
