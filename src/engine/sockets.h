/* The sockets that libcurl has open for one engine. */
#ifndef DM_SOCKETS_H
#define DM_SOCKETS_H

#include <curl/curl.h>
#include <stdbool.h>

typedef struct sockets {
    curl_socket_t *open;
    size_t count;
    size_t capacity;
    int error; /* why the last one that was wanted could not be opened: an errno, or 0 */
} sockets;

void sockets_free(sockets *of);

/* For libcurl, whose data is the list: opens a socket that no child process inherits, and closes it. */
curl_socket_t sockets_open(void *list, curlsocktype purpose, struct curl_sockaddr *address);
int sockets_close(void *list, curl_socket_t closed);

/* True if some socket holds bytes that nobody has read. On a connection that rests, nobody has asked for them: libcurl
 * would take them for the answer to the next request. */
bool sockets_hold_bytes(const sockets *of);

#endif
