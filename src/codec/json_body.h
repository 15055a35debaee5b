/* Writes a JSON object as the body of a request, member by member. */
#ifndef DM_JSON_BODY_H
#define DM_JSON_BODY_H

#include "base/failure.h"
#include "message/request.h"

/* Begins a member. Append its value to the text that this returns. */
struct text *json_body_member(struct request *request, const char *name);

/* Adds the texts that every resource has. NULL adds nothing. */
void json_body_add_texts(struct request *request, const char *name, const char *description, const char *metadata);

/* Checks these texts in the changes of a resource. NULL is accepted. */
bool json_body_check_changed_texts(struct failure *failure, const char *name, const char *description,
                                   const char *metadata);

/* Ends the object. */
void json_body_end(struct request *request);

#endif
