/* One of several parts of a list of images. N processes, on one or several machines, can share a list: each needs
 * only its number. */
#ifndef CLI_SHARD_H
#define CLI_SHARD_H

#include <stdbool.h>
#include <stdint.h>

/* Part `index` of `count`, from 1. {0, 0} is the whole list. */
struct shard {
    uint32_t index;
    uint32_t count;
};

/* "I/N" with 1 <= I <= N <= 1000000. False: it is not. */
bool shard_parse(const char *text, struct shard *shard);

/* Returns true if the name belongs to this part. Its part is 1 + H mod N. H is FNV-1a with 64 bits over the bytes of
 * the name, whose upper and lower half are combined with XOR. This never changes: parts that different versions of
 * the program work on still make up the whole list. */
bool shard_has(const struct shard *shard, const char *name);

#endif
