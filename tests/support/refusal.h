/* For tests of calls that are refused before anything is sent. */
#ifndef SUPPORT_REFUSAL_H
#define SUPPORT_REFUSAL_H

#include "api_test.h"

/* Text in Latin-1. */
extern const char not_utf8[];

/* A test in which calls are refused: it fails if it sends anything to the sandbox of `api`, or leaves a file open. */
#define REFUSAL_TEST(test) cmocka_unit_test_setup_teardown(test, refusal_setup, refusal_teardown)

int refusal_setup(void **state);
int refusal_teardown(void **state);

/*
 * Fails the test, with `what` in its message, unless the call failed as expected and before it sent anything. The
 * error's message must be one printable line that contains both words; a word that is NULL is not looked for.
 */
void refusal_check(const char *what, dm_status status, dm_status expected, const dm_error *error, const char *word,
                   const char *other_word);

#endif
