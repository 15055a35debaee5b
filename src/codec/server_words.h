/* Finds the message in the service's error replies, whatever their format. */
#ifndef DM_SERVER_WORDS_H
#define DM_SERVER_WORDS_H

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"

/* Sets the server_message of the failure from the reply. Call it before the failure is set. */
void server_words(const struct text *body, struct failure *failure);

/* Appends the strings in a JSON value. It must be valid, and part of a NUL-terminated text. */
void json_words(struct json_slice value, struct text *words);

#endif
