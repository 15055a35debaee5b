/* The servers that servers.sh has started: addresses, certificates and logs, by the server's name. */
#ifndef TLS_SERVERS_H
#define TLS_SERVERS_H

#include <curl/curl.h>
#include <stddef.h>

/* A temporary text, for use as an argument: server_url("good").text. */
struct line {
    char text[512];
};

/* "FOLDER/NAME", the path of a certificate or log. */
struct line server_file(const char *name);

int server_port(const char *name);

/* "https://localhost:PORT". */
struct line server_url(const char *name);

/* "SCHEME://HOST:PORTPATH". */
struct line server_address(const char *scheme, const char *host, const char *name, const char *path);

/* Marks the current end of the server's log, for the functions below. */
size_t log_mark(const char *name);

/* The same, but first waits until the HTTPS server has logged all requests so far. */
size_t log_settle(const char *name);

/* Waits for this number of log lines since the mark, and returns them; otherwise the test fails. Free the result. */
char *log_since(const char *name, size_t mark, size_t lines);

/* The same for lines with these words. */
char *log_since_with(const char *name, size_t mark, const char *words, size_t count);

/* Counts the words in the text. */
size_t count_words(const char *text, const char *words);

/* Counts the lines with these words in the log since the mark. */
size_t log_count_since(const char *name, size_t mark, const char *words);

/* Fails the test if an HTTPS server has answered a request since the mark. */
void assert_unheard(const char *name, size_t mark);

/* The result of a control client that accepts every certificate and TLS 1.0. It uses no proxy. */
CURLcode control_get(const char *url);

/* Fails the test unless the text, such as a part of a log or a message, contains these words. */
void assert_words(const char *text, const char *words);

/* The same for the cause of a TLS failure, as an OpenSSL message; also accepts the message of GnuTLS. */
void assert_cause(const char *text, const char *cause);

#endif
