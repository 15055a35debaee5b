/* Shared by tests of uploads: an inference of 16 MiB, and a server that does not read it. */
#ifndef API_UNREAD_UPLOAD_TEST_H
#define API_UNREAD_UPLOAD_TEST_H

#include "scene.h"
#include "test.h"

#include <stdlib.h>

enum { BIG = 16 * 1024 * 1024 };

static inline dm_status infer_big(struct scene *scene, const dm_call_options *call)
{
    char *bytes = calloc(1, BIG);
    assert_non_null(bytes);
    const dm_input image = dm_image_bytes(bytes, BIG);
    const dm_status status = scene_infer(scene, &image, call);
    free(bytes);
    return status;
}

static inline void play_unread_upload(struct scene *scene)
{
    scene_break(scene, FAULT_THEN_STALL)->reading = FAULT_READ_HEAD;
}

#endif
