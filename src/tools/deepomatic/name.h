/* File names, which may hold any bytes. */
#ifndef CLI_NAME_H
#define CLI_NAME_H

#include "json_out.h"

/* The name for a person: as it is, or, if it is not printable UTF-8, in the shell's form $'caf\351.jpg'. The shell
 * turns either into the same file name again. The caller frees it. */
char *name_quote(const char *name);

/* The name that name_quote made this of. The caller frees it. */
char *name_unquote(const char *quoted);

/* Writes the name for a program as "image" into an open object. A name that is not valid UTF-8 cannot be JSON text: for
 * it, "image_name_base64" holds the exact bytes. */
void name_put_json(struct json *json, const char *name);

#endif
