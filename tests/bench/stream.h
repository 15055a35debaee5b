/* The server's connections, plain or TLS. They block. */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/* A listening socket on a free port of 127.0.0.1. */
struct listener {
    int descriptor;
    int port;
    SSL_CTX *tls; /* NULL: plain */
};

struct stream {
    int descriptor;
    SSL *tls;
};

/* Ends the program if there is no such socket. */
struct listener listener_open(void);
bool listener_use_tls(struct listener *listener, const char *certificate, const char *key);

/* Takes the next connection, with its TLS handshake. */
bool stream_accept(struct stream *stream, const struct listener *listener);
/* 0: the connection has ended. */
size_t stream_receive(struct stream *stream, char *buffer, size_t size);
/* Whether the TLS library holds received data that was not read yet. poll does not report such data. */
bool stream_holds_bytes(const struct stream *stream);
bool stream_send(struct stream *stream, const char *data, size_t length);
void stream_close(struct stream *stream);

#endif
