#include "loopback.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static bool bind_and_listen(int listener, int backlog, int receive_buffer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    if (receive_buffer > 0 && setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer) != 0)
        return false;
    return bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, backlog) == 0;
}

int loopback_listen(int backlog, int receive_buffer)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (listener < 0)
        return -1;
    if (!bind_and_listen(listener, backlog, receive_buffer)) {
        close(listener);
        return -1;
    }
    return listener;
}

struct sockaddr_in loopback_address(int listener)
{
    struct sockaddr_in address = {0};
    socklen_t length = sizeof address;

    getsockname(listener, (struct sockaddr *)&address, &length);
    return address;
}

void loopback_url(int listener, char url[LOOPBACK_URL_SIZE])
{
    struct sockaddr_in address = loopback_address(listener);

    snprintf(url, LOOPBACK_URL_SIZE, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
}
