/* The results of a page, to be read one by one. */
#ifndef DM_RESULTS_H
#define DM_RESULTS_H

#include "codec/field.h"

/* A member that is the address of another page; "" is none, as null is. */
void read_link(struct reader *reader, const struct field *field, void *item);
#define OPTIONAL_LINK(type, member)                                                                                    \
    {                                                                                                                  \
        FIELD(type, member, const char *), .read = read_link                                                           \
    }

/* Checks the whole reply, and reads the link to the next page. The reader is at the results afterwards. */
const char *results_begin(struct reader *reader);

/* True if the reader is at a further item. */
bool results_next(struct reader *reader);

#endif
