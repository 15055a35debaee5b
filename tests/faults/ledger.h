/*
 * Counts what the library allocates and does not free while the ledger is open, in the thread that opened it. While it
 * is open, this thread must only call the library.
 */
#ifndef FAULTS_LEDGER_H
#define FAULTS_LEDGER_H

enum ledger_item {
    LEDGER_BLOCKS,  /* of memory */
    LEDGER_LIBCURL, /* libcurl's handles, lists, URLs and their strings, and its initialisations */
    LEDGER_LOCALES,
    LEDGER_ITEM_COUNT
};

void ledger_open(void);

/* Stops counting. A number above 0 is a leak; one below 0 was freed too often. */
void ledger_close(long balance[LEDGER_ITEM_COUNT]);

/* For a thread that works for another one: the ledger of the other thread counts this thread's allocations, too. NULL
 * while it is closed. */
void *ledger_mine(void);
void ledger_follow(void *other);

/* For the wrappers. */
void ledger_add(enum ledger_item item, long count);

/* Open file descriptors of this process. */
long ledger_descriptors(void);

#endif
