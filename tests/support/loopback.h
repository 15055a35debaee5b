/* Sockets on 127.0.0.1. */
#ifndef SUPPORT_LOOPBACK_H
#define SUPPORT_LOOPBACK_H

#include <netinet/in.h>
#include <stddef.h>

/* Room for "http://127.0.0.1:65535". */
#define LOOPBACK_URL_SIZE 32

/* A listening socket on a free port, or -1. A receive_buffer above 0 is set before any connection can inherit it. */
int loopback_listen(int backlog, int receive_buffer);

/* The address that a listening socket of ours is bound to. */
struct sockaddr_in loopback_address(int listener);

/* Writes the listener's "http://127.0.0.1:PORT". */
void loopback_url(int listener, char url[LOOPBACK_URL_SIZE]);

#endif
