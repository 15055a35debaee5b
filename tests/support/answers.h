/* Calls that describe their results as lines of text, for comparison. They make no assertions, so that threads can use
 * them. */
#ifndef SUPPORT_ANSWERS_H
#define SUPPORT_ANSWERS_H

#include <deepomatic.h>

struct answer {
    dm_status status;
    dm_error error;
    char words[256]; /* the result as text, or on failure the server's message */
};

typedef void ask_function(dm_client *client, const dm_call_options *call, struct answer *answer);

ask_function ask_spec;      /* retrieves private specification 42: "42 NAME METADATA 2 labels, LAST" */
ask_function ask_spec_page; /* lists private specifications: "2 of 5: FIRST, SECOND; NEXT" */
ask_function ask_task;      /* retrieves task 123: "123 pending", "123 success: LABEL SCORE XMIN; ..." */
ask_function ask_wait;      /* waits for task 123: the same text */
ask_function ask_submit;    /* submits an image to public specification p: "123" */
ask_function ask_create;    /* creates a specification, otherwise like ask_spec */

#endif
