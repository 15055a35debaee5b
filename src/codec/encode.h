/* Typed structs to a request's body. Everything is checked before a byte is written; the images are not copied. */
#ifndef DM_ENCODE_H
#define DM_ENCODE_H

#include "message/request.h"

dm_status encode_spec(struct request *request, const char *name, const dm_output *outputs, size_t output_count,
                      const dm_spec_create_options *options, dm_error *error);

dm_status encode_spec_changes(struct request *request, const dm_spec_changes *changes, dm_error *error);

dm_status encode_version(struct request *request, int64_t spec_id, int64_t network_id, const char *post_processings,
                         dm_error *error);

/* JSON if all inputs are addresses or base64, otherwise multipart with this boundary. */
dm_status encode_inference(struct request *request, const char *boundary, const dm_input *inputs, size_t input_count,
                           const dm_infer_options *options, dm_error *error);

#endif
