/* Calls whose answer is a line of text, to be compared with what it should be. Threads may ask, for nothing in here
 * asserts. */
#ifndef SUPPORT_ANSWERS_H
#define SUPPORT_ANSWERS_H

#include <deepomatic.h>

struct answer {
    dm_status status;
    dm_error error;
    char words[256]; /* what the result says, or on failure the server's words */
};

typedef void ask_function(dm_client *client, const dm_call_options *call, struct answer *answer);

ask_function ask_spec;      /* retrieves private specification 42: "42 NAME METADATA 2 labels, LAST" */
ask_function ask_spec_page; /* lists private specifications: "2 of 5: FIRST, SECOND; NEXT" */
ask_function ask_task;      /* retrieves task 123: "123 pending", "123 success: LABEL SCORE XMIN; ..." */
ask_function ask_wait;      /* waits for task 123, likewise */
ask_function ask_submit;    /* submits an image to public specification p: "123" */
ask_function ask_create;    /* creates a specification, otherwise like ask_spec */

#endif
