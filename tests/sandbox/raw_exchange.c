#include "raw_exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int connect_to(const char *url, int time_limit_ms)
{
    const struct timeval limit = {.tv_sec = time_limit_ms / 1000, .tv_usec = time_limit_ms % 1000 * 1000};
    const char *port = strrchr(url, ':');
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (port == NULL || connection < 0)
        return -1;
    address.sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10));
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0)
        return connection;
    close(connection);
    return -1;
}

static enum raw_end end_of(ssize_t received)
{
    if (received == 0)
        return RAW_CLOSED;
    if (errno == ECONNRESET)
        return RAW_RESET;
    return errno == EAGAIN || errno == EWOULDBLOCK ? RAW_TIMED_OUT : RAW_FAILED;
}

static enum raw_end read_all(int connection, FILE *text)
{
    char chunk[4096];
    ssize_t received;

    while ((received = recv(connection, chunk, sizeof chunk, 0)) > 0)
        fwrite(chunk, 1, (size_t)received, text);
    return end_of(received);
}

static enum raw_end exchange(const char *url, const void *request, size_t size, int time_limit_ms, FILE *text)
{
    int connection = connect_to(url, time_limit_ms);
    enum raw_end end = RAW_FAILED;

    if (connection < 0)
        return RAW_FAILED;
    if (send(connection, request, size, MSG_NOSIGNAL) == (ssize_t)size)
        end = read_all(connection, text);
    close(connection);
    return end;
}

struct raw_answer raw_exchange(const char *url, const void *request, size_t size, int time_limit_ms)
{
    struct raw_answer answer = {.end = RAW_FAILED};
    FILE *text = open_memstream(&answer.text, &answer.size);

    if (text == NULL)
        return answer;
    answer.end = exchange(url, request, size, time_limit_ms, text);
    fclose(text);
    return answer;
}
