#include "codec/form.h"

static void begin_part(const struct form *form, const char *name)
{
    struct text *written = &form->body->text;
    text_append_string(written, "--");
    text_append_string(written, form->boundary);
    text_append_string(written, "\r\nContent-Disposition: form-data; name=\"");
    text_append_string(written, name);
    text_append_string(written, "\"");
}

void form_begin_text(const struct form *form, const char *name)
{
    begin_part(form, name);
    text_append_string(&form->body->text, "\r\n\r\n");
}

void form_begin_file(const struct form *form, const char *name, const char *file_name)
{
    begin_part(form, name);
    text_append_string(&form->body->text, "; filename=\"");
    text_append_string(&form->body->text, file_name);
    text_append_string(&form->body->text, "\"\r\n\r\n");
}

void form_end_part(const struct form *form)
{
    text_append_string(&form->body->text, "\r\n");
}

void form_append_text(const struct form *form, const char *name, const char *value)
{
    form_begin_text(form, name);
    text_append_string(&form->body->text, value);
    form_end_part(form);
}

void form_end(const struct form *form)
{
    text_append_string(&form->body->text, "--");
    text_append_string(&form->body->text, form->boundary);
    text_append_string(&form->body->text, "--\r\n");
}
