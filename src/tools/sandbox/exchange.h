/* One HTTP request and its reply: libmicrohttpd's callbacks. */
#ifndef SANDBOX_EXCHANGE_H
#define SANDBOX_EXCHANGE_H

#include "sandbox.h"

#include <microhttpd.h>

/* MHD_OPTION_URI_LOG_CALLBACK: the state of a new exchange. */
void *exchange_begin(void *sandbox, const char *target, struct MHD_Connection *connection);

/* The access handler. The connection's context must be its number (uint64_t). */
enum MHD_Result exchange_serve(void *sandbox, struct MHD_Connection *connection, const char *path, const char *method,
                               const char *http_version, const char *upload, size_t *upload_size, void **state);

/* MHD_OPTION_NOTIFY_COMPLETED: frees the state. */
void exchange_end(void *sandbox, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code);

#endif
