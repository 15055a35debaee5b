/* The service's own words in an error reply of whatever kind. */
#ifndef DM_SERVER_WORDS_H
#define DM_SERVER_WORDS_H

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"

/* Finds them, and makes them the server_message of the failure that is about to be set. */
void server_words(const struct text *body, struct failure *failure);

/* Appends the words in a JSON value, which is known to be right and is a part of a text that ends in a NUL. */
void json_words(struct json_slice value, struct text *words);

#endif
