#include "stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct listener listener_open(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(descriptor, SOMAXCONN) != 0 || getsockname(descriptor, (struct sockaddr *)&address, &size) != 0) {
        perror("server: listen");
        exit(1);
    }
    return (struct listener){.descriptor = descriptor, .port = ntohs(address.sin_port)};
}

bool listener_use_tls(struct listener *listener, const char *certificate, const char *key)
{
    listener->tls = SSL_CTX_new(TLS_server_method());
    return listener->tls != NULL && SSL_CTX_use_certificate_file(listener->tls, certificate, SSL_FILETYPE_PEM) == 1 &&
           SSL_CTX_use_PrivateKey_file(listener->tls, key, SSL_FILETYPE_PEM) == 1;
}

bool stream_accept(struct stream *stream, const struct listener *listener)
{
    const int yes = 1;
    *stream = (struct stream){.descriptor = accept4(listener->descriptor, NULL, NULL, SOCK_CLOEXEC)};
    if (stream->descriptor < 0)
        return false;
    setsockopt(stream->descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (listener->tls == NULL)
        return true;
    stream->tls = SSL_new(listener->tls);
    if (stream->tls != NULL && SSL_set_fd(stream->tls, stream->descriptor) == 1 && SSL_accept(stream->tls) == 1)
        return true;
    stream_close(stream);
    return false;
}

size_t stream_receive(struct stream *stream, char *buffer, size_t size)
{
    size_t length = 0;
    if (stream->tls != NULL)
        return SSL_read_ex(stream->tls, buffer, size, &length) == 1 ? length : 0;
    const ssize_t received = recv(stream->descriptor, buffer, size, 0);
    return received > 0 ? (size_t)received : 0;
}

bool stream_holds_bytes(const struct stream *stream)
{
    return stream->tls != NULL && SSL_pending(stream->tls) > 0;
}

bool stream_send(struct stream *stream, const char *data, size_t length)
{
    size_t written = 0;
    if (stream->tls != NULL)
        return SSL_write_ex(stream->tls, data, length, &written) == 1;
    while (written < length) {
        const ssize_t sent = send(stream->descriptor, data + written, length - written, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        written += (size_t)sent;
    }
    return true;
}

void stream_close(struct stream *stream)
{
    SSL_free(stream->tls);
    close(stream->descriptor);
}
