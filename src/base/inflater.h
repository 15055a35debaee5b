/* Decompresses gzip, zlib and raw deflate data, in pieces of any size. */
#ifndef DM_INFLATER_H
#define DM_INFLATER_H

#include "base/text.h"

#include <zlib.h>

/* All zero before the first data. */
struct inflater {
    z_stream stream;
    bool is_open;    /* the stream has allocated memory */
    bool in_member;  /* inside a member; gzip data may have several */
    bool has_member; /* at least one member has ended */
};

/* Appends the decompressed data to the text, up to the text's limit. Returns DM_OK, DM_ERR_NO_MEMORY, DM_ERR_TOO_LARGE,
 * or DM_ERR_BAD_RESPONSE if the data are damaged. */
dm_status inflater_feed(struct inflater *inflater, const void *bytes, unsigned size, struct text *text);

/* Frees the memory and prepares the inflater for other data. */
void inflater_end(struct inflater *inflater);

#endif
