/* What differs between operating systems. For each function there are two ways: one for systems that have more than
 * POSIX, and one for the others. system.cmake chooses. */
#ifndef DM_SYSTEM_H
#define DM_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <time.h>

/* Opens a pair of descriptors: after a write to ends[1], ends[0] is readable. Neither blocks, and child processes
 * inherit none. Both may be the same descriptor, whose reads and writes are of 8 bytes. Returns false on failure and
 * sets errno. */
bool system_open_notice(int ends[2]);

/* Like socket(), but child processes do not inherit it, and it raises no SIGPIPE where that can be chosen. */
int system_socket(int family, int type, int protocol);

/* Limits how much data the kernel accepts but has not sent. Does nothing where that cannot be limited. */
void system_limit_unsent(int socket, int size);

/* Fills memory of up to 256 bytes with random bytes. Returns false if that fails. */
bool system_random(void *bytes, size_t size);

/* When the file was modified. */
struct timespec system_modified(const struct stat *file);

/* Discards a signal that is pending. It must be blocked. */
void system_discard_signal(int number);

#endif
