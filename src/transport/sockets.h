/* The sockets of one engine: how libcurl opens them, and which ones rest between two requests. */
#ifndef DM_SOCKETS_H
#define DM_SOCKETS_H

#include <curl/curl.h>
#include <stdbool.h>

enum { MAX_RESTING_SOCKETS = 16 }; /* more than libcurl keeps for the few handles of an engine */

struct sockets {
    curl_socket_t resting[MAX_RESTING_SOCKETS];
    size_t count;
    int error; /* why the last one that was wanted could not be opened: an errno, or 0 */
};

/* Opens a socket that no child process inherits. */
curl_socket_t sockets_open(struct sockets *sockets, const struct curl_sockaddr *address);

/* For libcurl, whose data is the list: closes a socket. */
int sockets_close(void *list, curl_socket_t closed);

/* Notes the socket of a connection that may be used again; CURL_SOCKET_BAD is none. False if there is no room. */
bool sockets_rest(struct sockets *sockets, curl_socket_t resting);

/* True if some socket holds bytes that nobody has read. While it rests nobody has asked for them: libcurl would take
 * them for the answer to the next request. */
bool sockets_hold_bytes(const struct sockets *sockets);

#endif
