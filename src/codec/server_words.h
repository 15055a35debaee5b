/* The service's own words in an error reply of whatever kind. */
#ifndef DM_SERVER_WORDS_H
#define DM_SERVER_WORDS_H

#include "base/text.h"

/* Writes them on one printable line; "" if there are none. */
void server_words(const struct text *body, char *words, size_t size);

#endif
