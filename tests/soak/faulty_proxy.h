/*
 * A proxy between the library and the sandbox that disturbs some requests and replies. It speaks HTTP, so that each fault
 * affects one request. It is a separate process, so that its memory and descriptors do not count as the library's.
 */
#ifndef SOAK_FAULTY_PROXY_H
#define SOAK_FAULTY_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum proxy_fault {
    PROXY_RESET_BEFORE,      /* the connection is reset, and the sandbox never sees the request */
    PROXY_RESET_AFTER,       /* the sandbox carries the request out; then the connection is reset */
    PROXY_CUT,               /* the sandbox carries it out; its reply ends somewhere before its end */
    PROXY_UNAVAILABLE,       /* 503, and the sandbox never sees the request */
    PROXY_UNAVAILABLE_AFTER, /* 503, although the sandbox carried it out */
    PROXY_RETRY_AFTER,       /* 503 with a Retry-After; the sandbox never sees the request */
    PROXY_TURNED_AWAY,       /* 429, come back in an hour; only for a create, where no retry may mend it */
    PROXY_DELAY,             /* the reply is late, and good */
    PROXY_FAULTS
};

struct faulty_proxy;

/* Forwards to 127.0.0.1:PORT, the end of the url. To be called before there are threads. NULL on failure. */
struct faulty_proxy *faulty_proxy_start(const char *url, unsigned faults_in_a_thousand, uint64_t seed);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *faulty_proxy_url(const struct faulty_proxy *proxy);

/* What it has done so far. */
size_t faulty_proxy_requests(const struct faulty_proxy *proxy);
size_t faulty_proxy_count(const struct faulty_proxy *proxy, enum proxy_fault fault);
const char *faulty_proxy_name(enum proxy_fault fault);

/* True if it worked until the end: everything that it did not disturb was forwarded. */
bool faulty_proxy_stop(struct faulty_proxy *proxy);

#endif
