/* What all fuzz targets use: claims, which end the program if they are false, and memory that ends exactly with the
 * input, so that a sanitizer reports each byte that is read beyond it. */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include "message/reply.h"

#include <deepomatic.h>

/* libFuzzer calls this for each input, and so does runner.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLAIM(holds) ((holds) ? (void)0 : claim_failed(#holds, __FILE__, __LINE__))
_Noreturn void claim_failed(const char *claim, const char *file, int line);

/* Memory of exactly that size, and a copy in such memory, without a NUL; free them. */
char *exact_memory(size_t size);
char *exact_copy(const void *bytes, size_t size);

/* The same with a NUL behind it. */
char *exact_string(const void *bytes, size_t size);

/* A reply whose body is just as large as it must be, with its NUL; free its body's data. */
struct reply exact_reply(const uint8_t *data, size_t size);

/* A valid UTF-8 string. */
void claim_text(const char *string);

/* The same, or NULL. */
void claim_optional_text(const char *string);

/* The same, on one line and without anything that a terminal acts upon. */
void claim_line(const char *line);

/* JSON text that the scanner accepts, beginning with one of these characters. */
void claim_json(const char *json, const char *first);

/* An error as a reply of the wrong shape leaves it. */
void claim_bad_response(dm_status status, const dm_error *error);

#endif
