/* JSON replies to typed structs, each in an arena of its own that its root frees. A reply of the wrong shape is
 * DM_ERR_BAD_RESPONSE, and the message names the field's path. */
#ifndef DM_DECODE_H
#define DM_DECODE_H

#include "base/arena.h"
#include "message/reply.h"

dm_status decode_account(const struct reply *reply, dm_account **account, dm_error *error);
dm_status decode_spec(const struct reply *reply, dm_spec **spec, dm_error *error);
dm_status decode_spec_page(const struct reply *reply, dm_spec_page **page, dm_error *error);
dm_status decode_version(const struct reply *reply, dm_version **version, dm_error *error);
dm_status decode_version_page(const struct reply *reply, dm_version_page **page, dm_error *error);
dm_status decode_task(const struct reply *reply, dm_task **task, dm_error *error);

/* The answer to a deletion, which is empty; some JSON does no harm. */
dm_status decode_nothing(const struct reply *reply, dm_error *error);

/* The answer to an inference: {"task_id": ...}. */
dm_status decode_task_id(const struct reply *reply, dm_task_id *id, dm_error *error);

/* Says where a task of a page is to be put; NULL: nowhere, so that nothing is kept of it. */
typedef dm_task *(*decode_task_slot)(void *context, const dm_task_id *id, dm_task_status status);

/* Decodes those tasks of a page that have a slot into `into`, and writes the address of the next page, if any. */
dm_status decode_task_page(const struct reply *reply, struct arena *arena, decode_task_slot slot, void *context,
                           struct text *next, dm_error *error);

#endif
