/* JSON replies to typed structs, each in an arena of its own that its root frees. A reply of the wrong shape is
 * DM_ERR_BAD_RESPONSE, and the message names the field's path. */
#ifndef DM_DECODE_H
#define DM_DECODE_H

#include "base/arena.h"
#include "base/failure.h"
#include "message/reply.h"

/* What a reply can become. */
struct shape;
extern const struct shape account_shape;        /* dm_account */
extern const struct shape spec_shape;           /* dm_spec */
extern const struct shape spec_page_shape;      /* dm_spec_page */
extern const struct shape version_shape;        /* dm_version */
extern const struct shape version_page_shape;   /* dm_version_page */
extern const struct shape task_shape;           /* dm_task */
extern const struct shape task_inference_shape; /* dm_task without its data, for whoever wants the inference only */
extern const struct shape submission_shape;     /* dm_task_id: the answer to an inference, {"task_id": ...} */

/* The reply as a struct of this shape, which arena_free_root frees. NULL if something has failed, now or before. */
void *decode(const struct reply *reply, const struct shape *shape, struct failure *failure);

/* The answer to a deletion, which is empty; some JSON does no harm. */
void decode_nothing(const struct reply *reply, struct failure *failure);

/* Says where a task of a page is to be put; NULL: nowhere, so that nothing is kept of it. */
typedef dm_task *(*decode_task_slot)(void *context, const dm_task_id *id, dm_task_status status);

/* Decodes those tasks of a page that have a slot into the arena, and writes the address of the next page, if any. A task
 * that cannot be read is DM_TASK_UNREADABLE, its slot is asked for with that status if its status is none that we know,
 * and the others are read nevertheless; without an id nobody knows whose slot to ask for, and the page fails. */
void decode_task_page(const struct reply *reply, struct arena *arena, decode_task_slot slot, void *context,
                      struct text *next, struct failure *failure);

#endif
