/* The parts of a multipart/form-data body (RFC 7578). Names are written as they are: they must not contain
 * quotes or line breaks. */
#ifndef DM_FORM_H
#define DM_FORM_H

#include "message/body.h"

struct form {
    struct body *body;
    const char *boundary;
};

/* Start a part. Append its content to the body, then end it. */
void form_begin_text(const struct form *form, const char *name);
void form_begin_file(const struct form *form, const char *name, const char *file_name);
void form_end_part(const struct form *form);

/* Appends a complete part. */
void form_append_text(const struct form *form, const char *name, const char *value);

/* Ends the form. */
void form_end(const struct form *form);

#endif
