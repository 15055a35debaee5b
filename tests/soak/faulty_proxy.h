/*
 * A proxy between the library and the sandbox that disturbs some requests and replies. It speaks HTTP, so that each
 * fault affects one request. It is a separate process, so that its memory and descriptors do not count as the
 * library's.
 */
#ifndef SOAK_FAULTY_PROXY_H
#define SOAK_FAULTY_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum proxy_fault {
    PROXY_RESET_BEFORE,      /* the connection is reset; the sandbox never gets the request */
    PROXY_RESET_AFTER,       /* the sandbox processes the request; then the connection is reset */
    PROXY_CUT,               /* the sandbox processes the request; its reply is cut */
    PROXY_UNAVAILABLE,       /* 503; the sandbox never gets the request */
    PROXY_UNAVAILABLE_AFTER, /* 503, although the sandbox processed the request */
    PROXY_RETRY_AFTER,       /* 503 with a Retry-After; the sandbox never gets the request */
    PROXY_TURNED_AWAY,       /* 429 with a Retry-After of an hour; only for a create, which fails then */
    PROXY_DELAY,             /* the reply is valid, but late */
    PROXY_FAULTS
};

struct faulty_proxy;

/* Starts a proxy to the port at the end of the url, on 127.0.0.1. To be called before there are threads. NULL on
 * failure. */
struct faulty_proxy *faulty_proxy_start(const char *url, unsigned faults_in_a_thousand, uint64_t seed);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *faulty_proxy_url(const struct faulty_proxy *proxy);

/* The number of requests so far; how many of them got this fault; and the name of a fault. */
size_t faulty_proxy_requests(const struct faulty_proxy *proxy);
size_t faulty_proxy_count(const struct faulty_proxy *proxy, enum proxy_fault fault);
const char *faulty_proxy_name(enum proxy_fault fault);

/* True if the proxy worked until the end: it forwarded everything that it did not disturb. */
bool faulty_proxy_stop(struct faulty_proxy *proxy);

#endif
