/* An inference, which is the data of the task that made it. */
#ifndef DM_DECODE_INFERENCE_H
#define DM_DECODE_INFERENCE_H

#include "codec/reader.h"

/* Passes the value that comes next. NULL if it is no object with an array of outputs: such data comes from another
 * endpoint than an inference. */
const dm_inference *read_inference(struct reader *reader);

#endif
