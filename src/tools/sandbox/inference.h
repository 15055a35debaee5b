/* .../inference: pictures are recognised immediately; the result is stored in a task. */
#ifndef SANDBOX_INFERENCE_H
#define SANDBOX_INFERENCE_H

#include "sandbox.h"

handler inference_by_public_spec;
handler inference_by_spec;
handler inference_by_version;

#endif
