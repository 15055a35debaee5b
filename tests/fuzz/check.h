/* Shared by all fuzz targets: assertions that abort the program, and memory that ends exactly with the input, so that
 * sanitizers report reads past the end. */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include "message/reply.h"

#include <deepomatic.h>

/* libFuzzer calls this for each input, and so does runner.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLAIM(holds) ((holds) ? (void)0 : claim_failed(#holds, __FILE__, __LINE__))
_Noreturn void claim_failed(const char *claim, const char *file, int line);

/* Allocates exactly this size; the second function copies the input, without a NUL. Free the result. */
char *exact_memory(size_t size);
char *exact_copy(const void *bytes, size_t size);

/* The same with a NUL at the end. */
char *exact_string(const void *bytes, size_t size);

/* A reply whose body has exactly the needed size, including the NUL. Free the data of the body. */
struct reply exact_reply(const uint8_t *data, size_t size);

/* A valid UTF-8 string. */
void claim_text(const char *string);

/* The same, or NULL. */
void claim_optional_text(const char *string);

/* The same, on one line and without control characters. */
void claim_line(const char *line);

/* JSON text that the scanner accepts, beginning with one of these characters. */
void claim_json(const char *json, const char *first);

/* The error after an invalid reply. */
void claim_bad_response(dm_status status, const dm_error *error);

#endif
