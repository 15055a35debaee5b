/* Decodes JSON replies into typed structs. Each result is the root of its own arena and is freed with it. A reply with
 * an unexpected structure is DM_ERR_BAD_RESPONSE; the message contains the path of the field. */
#ifndef DM_DECODE_H
#define DM_DECODE_H

#include "base/arena.h"
#include "base/failure.h"
#include "message/reply.h"

/* The results that a reply can be decoded into. */
struct shape;
extern const struct shape account_shape;        /* dm_account */
extern const struct shape spec_shape;           /* dm_spec */
extern const struct shape spec_page_shape;      /* dm_spec_page */
extern const struct shape network_shape;        /* dm_network */
extern const struct shape network_page_shape;   /* dm_network_page */
extern const struct shape version_shape;        /* dm_version */
extern const struct shape version_page_shape;   /* dm_version_page */
extern const struct shape task_shape;           /* dm_task */
extern const struct shape task_inference_shape; /* dm_task without its data, if only the inference is needed */
extern const struct shape submission_shape;     /* dm_task_id: the reply to an inference request, {"task_id": ...} */

/* Decodes the reply into a struct of this shape; free it with arena_free_root. Returns NULL if the call has failed, now
 * or before. */
void *decode(const struct reply *reply, const struct shape *shape, struct failure *failure);

/* Checks the reply to a deletion. It should be empty, but JSON is accepted. */
void decode_nothing(const struct reply *reply, struct failure *failure);

/* Returns where to store a task of a page; NULL: nowhere, so that the task is skipped. If the task has no valid id,
 * `id` is NULL and the result is ignored. *arena is the arena for everything that the task refers to; the function may
 * replace it. */
typedef dm_task *(*decode_task_slot)(void *context, const dm_task_id *id, dm_task_status status, struct arena **arena);

/* How to store the tasks of a page. */
struct task_sink {
    const struct shape *shape; /* task_shape or task_inference_shape */
    struct arena *arena;
    decode_task_slot slot;
    void *context; /* of `slot` */
};

/* Decodes the tasks of a page for which `slot` returns a place. Writes the address of the next page to `next`, if
 * there is one.
 *
 * A task that cannot be decoded gets the status DM_TASK_UNREADABLE, and decoding continues with the next task. If
 * its status is unknown, `slot` is called with DM_TASK_UNREADABLE. If no task of a page has a valid id, the whole page
 * fails. */
void decode_task_page(const struct reply *reply, const struct task_sink *sink, struct text *next,
                      struct failure *failure);

#endif
