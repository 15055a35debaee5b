/* The service's own words in an error reply of whatever kind. */
#ifndef DM_SERVER_WORDS_H
#define DM_SERVER_WORDS_H

#include "base/failure.h"
#include "base/text.h"

/* Finds them, and makes them the server_message of the failure that is about to be set. */
void server_words(const struct text *body, struct failure *failure);

#endif
