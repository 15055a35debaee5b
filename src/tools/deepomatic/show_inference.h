/* Prints the result of an inference. */
#ifndef CLI_SHOW_INFERENCE_H
#define CLI_SHOW_INFERENCE_H

#include "json_out.h"

#include <deepomatic.h>

/* Writes "outputs": [...] with the field names of the API into an open object. */
void inference_put_json(struct json *json, const dm_inference *inference);

/* Prints `heading` and a table of the predictions. */
void inference_put_table(const char *heading, const dm_inference *inference);

#endif
