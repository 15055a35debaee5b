/* Around tests of calls that are refused before anything is sent. Whatever goes wrong in here ends the test. */
#ifndef SUPPORT_REFUSAL_H
#define SUPPORT_REFUSAL_H

#include "api_test.h"

/* Text in Latin-1. */
extern const char not_utf8[];

/* Remembers what the sandbox has received and which files are open, with an environment that says nothing. */
void refusal_begin(const struct api_test *test);

/* Nothing has been sent since, and no file is left open. */
void refusal_end(const struct api_test *test);

/* The call failed as expected, before it sent anything: the message is one printable line that holds both words, of
 * which either may be NULL. `what` is for the test's own complaint. */
void refusal_check(const char *what, dm_status status, dm_status expected, const dm_error *error, const char *word,
                   const char *other_word);

#endif
