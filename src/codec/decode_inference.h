/* Decodes an inference, which is the data of an inference task. */
#ifndef DM_DECODE_INFERENCE_H
#define DM_DECODE_INFERENCE_H

#include "codec/reader.h"

/* Reads the next value. Returns NULL if it is not an object with an array of outputs: such data come from another
 * endpoint. */
const dm_inference *read_inference(struct reader *reader);

#endif
