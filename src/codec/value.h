/* Reads single values of a reply, for the readers of fields. Each function returns zero or "" if the reader has
 * failed. */
#ifndef DM_VALUE_H
#define DM_VALUE_H

#include "codec/reader.h"

bool value_bool(struct reader *reader);
int64_t value_integer(struct reader *reader);
double value_number(struct reader *reader);
const char *value_string(struct reader *reader);

/* A task id may be a string or a number. */
dm_task_id value_task_id(struct reader *reader);

/* Reads one of a few known short words. A string that is too long, or a value that is not a string, gives "". */
enum { VALUE_WORD_SIZE = 64 };
void value_word(struct reader *reader, char word[VALUE_WORD_SIZE]);

/* Returns DM_TASK_UNREADABLE if the status is unknown. */
dm_task_status value_task_status(struct reader *reader);

#endif
