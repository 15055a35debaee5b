/* Text and addresses within HTML. */
#ifndef CLI_HTML_H
#define CLI_HTML_H

#include <stdio.h>

/* Writes text from outside: what HTML would read as markup is escaped, also within an attribute in double quotes, and
 * so is what text_next takes for unsafe. */
void html_put_text(FILE *out, const char *text);

/* Writes a path as a relative address: everything but letters, digits and "-._~/" is percent-encoded. */
void html_put_path(FILE *out, const char *path);

/* The path of the file `target` from the directory `directory`; both are absolute and without "." and "..". The caller
 * frees it. */
char *html_relative_path(const char *directory, const char *target);

#endif
