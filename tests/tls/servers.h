/* The servers that servers.sh has started, by their names there: addresses, certificates and logs. */
#ifndef TLS_SERVERS_H
#define TLS_SERVERS_H

#include <curl/curl.h>
#include <stddef.h>

/* A text to be used at once, as an argument: server_url("good").text. */
struct line {
    char text[512];
};

/* "FOLDER/NAME", a file among the certificates and logs. */
struct line server_file(const char *name);

int server_port(const char *name);

/* "https://localhost:PORT". */
struct line server_url(const char *name);

/* "SCHEME://HOST:PORTPATH". */
struct line server_address(const char *scheme, const char *host, const char *name, const char *path);

/* The current end of that server's log: a mark for the functions below. */
size_t log_mark(const char *name);

/* The same, after the HTTPS server of that name has logged all requests so far. */
size_t log_settle(const char *name);

/* The log's lines since the mark, as soon as there are that many; otherwise the test fails. To be freed. */
char *log_since(const char *name, size_t mark, size_t lines);

/* The same for lines with these words. */
char *log_since_with(const char *name, size_t mark, const char *words, size_t count);

/* Counts the words in the text. */
size_t count_words(const char *text, const char *words);

/* How many lines with these words the log has since the mark, now. */
size_t log_count_since(const char *name, size_t mark, const char *words);

/* Fails the test if an https server has answered anything since the mark. */
void assert_unheard(const char *name, size_t mark);

/* The result of a control client that accepts every certificate and TLS 1.0. It uses no proxy. */
CURLcode control_get(const char *url);

/* Fails the test unless the text, such as a part of a log or a message, contains these words. */
void assert_words(const char *text, const char *words);

/* The same for the cause of a TLS failure, given in OpenSSL's words: GnuTLS has others. */
void assert_cause(const char *text, const char *cause);

#endif
