/* Included before a source file: hides the functions that macOS or a BSD lacks, as if this were such a system. */
#ifndef TESTS_ONLY_PORTABLE_H
#define TESTS_ONLY_PORTABLE_H

/* The headers that declare them must be included first, because afterwards their names are errors. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#define st_mtimespec st_mtim /* the name on macOS */

#undef MSG_NOSIGNAL
#undef POLLRDHUP
#undef SOCK_CLOEXEC
#undef SOCK_NONBLOCK
#undef TCP_NOTSENT_LOWAT

#pragma GCC poison eventfd getentropy getrandom memfd_create prctl
#pragma GCC poison MSG_NOSIGNAL SOCK_CLOEXEC SOCK_NONBLOCK TCP_NOTSENT_LOWAT accept4 dup3 pipe2
#pragma GCC poison POLLRDHUP epoll_create1 ppoll signalfd timerfd_create
#pragma GCC poison clock_nanosleep pthread_condattr_setclock pthread_timedjoin_np sem_timedwait sigtimedwait sigwaitinfo
#pragma GCC poison canonicalize_file_name explicit_bzero memrchr mempcpy reallocarray secure_getenv strchrnul strerror_l
#pragma GCC poison posix_fadvise posix_fallocate program_invocation_name st_mtim

#endif
