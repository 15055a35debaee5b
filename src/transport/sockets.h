/* The sockets of one engine: how they are opened and closed, and which ones are idle between two requests. */
#ifndef DM_SOCKETS_H
#define DM_SOCKETS_H

#include <curl/curl.h>
#include <stdbool.h>

enum { MAX_IDLE_SOCKETS = 16 }; /* the engine has libcurl keep at most as many */

struct sockets {
    curl_socket_t idle[MAX_IDLE_SOCKETS];
    size_t count;
    bool unwatched; /* there was no room for an idle one */
};

/* Opens a socket that no child process inherits. On failure CURL_SOCKET_BAD, and errno says why. */
curl_socket_t sockets_open(const struct curl_sockaddr *address);

/* For libcurl, whose data is the struct sockets: closes a socket. */
int sockets_close(void *data, curl_socket_t closed);

/* Notes the socket of a connection that libcurl keeps for the next request; CURL_SOCKET_BAD is none. */
void sockets_note_idle(struct sockets *sockets, curl_socket_t idle);

/* True if some idle socket holds bytes, has ended or is broken. Nobody has asked for these bytes, but libcurl would take
 * them for the answer to the next request; and a request on a connection that has ended would only be sent twice. */
bool sockets_doubtful(const struct sockets *sockets);

#endif
