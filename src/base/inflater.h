/* Decompresses gzip, zlib and raw deflate data as they come, in pieces of any size. */
#ifndef DM_INFLATER_H
#define DM_INFLATER_H

#include "base/text.h"

#include <zlib.h>

/* All zero: there was nothing yet. */
struct inflater {
    z_stream stream;
    bool is_open;    /* the stream holds memory */
    bool in_member;  /* a member has begun and has not ended; gzip data may have several */
    bool has_member; /* one has ended */
};

/* Appends what comes out to the text, within its limit. DM_OK, DM_ERR_NO_MEMORY, DM_ERR_TOO_LARGE, or
 * DM_ERR_BAD_RESPONSE if the data are damaged. */
dm_status inflater_feed(struct inflater *inflater, const void *bytes, unsigned size, struct text *text);

/* Makes it ready for other data. It holds no memory then. */
void inflater_end(struct inflater *inflater);

#endif
