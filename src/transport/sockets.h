/* The sockets of one engine: opens and closes them, and tracks which ones are idle. */
#ifndef DM_SOCKETS_H
#define DM_SOCKETS_H

#include <curl/curl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/select.h>

enum { MAX_IDLE_SOCKETS = 160 }; /* the engine limits libcurl to as many */

struct sockets {
    struct pollfd idle[MAX_IDLE_SOCKETS];
    size_t count;
    bool unwatched; /* an idle socket is not in the list, because the list was full */
};

/* Opens a socket that child processes do not inherit. On failure returns CURL_SOCKET_BAD and sets errno. */
curl_socket_t sockets_open(const struct curl_sockaddr *address);

/* A callback for libcurl that closes a socket. `data` is the struct sockets. */
int sockets_close(void *data, curl_socket_t closed);

/* Adds the socket of a connection that libcurl keeps for reuse. CURL_SOCKET_BAD does nothing. */
void sockets_note_idle(struct sockets *sockets, curl_socket_t idle);

/* Removes the sockets of the set, which are in use. */
void sockets_note_busy(struct sockets *sockets, const fd_set *busy);

/* Returns true if an idle socket has unread bytes, is closed or is broken. libcurl would take such bytes for the reply
 * to the next request, and a request on a closed connection would have to be sent twice. */
bool sockets_doubtful(struct sockets *sockets);

#endif
