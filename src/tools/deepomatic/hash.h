/* The hash of a name: FNV-1a with 64 bits over its bytes. */
#ifndef CLI_HASH_H
#define CLI_HASH_H

#include <stdint.h>

uint64_t hash_name(const char *name);

#endif
