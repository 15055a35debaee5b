/* Reads one value of a reply: what the fields' readers are made of. Each gives zero if the reader has failed. */
#ifndef DM_VALUE_H
#define DM_VALUE_H

#include "codec/reader.h"

bool value_bool(struct reader *reader);
int64_t value_integer(struct reader *reader);
double value_number(struct reader *reader);
const char *value_string(struct reader *reader);

/* Task ids come as strings and as numbers. */
dm_task_id value_task_id(struct reader *reader);

/* A string that is one of a few short words. What does not fit is none of them, and gives "", as does what is no
 * string. */
enum { VALUE_WORD_SIZE = 64 };
void value_word(struct reader *reader, char word[VALUE_WORD_SIZE]);

#endif
