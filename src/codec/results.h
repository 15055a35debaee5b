/* Reads the results of a page one by one. */
#ifndef DM_RESULTS_H
#define DM_RESULTS_H

#include "codec/field.h"

/* A member that is the address of another page. "" counts as absent, like null. */
void read_link(struct reader *reader, const struct field *field, void *item);
#define OPTIONAL_LINK(type, member) FIELD(type, member, const char *), .read = read_link

/* Checks the whole reply, and returns the link to the next page. The reader is then at the first result. */
const char *results_begin(struct reader *reader);

/* Returns true if there is a further item, which the reader is then at. */
bool results_next(struct reader *reader);

#endif
