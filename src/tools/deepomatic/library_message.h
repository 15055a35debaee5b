/* The library's messages about invalid arguments name parameters and fields of its C functions. Here they become the
 * command's own options. */
#ifndef CLI_LIBRARY_MESSAGE_H
#define CLI_LIBRARY_MESSAGE_H

#include <deepomatic.h>

struct library_message {
    char text[1024];
};

/* Makes the message of a failed call fit for the command line. */
void library_message_translate(struct library_message *message, const dm_error *error);

#endif
