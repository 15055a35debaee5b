/*
 * libdeepomatic: image recognition with the Deepomatic API v0.7, for C and C++.
 *
 *     dm_client *client = NULL;
 *     dm_inference *inference = NULL;
 *     dm_error error;
 *     dm_input input = dm_image_file("dog.jpg");
 *
 *     dm_status status = dm_client_new(NULL, &client, &error);
 *     if (status == DM_OK)
 *         status = dm_spec_infer(client, dm_public_spec("fashion-v4"), &input, 1, NULL, NULL, &inference, &error);
 *     if (status != DM_OK)
 *         fprintf(stderr, "%s\n", error.message);
 *     ...
 *     dm_inference_free(inference);
 *     dm_client_free(client);
 *
 * deepomatic.h is the manual. Read it from top to bottom: errors, cancellation, the client, specifications, images,
 * inference, tasks, networks, versions, the queue, the account. Six rules hold throughout:
 *
 * 1. The struct path is the JSON path. outputs[0].labels.predicted[0].score in the API's documentation is
 *    inference->outputs[0].labels.predicted[0].score in C. The length of an array `outputs` is `output_count`. If a
 *    count is zero, the array may be NULL.
 * 2. An optional value is a pointer, and NULL means absent. In resources that you send, 0, false and "" are real
 *    values: they are sent.
 * 3. Required values are arguments. Optional values are fields of a struct in which zero means the default. A NULL
 *    pointer to such a struct means all defaults. Initialise these structs with `= {0}` in C, and with `{}` in C++,
 *    where `= {0}` causes a warning. Arguments are borrowed until the call returns: the library does not change them,
 *    and does not keep them unless the function's comment says so. For example, a queue borrows the bytes of an image
 *    until you take its result.
 * 4. You own a `T *` and borrow a `const T *`. A result owns all its strings, arrays and nested structs: they are
 *    valid until you free the result with its dm_..._free function. Freeing NULL does nothing.
 * 5. Every function that can fail returns a dm_status. The functions that talk to the service have the form
 *        dm_status dm_noun_verb(client, required..., options, call, out, error)
 *    Parameters that a function does not need are left out. In place of the client, an iterator's and a queue's
 *    functions have the iterator or the queue. Unless the result is DM_OK, *out is NULL, or an empty id if it is a
 *    dm_task_id. Check the status: the compiler warns if you ignore it.
 * 6. A dm_error is a plain struct that you provide. It is filled on failure and cleared on success. Pass NULL if you
 *    do not need it.
 *
 * Text: every string is UTF-8 and ends with a NUL. Invalid UTF-8 is rejected before anything is sent. The only
 * exception is the path of a file, which is a path of the operating system and may contain any bytes.
 *
 * JSON: free-form JSON (metadata, preprocessing, post_processings, a task's data) is passed as JSON text in both
 * directions, unchanged, digit for digit. It is nested at most 128 levels deep and has at most 2,000,000 values. A
 * number has at most 63 characters. \u0000 and unpaired surrogates are rejected.
 *
 * Threads: any number of threads can use one dm_client at the same time. Use a result, an iterator, a queue or a
 * dm_error from one thread at a time.
 *
 * Fork: a child process must not use a client or a cancellation token that was created before the fork. It must
 * create its own. In the child, a call with such a client fails with DM_ERR_INVALID_ARGUMENT before anything is sent.
 *
 * Exit: all calls must have returned before exit is called or main returns. An atexit handler must not start a call.
 * OpenSSL's own exit handler frees data that a running call uses.
 *
 * Signals: the library raises no signal in your process and installs no signal handler. While a call does network
 * I/O, SIGPIPE is blocked in the calling thread. A SIGPIPE that arrives during this time is discarded.
 *
 * HTTP: the library uses HTTP/1.1 only, also over TLS. A connection carries one request at a time, so HTTP/2 would
 * gain nothing, and it can lose a response that arrives before the end of an upload.
 *
 * Blocking: every function that takes a `dm_call_options *` blocks until it has its result, its deadline passes, or
 * it is cancelled. There is one deadline for the whole call: sending, retries and waiting.
 *
 * Name lookups: deadlines and cancellation end a slow name lookup, too, but not if libcurl was built without an
 * asynchronous resolver. In that case dm_client_new logs a warning, and a call can last as long as the lookup.
 *
 * Systems: Linux with glibc on x86-64 is what CI tests. Linux on other processors and with musl is tested occasionally.
 * macOS, FreeBSD and OpenBSD are supported, but the library has never run there. README.md has the details.
 *
 * Versions: while the major version is 0, a new minor version (0.3, 0.4) may change the API and the ABI. It has its own
 * SONAME. A new patch version (0.3.1) changes neither. A struct of options grows only in a new minor version, at its
 * end, and zero in the new field means what the library did before. Source code that initialises these structs as in
 * rule 3 and sets their fields by name works with the new version when it is compiled again. src/CHANGELOG.md lists
 * all changes.
 *
 * Common errors: every function that talks to the service can return these. Each function lists only its additional
 * errors.
 *     DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY, DM_ERR_SYSTEM, DM_ERR_CANCELLED, DM_ERR_TIMEOUT, DM_ERR_NETWORK,
 *     DM_ERR_TLS, DM_ERR_CREDENTIALS, DM_ERR_REJECTED, DM_ERR_RATE_LIMITED, DM_ERR_SERVER, DM_ERR_REDIRECT,
 *     DM_ERR_BAD_RESPONSE, DM_ERR_TOO_LARGE, DM_ERR_NOT_FOUND
 * If a function does not name DM_ERR_NOT_FOUND as an additional error, DM_ERR_NOT_FOUND means that api_url is wrong.
 *
 * API pages: "recognition specification", "recognition version", "neural networks", "tasks", "inference output",
 * "common objects", "errors" and "account" are pages of https://docs.deepomatic.com under "Deepomatic API v0.7".
 */
#ifndef DEEPOMATIC_H
#define DEEPOMATIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DM_VERSION "0.3.0"

#if defined(__GNUC__) || defined(__clang__)
#define DM_API        __attribute__((visibility("default")))
#define DM_MUST_CHECK __attribute__((warn_unused_result))
#else
#define DM_API
#define DM_MUST_CHECK
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library, "major.minor.patch". Static text. While the major version is 0, a new minor version may
 * change the ABI, and the SONAME of the shared library changes with it. */
DM_API const char *dm_library_version(void);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Errors                                                                                    API page: "errors"     */

/* The result of a call. */
typedef enum dm_status {
    DM_OK = 0,                   /* success */
    DM_DONE = 1,                 /* not an error: there are no more items, pages or results */
    DM_FULL = 19,                /* not an error: the queue holds max_in_flight images; take a result first. It is 19
                                    because it was added later, and the other numbers did not change */
    DM_ERR_INVALID_ARGUMENT = 2, /* an argument or option is invalid; nothing was sent */
    DM_ERR_NO_MEMORY,            /* a memory allocation failed; the client remains usable */
    DM_ERR_SYSTEM,               /* another operating-system error, for example no socket */
    DM_ERR_FILE,                 /* a file to send cannot be opened or read, or it changed during the call */
    DM_ERR_CANCELLED,            /* cancelled with dm_cancel_fire, or with dm_queue_cancel */
    DM_ERR_TIMEOUT,              /* the deadline of the call passed, or the last attempt stalled */
    DM_ERR_NETWORK,              /* the last attempt failed to connect or lost its connection */
    DM_ERR_TLS,                  /* the server's certificate is not trusted, or no secure connection can be made */
    DM_ERR_CREDENTIALS,          /* there is no API key, or the service rejects it (HTTP 401, 403) */
    DM_ERR_NOT_FOUND,            /* the resource does not exist (HTTP 404) */
    DM_ERR_REJECTED,             /* the service rejects the request (any other HTTP 4xx) */
    DM_ERR_RATE_LIMITED,         /* too many requests: the last attempt got HTTP 429 */
    DM_ERR_SERVER,               /* the service failed: the last attempt got HTTP 5xx or 408 */
    DM_ERR_REDIRECT,             /* a redirect to another server, or too many redirects */
    DM_ERR_BAD_RESPONSE,         /* the response does not match the API's documentation; the message names the field */
    DM_ERR_TOO_LARGE,            /* the response is larger than max_response_bytes; or its headers are larger than
                                    256 KiB, or a line of them than libcurl's limit, 100 KiB */
    DM_ERR_TASK_FAILED           /* the service could not recognise the image (only from dm_..._infer, and as the
                                    status of a dm_result) */
} dm_status;

/* The name of a status, such as "DM_ERR_TIMEOUT"; for any other number, "unknown dm_status". Static text. */
DM_API const char *dm_status_name(dm_status status);

/* The id of a task. It can be copied and kept. `text` can be printed; it has at most 63 bytes and a NUL. */
typedef struct dm_task_id {
    char text[64];
} dm_task_id;

/* Why a call failed. The struct has a fixed size (1024 bytes) and no pointers: it can be copied and kept, and there
 * is nothing to free. Each call clears the dm_error that it is given. After DM_OK, DM_DONE or DM_FULL every field is
 * zero. */
typedef struct dm_error {
    dm_status status;         /* the status that the call returned */
    int http_status;          /* HTTP status of the last attempt, such as 404. It is 0 if this attempt got no complete
                                 response. It is also 0 if this attempt succeeded, and the call was cancelled or timed
                                 out later */
    int attempts;             /* number of HTTP requests that the call sent or tried to send */
    bool outcome_unknown;     /* the request may have taken effect although no valid response arrived. After a create,
                                 check whether the resource exists before retrying. An inference may have run, and be
                                 billed. An update or a delete can be retried. False if an upload was cut before its
                                 last byte */
    int64_t retry_after_ms;   /* how long the service asks you to wait (Retry-After); 0 if it does not ask */
    dm_task_id task_id;       /* the task that the call created or polled: resume with dm_task_wait. The text is "" if
                                 there is none */
    char message[512];        /* one printable line: what failed, for which resource, why, and what to do. It never
                                 contains the API key */
    char server_message[424]; /* the service's own error message, on one line; "" if it sent none */
} dm_error;

/* ---------------------------------------------------------------------------------------------------------------- */
/* Cancellation and deadlines                                                                                       */

/* A cancellation token. Any number of calls in any number of threads may use the same token. Once fired, it stays
 * fired. */
typedef struct dm_cancel dm_cancel;

/* Creates a token. Free it with dm_cancel_free.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY, DM_ERR_SYSTEM (no file descriptor is available). */
DM_API DM_MUST_CHECK dm_status dm_cancel_new(dm_cancel **cancel, dm_error *error);

/* Cancels every call that uses the token, now or later. The call returns DM_ERR_CANCELLED, whether it is connecting,
 * sending, waiting for a response or pausing between two attempts. This function may be called from any thread and
 * from a signal handler, any number of times. If cancel is NULL, it does nothing. */
DM_API void dm_cancel_fire(dm_cancel *cancel);

/* Frees the token. No call may be using it. */
DM_API void dm_cancel_free(dm_cancel *cancel);

/* Per-call settings. Zero means the default: for timeout_ms, the client's timeout_ms, unless the function's comment
 * names another default. */
typedef struct dm_call_options {
    int64_t timeout_ms; /* milliseconds from the start of the call to its deadline; negative: no deadline */
    dm_cancel *cancel;  /* cancels the call when fired; NULL: the call cannot be cancelled */
} dm_call_options;

/* ---------------------------------------------------------------------------------------------------------------- */
/* The client                                                                                                       */

/* A client holds the credentials, the settings and a pool of open connections. Create one and share it. */
typedef struct dm_client dm_client;

/* The level of a log line. */
typedef enum dm_log_level {
    DM_LOG_INFO = 0,   /* one line for each HTTP attempt, including aborted ones: method, path, status,
                          milliseconds, bytes, attempt number */
    DM_LOG_WARNING = 1 /* something you should know: an attempt will be retried, TLS verification is switched off, or
                          name lookups of this libcurl cannot be interrupted */
} dm_log_level;

/* Receives one log line without a line feed. The line is valid until the callback returns. It never contains the API
 * key.
 * The callback runs in the thread that makes the call, or in the thread of a queue. It may run in several threads at
 * the same time, so protect what log_data points to with a mutex. SIGPIPE is blocked while it runs.
 * The callback never runs inside libcurl, so it may call the library, also with the same client. These calls are
 * logged too. In the thread of a queue, it must not use this queue: dm_queue_next and dm_queue_free would wait forever.
 * It must not use the iterator of the call that it logs. It must not free the client. */
typedef void (*dm_log_callback)(dm_log_level level, const char *line, void *log_data);

/* The options of a client. All strings are copied. Zero or NULL means the default. "" is a real value for `proxy` (no
 * proxy) and for `user_agent` (no user agent). For a key, an app id, an address or a file, it is rejected. An empty
 * environment variable counts as unset, except for DEEPOMATIC_API_VERIFY_TLS. The defaults are:
 *
 *     api_key                 environment DEEPOMATIC_API_KEY. A key is required
 *     app_id                  environment DEEPOMATIC_APP_ID; none (deprecated by the service)
 *     api_url                 environment DEEPOMATIC_API_URL; https://api.deepomatic.com
 *     user_agent              libdeepomatic/VERSION
 *     timeout_ms              60000     one call, including sending, waiting and all attempts. These functions have
 *                                       other defaults: dm_task_wait_all, dm_network_create, dm_queue_next
 *     wait_all_timeout_ms     300000    dm_task_wait_all
 *     connect_timeout_ms      5000      one attempt's name lookup, TCP connection and TLS handshake
 *     stall_timeout_ms        10000     longest time in which an attempt transfers no data. The system takes data in
 *                                       blocks of about 16 KiB. So with 10000, an upload slower than about 2 kB/s
 *                                       may be treated as stalled
 *     max_attempts            5         1: no retries
 *     retry_delay_ms          500       upper bound of the pause before the second attempt; doubles with each attempt
 *     max_retry_delay_ms      8000      limit of this upper bound
 *     poll_delay_ms           2         least delay before a poll of a task: see "Polls" below
 *     max_poll_delay_ms       2000      longest delay before a poll of a task
 *     max_response_bytes      67108864  64 MiB, both as received and after decompression
 *     proxy, no_proxy         environment http_proxy, https_proxy, all_proxy, no_proxy, as libcurl reads them
 *     ca_file                 the certificates of the system (on Debian, the package ca-certificates)
 *     client_certificate      none
 *     client_key              the file client_certificate
 *     insecure_skip_verify    environment DEEPOMATIC_API_VERIFY_TLS. If it is unset or "1", certificates are verified.
 *                             If it has any other value, including "", they are not, whatever the field says
 *     log                     none: nothing is logged
 */
typedef struct dm_client_options {
    const char *api_key;    /* the API key. It is sent as X-API-KEY, only to the API's own address */
    const char *app_id;     /* sent as X-APP-ID */
    const char *api_url;    /* http:// or https:// address without /v0.7. It may have a path prefix, but no
                               user:password, query or fragment. Over http:// the key is sent in clear text */
    const char *user_agent; /* replaces the default user agent */
    int64_t timeout_ms;     /* all times are in milliseconds. Negative timeout_ms or wait_all_timeout_ms: no deadline */
    int64_t wait_all_timeout_ms;
    int64_t connect_timeout_ms; /* at least 0 and at most INT_MAX, like all numbers below but max_response_bytes */
    int64_t stall_timeout_ms;
    int max_attempts; /* for one request. Only requests that can safely be repeated are retried: see "Retries" below */
    bool submit_once; /* retry an inference only if it certainly was not carried out: otherwise it could run, and be
                         billed, twice */
    int64_t retry_delay_ms;
    int64_t max_retry_delay_ms;
    int64_t poll_delay_ms;
    int64_t max_poll_delay_ms;
    size_t max_response_bytes;
    const char *proxy;    /* address of a proxy; "": no proxy, even if the environment names one. If api_url is http://,
                             the proxy can read the API key */
    const char *no_proxy; /* comma-separated hosts that are contacted without the proxy */
    const char *ca_file;  /* PEM file of trusted certificates, instead of the system's; also for a proxy */
    const char *client_certificate; /* PEM file of the client's certificate */
    const char *client_key;         /* PEM file of its private key; requires client_certificate */
    bool insecure_skip_verify;      /* accept any certificate. An attacker can then read the key. For tests only */
    dm_log_callback log;            /* called for each log line */
    void *log_data;                 /* passed to `log`; borrowed until the client is freed */
} dm_client_options;

/*
 * Retries. These failures are transient: no connection, an incomplete TLS handshake, a stalled or broken connection,
 * a truncated response, and HTTP 408, 429, 500, 502, 503, 504 and 520 to 530. After a transient failure, the request
 * is retried as long as max_attempts and the deadline of the call allow it. Before each retry there is a random pause
 * (exponential back-off), or the pause that the service asks for with Retry-After (a date, or seconds, which may have
 * a fraction). If Retry-After goes beyond the deadline, the call fails at once with the status of that response, and
 * dm_error.retry_after_ms says how long to wait.
 *
 * If no attempt succeeds, the status of the call is that of the last attempt. For example, after HTTP 503 and then a
 * broken connection it is DM_ERR_NETWORK.
 *
 * Which requests are retried:
 * - Every retrieve, list, update and delete is retried.
 * - An inference is retried. With submit_once, it is treated like a create.
 * - A create is retried only if the service certainly did not carry it out. Otherwise it fails with outcome_unknown
 *   set.
 *
 * A request was certainly not carried out if no connection was made, if the connection broke before the last byte of
 * the request was sent, or if the service turned the request away with HTTP 429, or with HTTP 503 and Retry-After.
 *
 * If the connection breaks while an image or another body is being sent, one more attempt is made even if
 * max_attempts is 1. The reason: the service may have answered already, and its answer may be lost. The attempt after
 * such a break waits up to a second for an answer before it sends the body ("Expect: 100-continue"). dm_error.attempts
 * counts it.
 *
 * If the first attempt of a delete may have worked, and the second finds nothing to delete, the delete has succeeded.
 *
 * If a reused connection closes before the first byte of the response, a retrieve, list, update or delete is sent
 * again at once, even if max_attempts is 1. So is an inference without submit_once. dm_error.attempts counts it.
 */

/*
 * Polls. A client remembers how long the recent tasks of a specification or version took, and how much these times
 * differed. It polls a little before the next task is expected to finish, and then at short intervals, which grow. The
 * first task of a specification or version is polled after 30 ms, and then each time about 15 % later.
 * dm_task_wait and dm_task_wait_all do not know when the tasks were submitted: they poll at once, and then at intervals
 * learned from earlier waits. A client remembers the times of 32 specifications and versions.
 *
 * poll_delay_ms and max_poll_delay_ms are the bounds of every delay before it is shortened at random. If
 * max_poll_delay_ms is the smaller one, it is used for both. After the first poll, each delay is shortened by a random
 * part of up to a quarter, so that many clients do not poll at the same moments. A delay is longer if the service asks
 * for it with Retry-After, and shorter if the deadline is near.
 */

/* Creates a client. Nothing is sent yet: use dm_account_retrieve to check the key. If options is NULL, every
 * option has its default. Free the client with dm_client_free.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_CREDENTIALS (no API key), DM_ERR_NO_MEMORY, DM_ERR_SYSTEM
 * (the libcurl that is loaded is older than the one that the library was built for, cannot be initialised, has no TLS
 * although api_url is https://, or cannot use a proxy; no file descriptor is available to check a PEM file; or the
 * operating system provides no random bytes). */
DM_API DM_MUST_CHECK dm_status dm_client_new(const dm_client_options *options, dm_client **client, dm_error *error);

/* Closes the connections, overwrites the library's own copies of the key, and frees the client. No call may be using
 * the client, and its iterators and queues must have been freed. Results remain valid. */
DM_API void dm_client_free(dm_client *client);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Specifications                                                          API page: "recognition specification"    */

/* Identifies a specification: a private one by its number, a public one by its name. Private and public ids use
 * different paths of the API, so 42 and "42" are different specifications. */
typedef struct dm_spec_id {
    int64_t private_id;    /* positive if public_id is NULL; ignored otherwise */
    const char *public_id; /* NULL for a private specification; borrowed */
} dm_spec_id;

/* Make the id of a specification. The name is borrowed: it must remain valid as long as the id is used. */
DM_API dm_spec_id dm_private_spec(int64_t id);      /* one of your own, such as dm_private_spec(42) */
DM_API dm_spec_id dm_public_spec(const char *name); /* a public one, such as dm_public_spec("fashion-v4") */

/* Whether labels apply to the whole image or to boxes. ROI means "region of interest". */
typedef enum dm_roi_kind {
    DM_ROI_NONE = 0, /* "NONE": labels apply to the whole image */
    DM_ROI_BBOX = 1, /* "BBOX": labels apply to bounding boxes */
    DM_ROI_OTHER = 2 /* a kind that this library does not know; cannot be sent */
} dm_roi_kind;

/* A label: something that can be recognised. */
typedef struct dm_label {
    int64_t id;       /* any number; returned as dm_prediction.label_id */
    const char *name; /* returned as dm_prediction.label_name */
} dm_label;

/* An output that consists of labels. */
typedef struct dm_labels_output {
    const dm_label *labels; /* an array of label_count labels */
    size_t label_count;
    bool exclusive;  /* at most one label applies */
    dm_roi_kind roi; /* whether labels apply to the whole image or to boxes */
} dm_labels_output;

/* One output of a specification. An output of a kind that is unknown to this library has no labels. */
typedef struct dm_output {
    dm_labels_output labels;
} dm_output;

/* A specification: what to recognise, and which version of a network recognises it. */
typedef struct dm_spec {
    dm_spec_id id;                     /* can be passed to other functions; valid as long as this struct */
    const char *name;                  /* never NULL */
    const char *description;           /* NULL if the service did not send it, as for all pointers below */
    const char *update_date;           /* ISO 8601, such as "2018-02-16T16:37:25.148189Z" */
    const char *metadata;              /* JSON text of an object */
    const int64_t *current_version_id; /* NULL: no version, or a public specification */
    const dm_task_id *task_id;         /* only in the result of dm_spec_create */
    const dm_output *outputs;          /* not in pages: use dm_spec_retrieve */
    size_t output_count;
} dm_spec;

DM_API void dm_spec_free(dm_spec *spec);

/* Optional arguments of dm_spec_create. */
typedef struct dm_spec_create_options {
    const char *description; /* NULL: "" */
    const char *metadata;    /* JSON text of an object, nested at most 128 levels deep; NULL: {} */
} dm_spec_create_options;

/* Creates a private specification with the output_count outputs at `outputs`, at least one, and returns it as the
 * service stored it. Free it with dm_spec_free. It cannot recognise anything until dm_version_create has given it a
 * version. The request is sent again only if the service certainly did not carry it out.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_spec_create(dm_client *client, const char *name, const dm_output *outputs,
                                              size_t output_count, const dm_spec_create_options *options,
                                              const dm_call_options *call, dm_spec **spec, dm_error *error);

/* Returns a private or public specification with all its fields. Free it with dm_spec_free.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_retrieve(dm_client *client, dm_spec_id id, const dm_call_options *call,
                                                dm_spec **spec, dm_error *error);

/* What dm_spec_update changes. NULL and false leave a field unchanged. "" is a real value. */
typedef struct dm_spec_changes {
    const char *name;                  /* new name */
    const char *description;           /* new description */
    const char *metadata;              /* JSON text of an object; replaces all the old metadata */
    const int64_t *current_version_id; /* a version of this specification */
    bool clear_current_version;        /* true: no current version; not together with current_version_id */
} dm_spec_changes;

/* Changes a private specification and returns its new state. Free it with dm_spec_free. The outputs cannot be
 * changed. changes must contain at least one change.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_update(dm_client *client, dm_spec_id id, const dm_spec_changes *changes,
                                              const dm_call_options *call, dm_spec **spec, dm_error *error);

/* Deletes a private specification with all its versions. This cannot be undone.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_delete(dm_client *client, dm_spec_id id, const dm_call_options *call,
                                              dm_error *error);

/* ---- Pages and iterators ---- */

/*
 * Page links. The next page is requested from api_url, on the path of the same list, with the query of the link (its
 * offset and limit). The rest of the link is ignored. If a gateway writes an internal host or another path prefix into
 * the link, this does no harm, and the API key is sent nowhere else.
 *
 * Deleting. If you delete items while you iterate over them, the iterator skips others: each deletion moves the later
 * items forward by one place. Collect the ids first and delete them afterwards, as examples/delete_all.c does. Or
 * request the pages from the last one to the first, with the offset in dm_page_options.
 */

/* Which specifications or networks to list: your own, or the public ones. */
typedef enum dm_visibility {
    DM_VISIBILITY_PRIVATE = 0, /* your own */
    DM_VISIBILITY_PUBLIC = 1   /* the public ones */
} dm_visibility;

/* Which part of a list to return. */
typedef struct dm_page_options {
    int64_t offset; /* number of items to skip; must not be negative */
    int64_t limit;  /* number of items in a page; 0: 100. The service may return fewer */
} dm_page_options;

/* One page of a list of specifications. */
typedef struct dm_spec_page {
    int64_t count;          /* number of items in the whole list, on all pages */
    const char *next;       /* link to the next page; NULL or "": this is the last page */
    const char *previous;   /* link to the previous page; NULL or "": this is the first page */
    const dm_spec *results; /* without their outputs */
    size_t result_count;
} dm_spec_page;

DM_API void dm_spec_page_free(dm_spec_page *page);

/* Returns one page of the specifications. If options is NULL, the page has the first 100. Free it with
 * dm_spec_page_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_spec_list(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                                            const dm_call_options *call, dm_spec_page **page, dm_error *error);

/* Returns DM_OK and the page after `page`, or DM_DONE and NULL after the last page. You still own `page`. Free the
 * next page with dm_spec_page_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_spec_page_next(dm_client *client, const dm_spec_page *page,
                                                 const dm_call_options *call, dm_spec_page **next, dm_error *error);

/* An iterator over all specifications. It requests page after page, and holds one page in memory at a time. Do not
 * delete specifications while you iterate over them: see "Deleting" above. */
typedef struct dm_spec_iter dm_spec_iter;

/* Creates an iterator. Nothing is sent yet. The options say where to begin, and how many items to request at a time.
 * The iterator borrows the client: free it with dm_spec_iter_free before you free the client.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY. */
DM_API DM_MUST_CHECK dm_status dm_spec_iter_new(dm_client *client, dm_visibility visibility,
                                                const dm_page_options *options, dm_spec_iter **iter, dm_error *error);

/* Returns DM_OK and the next specification, or DM_DONE and NULL after the last one. *spec belongs to the iterator and
 * is valid until the next call with this iterator. The service is asked only when all items of a page have been
 * returned. After a failure, call again to retry the same page.
 * Errors: those of dm_spec_page_next. */
DM_API DM_MUST_CHECK dm_status dm_spec_iter_next(dm_spec_iter *iter, const dm_call_options *call, const dm_spec **spec,
                                                 dm_error *error);

DM_API void dm_spec_iter_free(dm_spec_iter *iter);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Images                                           API pages: "recognition specification" (Image input),           */
/*                                                             "common objects" (bounding box, point)               */

/* A bounding box. Coordinates are normalised: 0 is the left or top edge of the image, 1 is the right or bottom edge. */
typedef struct dm_bbox {
    double xmin; /* 0 <= xmin < xmax <= 1 */
    double ymin; /* 0 <= ymin < ymax <= 1 */
    double xmax; /* right edge */
    double ymax; /* bottom edge */
} dm_bbox;

/* A corner of a polygon. */
typedef struct dm_point {
    double x; /* 0..1 */
    double y; /* 0..1 */
} dm_point;

/* The kind of data in an input. */
typedef enum dm_source {
    DM_SOURCE_NONE = 0, /* a zeroed dm_input; rejected */
    DM_SOURCE_URL,      /* dm_image_url */
    DM_SOURCE_FILE,     /* dm_image_file */
    DM_SOURCE_BYTES,    /* dm_image_bytes */
    DM_SOURCE_BASE64    /* dm_image_base64 */
} dm_source;

/* The image for one input tensor of the network. Create it with a dm_image_... function, which sets the first three
 * fields. Then set the other fields as needed. Nothing is copied: the memory that it points to must remain valid
 * until the call returns. If you push it to a queue, bytes and base64 text must remain valid until you have taken the
 * result or freed the queue; the queue copies everything else. */
typedef struct dm_input {
    dm_source source;             /* the kind of `data` */
    const void *data;             /* an address or a path (text ending in NUL), an image's bytes, or base64 text */
    size_t size;                  /* number of bytes at `data` if it is bytes or base64; otherwise 0 */
    const dm_bbox *bbox;          /* recognise only this part of the image; NULL: the whole image */
    const dm_point *polygon;      /* recognise only the inside of this polygon; may be combined with bbox */
    size_t polygon_count;         /* number of points at `polygon`, at least 3; 0: no polygon */
    bool crop_uniform_background; /* first crop a background of uniform colour */
} dm_input;

/* An image at an http:// or https:// address. The service downloads it. */
DM_API dm_input dm_image_url(const char *url);

/* An image file in JPEG, PNG or any other format that the service reads. It must be a regular file; for a pipe, use
 * dm_image_bytes. The file is opened when the call begins, and streamed from the disk: memory use does not grow with
 * its size. */
DM_API dm_input dm_image_file(const char *path);

/* The bytes of an image file in memory. They are sent in place: memory use does not grow with their size. */
DM_API dm_input dm_image_bytes(const void *bytes, size_t size);

/* The bytes of an image file as base64 text (RFC 4648, section 4) of `length` bytes. White space, such as line
 * breaks, is skipped, and the padding is optional. The text is sent in place. The library adds the prefix
 * "data:image/...": the text must not have one. */
DM_API dm_input dm_image_base64(const char *text, size_t length);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Inference                                API pages: "recognition specification" (Inference), "inference output"   */

/* A region of interest: where in the image a label was found. */
typedef struct dm_roi {
    int64_t region_id;   /* the same for all predictions of one region, predicted and discarded */
    const dm_bbox *bbox; /* normalised to the whole image; NULL if the response has none */
} dm_roi;

/* A label, and the service's confidence in it. */
typedef struct dm_prediction {
    int64_t label_id;              /* dm_label.id in the specification */
    const char *label_name;        /* dm_label.name in the specification */
    double score;                  /* 0..1: the confidence */
    double threshold;              /* 0..1. The label is predicted if score > threshold */
    const dm_roi *roi;             /* NULL unless the labels apply to boxes */
    const int64_t *sequence_index; /* in a sequence, the index of the image; otherwise NULL */
    const double *sequence_time;   /* in a sequence, the time in seconds; otherwise NULL */
} dm_prediction;

/* The labels that were found, and those that were not. */
typedef struct dm_labels_inference {
    const dm_prediction *predicted; /* by descending score */
    size_t predicted_count;
    const dm_prediction *discarded; /* score <= threshold; empty unless show_discarded was set */
    size_t discarded_count;
} dm_labels_inference;

/* One output of an inference. An output of a kind that is unknown to this library has no labels. */
typedef struct dm_output_inference {
    dm_labels_inference labels;
} dm_output_inference;

/* The result of an inference. */
typedef struct dm_inference {
    const dm_output_inference *outputs; /* outputs[i] belongs to output i of the specification */
    size_t output_count;
} dm_inference;

DM_API void dm_inference_free(dm_inference *inference);

/* Optional arguments of dm_..._infer and dm_..._submit. */
typedef struct dm_infer_options {
    bool show_discarded;     /* also return the labels that do not exceed their threshold */
    int64_t max_predictions; /* maximum number of predicted, and of discarded, labels; 0: the service's default, 100 */
} dm_infer_options;

/* Runs an inference: submits the inputs, waits for the task, and returns its predictions. Free them with
 * dm_inference_free.
 * `inputs` is an array of input_count images, one for each input tensor of the network, in their order. Almost every
 * network takes exactly one. Several images are several inferences: make one call for each image.
 * The request is JSON if all inputs are addresses or base64, and multipart otherwise.
 * Once the inputs have been submitted, error->task_id names the task on every failure: resume with dm_task_wait.
 * Errors: the common ones, DM_ERR_FILE, DM_ERR_NOT_FOUND (there is no such specification; or, if error->task_id is
 * set, the service has lost the task: submit again), DM_ERR_TASK_FAILED (the service could not recognise the image,
 * for example because it is not an image; the message contains what the service says). If the specification has no
 * current version, the error is DM_ERR_REJECTED. */
DM_API DM_MUST_CHECK dm_status dm_spec_infer(dm_client *client, dm_spec_id id, const dm_input *inputs,
                                             size_t input_count, const dm_infer_options *options,
                                             const dm_call_options *call, dm_inference **inference, dm_error *error);

/* Submits an inference without waiting for it. `inputs` and input_count are as in dm_spec_infer. Pass *task_id to
 * dm_task_wait or to another dm_task_... function. On failure the text of *task_id is "".
 * Errors: the common ones, DM_ERR_FILE, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_submit(dm_client *client, dm_spec_id id, const dm_input *inputs,
                                              size_t input_count, const dm_infer_options *options,
                                              const dm_call_options *call, dm_task_id *task_id, dm_error *error);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Tasks                                                                                      API page: "tasks"     */

/* The status of a task. */
typedef enum dm_task_status {
    DM_TASK_PENDING = 0,   /* not finished yet */
    DM_TASK_SUCCESS = 1,   /* finished: see task->inference and task->data */
    DM_TASK_ERROR = 2,     /* failed: task->error says why */
    DM_TASK_MISSING = 3,   /* the service does not know the id (dm_task_list, dm_task_wait_all) */
    DM_TASK_UNREADABLE = 4 /* the service's reply about the task is invalid, or larger than max_response_bytes
                              (dm_task_list, dm_task_wait_all). task->error says why. If the reply has the task with
                              its id, task->data is the data as the service sent it. If the whole reply is invalid or
                              too large, task->data is NULL. If the reply has a task without a valid id, it may be
                              this one, and task->data is NULL */
} dm_task_status;

/* Asynchronous work of the service, such as an inference. */
typedef struct dm_task {
    dm_task_id id;            /* text, whether the service sends a string or a number */
    dm_task_status status;    /* an unknown status fails with DM_ERR_BAD_RESPONSE for a single task, and is
                                 DM_TASK_UNREADABLE for one of many */
    const char *error;        /* DM_TASK_ERROR: the service's message, NULL if it sent none. DM_TASK_UNREADABLE: what
                                 is wrong with the reply. DM_TASK_MISSING: why the service rejected the id, NULL if
                                 the service does not know it. Otherwise NULL */
    const char *date_created; /* ISO 8601; NULL if the service did not send it, and for a pending or missing task
                                      from dm_task_wait_all */
    const char *date_updated; /* ISO 8601; NULL in the same cases */
    const dm_inference *inference; /* the decoded data; NULL if there is none, or if it is not an inference */
    const char *data;              /* the data as JSON text; NULL if there is none */
} dm_task;

DM_API void dm_task_free(dm_task *task);

/* Several tasks. */
typedef struct dm_tasks {
    const dm_task *tasks; /* tasks[i] is the task with the id ids[i] */
    size_t task_count;
    size_t pending_count; /* number of tasks that are pending */
} dm_tasks;

DM_API void dm_tasks_free(dm_tasks *tasks);

/* Converts text, such as "123" that an earlier run printed, to a task id. Valid characters are letters, digits, '-'
 * and '_'.
 * Errors: DM_ERR_INVALID_ARGUMENT (empty, longer than 63 bytes, or an invalid character). */
DM_API DM_MUST_CHECK dm_status dm_task_id_parse(const char *text, dm_task_id *id, dm_error *error);

/* Polls a task once. A failed task is DM_OK too: check task->status. Free it with dm_task_free.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_task_retrieve(dm_client *client, dm_task_id id, const dm_call_options *call,
                                                dm_task **task, dm_error *error);

/* Polls several tasks once, with at most 100 ids in one request. The tasks are in the order of the ids. A task that
 * the service does not know is DM_TASK_MISSING. ids may be NULL if id_count is 0. Free the result with dm_tasks_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_task_list(dm_client *client, const dm_task_id *ids, size_t id_count,
                                            const dm_call_options *call, dm_tasks **tasks, dm_error *error);

/* Waits until a task is finished, and returns it. A failed task is DM_OK too: check task->status. Free it with
 * dm_task_free.
 * A poll that fails transiently does not end the wait; the deadline does. HTTP 404 is transient too, unless two polls
 * in a row get it: the error is then DM_ERR_NOT_FOUND.
 * On failure error->task_id is the id. If the last poll before a DM_ERR_TIMEOUT failed, error->message says how.
 * Errors: the common ones, DM_ERR_NOT_FOUND. DM_ERR_RATE_LIMITED is returned only if the service asks you to wait
 * beyond the deadline. DM_ERR_SERVER is returned only then, or after a failure that is not transient, such as
 * HTTP 501. */
DM_API DM_MUST_CHECK dm_status dm_task_wait(dm_client *client, dm_task_id id, const dm_call_options *call,
                                            dm_task **task, dm_error *error);

/* Waits until all tasks are finished, polling with at most 100 ids in one request. The tasks are in the order of the
 * ids. ids may be NULL if id_count is 0: nothing is then sent. Free the result with dm_tasks_free.
 * The call also returns DM_OK if the deadline passes, or if the service asks you to wait beyond it. Finished tasks
 * are then complete, the others are DM_TASK_PENDING, and tasks->pending_count is their number. All fields of *error
 * are zero, as after every DM_OK: retry_after_ms does not say how long the service asks you to wait.
 * A task that the service does not know in two polls is DM_TASK_MISSING. The default timeout is wait_all_timeout_ms.
 * On failure there are no tasks, not even those that were finished. This includes a cancellation and a failure that is
 * not transient, such as HTTP 401. The service still has the tasks: call again with the same ids.
 * Errors: the common ones. DM_ERR_TIMEOUT and DM_ERR_RATE_LIMITED are returned only if no poll succeeded. DM_ERR_SERVER
 * is returned only then, or after a failure that is not transient, such as HTTP 501. */
DM_API DM_MUST_CHECK dm_status dm_task_wait_all(dm_client *client, const dm_task_id *ids, size_t id_count,
                                                const dm_call_options *call, dm_tasks **tasks, dm_error *error);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Networks                                                                           API page: "neural networks"   */

/*
 * A network is a trained model. The steps from the files of a model to a prediction:
 *
 *     dm_network_create    uploads the files
 *     dm_task_wait         waits until the service has deployed the network
 *     dm_spec_create       defines what the outputs of the network mean
 *     dm_version_create    binds the network to the specification
 *     dm_spec_infer        recognises
 *
 * examples/specs.c is this program.
 */

/* Identifies a network: a private one by its number, a public one by its name. */
typedef struct dm_network_id {
    int64_t private_id;    /* positive if public_id is NULL; ignored otherwise */
    const char *public_id; /* NULL for a private network; borrowed */
} dm_network_id;

/* Make the id of a network. The name is borrowed: it must remain valid as long as the id is used. */
DM_API dm_network_id dm_private_network(int64_t id);      /* one of your own */
DM_API dm_network_id dm_public_network(const char *name); /* a public one */

/* A network. */
typedef struct dm_network {
    dm_network_id id;            /* can be passed to other functions; valid as long as this struct */
    const char *name;            /* never NULL */
    const char *description;     /* NULL if the service did not send it, as for all pointers below */
    const char *update_date;     /* ISO 8601, such as "2018-02-16T16:37:25.148189Z" */
    const char *create_date;     /* ISO 8601 */
    const char *metadata;        /* JSON text of an object */
    const char *framework;       /* what the model was made with, such as "tensorflow-1.x" */
    const char *preprocessing;   /* JSON text of an object: how an image becomes input tensors */
    const char *postprocessings; /* JSON text of an array (the API's spelling; in a dm_version: post_processings) */
    const dm_task_id *task_id;   /* the task that deploys the network: pass it to dm_task_wait */
} dm_network;

DM_API void dm_network_free(dm_network *network);

/* A file of a model: either the file at `path`, or the `size` bytes at `bytes`. Set one of the two pointers. The file
 * must be a regular file, and neither may be empty. A file is opened when the call begins, and streamed from the disk.
 * Bytes are sent in place. Memory use does not grow with their size. */
typedef struct dm_network_file {
    const char *name;  /* the file's name on the service: not empty, without control characters, quotes, slashes and
                          backslashes, and not a field of the request (name, description, metadata, framework,
                          preprocessing). No two files of a network have the same name. TensorFlow: saved_model.pb or
                          saved_model.pbtxt, variables.index, variables.data-00000-of-00001. Caffe: deploy.prototxt,
                          snapshot.caffemodel. Also the mean files that the preprocessing names */
    const char *path;  /* path of the file to send; NULL: see bytes */
    const void *bytes; /* content of the file; NULL: see path */
    size_t size;       /* number of bytes at `bytes`; ignored if bytes is NULL */
} dm_network_file;

/* Receives the progress of an upload: `sent` of `total` bytes of the request's body have been passed to the operating
 * system. It is called with 0 at the beginning of each attempt, and then whenever `sent` has grown, about once for
 * each 64 KiB. The callback runs in the thread that makes the call, never inside libcurl, so it may call the
 * library; it delays the upload. SIGPIPE is blocked while it runs. */
typedef void (*dm_progress_callback)(int64_t sent, int64_t total, void *progress_data);

/* Optional arguments of dm_network_create. */
typedef struct dm_network_create_options {
    const char *description;       /* NULL: the service's default */
    const char *metadata;          /* JSON text of an object; NULL: the service's default */
    dm_progress_callback progress; /* called during the upload; NULL: not called */
    void *progress_data;           /* passed to `progress` */
} dm_network_create_options;

/* Creates a private network from the file_count files at `files`, at least one, and returns it as the service stored
 * it. Free it with dm_network_free. It cannot recognise anything until the service has deployed it: wait for
 * *network->task_id with dm_task_wait, which may take minutes, so give that call a timeout. If task_id is NULL, the
 * service sent none, and you cannot wait for it: an inference fails until the network is deployed. Bind the deployed
 * network to a specification with dm_version_create. `preprocessing` is JSON text of an object; the API's page
 * describes it. For example:
 *     {"inputs": [{"tensor_name": "x", "image": {"dimension_order": "NHWC", "target_size": "224x224",
 *      "resize_type": "SQUASH", "mean_file": "", "color_channels": "BGR", "pixel_scaling": 255.0,
 *      "data_type": "FLOAT32"}}], "batched_output": true}
 * By default this call has no deadline, because an upload can take long. An attempt ends if no data is transferred for
 * stall_timeout_ms; this includes the time that the service needs to answer after the last byte. If the service stores
 * large models slowly, raise stall_timeout_ms.
 * The request is sent again, from its first byte, only if the service certainly did not carry it out.
 * Errors: the common ones, DM_ERR_FILE (also if a file changes during the upload). */
DM_API DM_MUST_CHECK dm_status dm_network_create(dm_client *client, const char *name, const char *framework,
                                                 const char *preprocessing, const dm_network_file *files,
                                                 size_t file_count, const dm_network_create_options *options,
                                                 const dm_call_options *call, dm_network **network, dm_error *error);

/* Returns a private or public network with all its fields. Free it with dm_network_free.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_network_retrieve(dm_client *client, dm_network_id id, const dm_call_options *call,
                                                   dm_network **network, dm_error *error);

/* What dm_network_update changes. NULL leaves a field unchanged. "" is a real value. */
typedef struct dm_network_changes {
    const char *name;        /* new name */
    const char *description; /* new description */
    const char *metadata;    /* JSON text of an object; replaces all the old metadata */
} dm_network_changes;

/* Changes a private network and returns its new state. Free it with dm_network_free. The files, the framework and the
 * preprocessing cannot be changed. changes must contain at least one change.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_network_update(dm_client *client, dm_network_id id, const dm_network_changes *changes,
                                                 const dm_call_options *call, dm_network **network, dm_error *error);

/* Deletes a private network with all the versions that use it. This cannot be undone.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_network_delete(dm_client *client, dm_network_id id, const dm_call_options *call,
                                                 dm_error *error);

/* One page of a list of networks. */
typedef struct dm_network_page {
    int64_t count;             /* number of items in the whole list, on all pages */
    const char *next;          /* link to the next page; NULL or "": this is the last page */
    const char *previous;      /* link to the previous page; NULL or "": this is the first page */
    const dm_network *results; /* they may lack their preprocessing: use dm_network_retrieve */
    size_t result_count;
} dm_network_page;

DM_API void dm_network_page_free(dm_network_page *page);

/* Returns one page of the networks. If options is NULL, the page has the first 100. Free it with
 * dm_network_page_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_network_list(dm_client *client, dm_visibility visibility,
                                               const dm_page_options *options, const dm_call_options *call,
                                               dm_network_page **page, dm_error *error);

/* Returns DM_OK and the page after `page`, or DM_DONE and NULL after the last page. You still own `page`. Free the
 * next page with dm_network_page_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_network_page_next(dm_client *client, const dm_network_page *page,
                                                    const dm_call_options *call, dm_network_page **next,
                                                    dm_error *error);

/* An iterator over networks. It requests page after page, and holds one page in memory at a time. Do not delete
 * networks while you iterate over them: see "Deleting" under "Pages and iterators". */
typedef struct dm_network_iter dm_network_iter;

/* Creates an iterator. Nothing is sent yet. The options say where to begin, and how many items to request at a time.
 * The iterator borrows the client: free it with dm_network_iter_free before you free the client.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY. */
DM_API DM_MUST_CHECK dm_status dm_network_iter_new(dm_client *client, dm_visibility visibility,
                                                   const dm_page_options *options, dm_network_iter **iter,
                                                   dm_error *error);

/* Like dm_spec_iter_next, for networks.
 * Errors: those of dm_network_page_next. */
DM_API DM_MUST_CHECK dm_status dm_network_iter_next(dm_network_iter *iter, const dm_call_options *call,
                                                    const dm_network **network, dm_error *error);

DM_API void dm_network_iter_free(dm_network_iter *iter);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Versions                                                                      API page: "recognition version"    */

/* A version binds a network to a specification. The first version of a specification becomes its current version. */
typedef struct dm_version {
    int64_t id;                   /* the id of the version itself */
    int64_t spec_id;              /* the id of a private specification */
    int64_t network_id;           /* the id of a private network: dm_network.id.private_id */
    const char *spec_name;        /* NULL if the service did not send it, as for all pointers below */
    const char *network_name;     /* name of the network */
    const char *update_date;      /* ISO 8601 */
    const char *post_processings; /* JSON text of an array (the API's spelling; in a dm_network: postprocessings); not
                                     in pages */
} dm_version;

DM_API void dm_version_free(dm_version *version);

/* Creates a version of a private specification. network_id is the number of a private network. It cannot name a
 * public network, whose id is text. post_processings is JSON text of an array with one object for each output of the
 * specification; the API's page describes these objects. Free the result with dm_version_free.
 * The request is sent again only if the service certainly did not carry it out.
 * Errors: the common ones. If there is no such specification or network, the error is DM_ERR_REJECTED or
 * DM_ERR_NOT_FOUND: the API's documentation does not say which. */
DM_API DM_MUST_CHECK dm_status dm_version_create(dm_client *client, dm_spec_id spec, int64_t network_id,
                                                 const char *post_processings, const dm_call_options *call,
                                                 dm_version **version, dm_error *error);

/* Returns a version with all its fields. Free it with dm_version_free.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_version_retrieve(dm_client *client, int64_t id, const dm_call_options *call,
                                                   dm_version **version, dm_error *error);

/* Deletes a version. This cannot be undone. Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_version_delete(dm_client *client, int64_t id, const dm_call_options *call,
                                                 dm_error *error);

/* One page of a list of versions. */
typedef struct dm_version_page {
    int64_t count;             /* number of items in the whole list, on all pages */
    const char *next;          /* link to the next page; NULL or "": this is the last page */
    const char *previous;      /* link to the previous page; NULL or "": this is the first page */
    const dm_version *results; /* without their post_processings */
    size_t result_count;
} dm_version_page;

DM_API void dm_version_page_free(dm_version_page *page);

/* Returns one page of all your versions. If options is NULL, the page has the first 100. Free it with
 * dm_version_page_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_version_list(dm_client *client, const dm_page_options *options,
                                               const dm_call_options *call, dm_version_page **page, dm_error *error);

/* Returns one page of the versions of a private specification. Otherwise like dm_version_list.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_versions(dm_client *client, dm_spec_id spec, const dm_page_options *options,
                                                const dm_call_options *call, dm_version_page **page, dm_error *error);

/* Returns DM_OK and the page after `page`, or DM_DONE and NULL after the last page. You still own `page`. Free the
 * next page with dm_version_page_free.
 * Errors: the common ones, DM_ERR_NOT_FOUND (for a page of dm_spec_versions: there is no such specification). */
DM_API DM_MUST_CHECK dm_status dm_version_page_next(dm_client *client, const dm_version_page *page,
                                                    const dm_call_options *call, dm_version_page **next,
                                                    dm_error *error);

/* An iterator over versions. It requests page after page, and holds one page in memory at a time. Do not delete
 * versions while you iterate over them: see "Deleting" under "Pages and iterators". */
typedef struct dm_version_iter dm_version_iter;

/* Creates an iterator over the versions of the private specification *spec, or over all your versions if spec is
 * NULL. Nothing is sent yet. The iterator borrows the client: free it with dm_version_iter_free before you free the
 * client.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY. */
DM_API DM_MUST_CHECK dm_status dm_version_iter_new(dm_client *client, const dm_spec_id *spec,
                                                   const dm_page_options *options, dm_version_iter **iter,
                                                   dm_error *error);

/* Like dm_spec_iter_next, for versions.
 * Errors: those of dm_version_page_next. */
DM_API DM_MUST_CHECK dm_status dm_version_iter_next(dm_version_iter *iter, const dm_call_options *call,
                                                    const dm_version **version, dm_error *error);

DM_API void dm_version_iter_free(dm_version_iter *iter);

/* Like dm_spec_infer and dm_spec_submit, but with the given version instead of a specification's current version.
 * Errors: those of dm_spec_infer and dm_spec_submit. */
DM_API DM_MUST_CHECK dm_status dm_version_infer(dm_client *client, int64_t id, const dm_input *inputs,
                                                size_t input_count, const dm_infer_options *options,
                                                const dm_call_options *call, dm_inference **inference, dm_error *error);
DM_API DM_MUST_CHECK dm_status dm_version_submit(dm_client *client, int64_t id, const dm_input *inputs,
                                                 size_t input_count, const dm_infer_options *options,
                                                 const dm_call_options *call, dm_task_id *task_id, dm_error *error);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Many images: the queue                                                                                           */

/*
 * A queue recognises many images at the same time. Push images until the queue is full, take a result, push again:
 *
 *     dm_queue_new(client, NULL, &queue, &error);
 *     while ((status = dm_queue_push_spec(queue, spec, &input, 1, NULL, tag, &error)) == DM_FULL) {
 *         if ((status = dm_queue_next(queue, NULL, &result, &error)) != DM_OK)
 *             break;
 *         ...                     one image has finished: look at result->tag and result->status
 *         dm_result_free(result);
 *     }
 *     ...
 *     while ((status = dm_queue_next(queue, NULL, &result, &error)) == DM_OK) {
 *         ...                     after the last result, the status is DM_DONE
 *         dm_result_free(result);
 *     }
 *
 * examples/many.c is a whole program. In an event loop, wait for dm_queue_descriptor: examples/event_loop.c.
 *
 * Each push has exactly one result. The failure of one image does not affect the others.
 *
 * A thread of the queue does the network I/O. Uploads and polls go on while your program computes. All signals are
 * blocked in this thread. The log callback of the client is called in it, and must not use this queue there.
 *
 * Connections: at most max_connections, which are reused. Results are polled for together, with at most 100 tasks in
 * one request, and polls go before uploads.
 *
 * Rate limits: after HTTP 429, or HTTP 503 with Retry-After, the whole queue pauses once for as long as the service
 * asks. After HTTP 429 without Retry-After, it pauses as before a retry: see "Retries" above. It then sends fewer
 * requests at the same time and per second, and slowly more again while the service accepts them. The image is sent
 * again like any other request, so each HTTP 429 uses one of its max_attempts. After the last one, the result is
 * DM_ERR_RATE_LIMITED (after HTTP 503, DM_ERR_SERVER). If this happens often, give the client a larger max_attempts, or
 * the queue fewer max_connections. The pauses count towards image_timeout_ms.
 */

/* A queue of images. Use it from one thread at a time. Any number of queues and calls can use one client at the same
 * time. */
typedef struct dm_queue dm_queue;

/* The options of a queue. Zero means the default. No number may be negative, except image_timeout_ms. */
typedef struct dm_queue_options {
    size_t max_in_flight;     /* maximum number of images that were pushed and whose results were not taken; 0: 64.
                                 The queue's memory grows with it, but not with the number of images or the size of
                                 files */
    int max_connections;      /* connections at the same time, at most 128; 0: 8 */
    bool in_order;            /* return the results in the order of the pushes; false: as soon as they are ready */
    int64_t image_timeout_ms; /* milliseconds from an image's push until its result is ready; 0: the timeout_ms of
                                 the client; negative: no deadline */
} dm_queue_options;

/* The result of one push. It owns everything that it points to, except for the tag. */
typedef struct dm_result {
    void *tag;                     /* as given to the push */
    dm_status status;              /* DM_OK, or why the image failed */
    const dm_inference *inference; /* the predictions; NULL unless the status is DM_OK */
    dm_error error;                /* as dm_spec_infer fills it. `attempts` counts the attempts to submit the image,
                                      because polls are shared with other images. If error.task_id is set, dm_task_wait
                                      or dm_queue_push_task can resume the wait */
} dm_result;

/* Frees a result. */
DM_API void dm_result_free(dm_result *result);

/* Creates a queue and starts its thread. Nothing is sent yet. If options is NULL, every option has its default. The
 * queue borrows the client: free it with dm_queue_free before you free the client.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY, DM_ERR_SYSTEM (no thread or no file descriptor is available). */
DM_API DM_MUST_CHECK dm_status dm_queue_new(dm_client *client, const dm_queue_options *options, dm_queue **queue,
                                            dm_error *error);

/* Adds an inference with a specification to the queue. `inputs`, input_count and options are as in dm_spec_infer. The
 * tag identifies the image for your program; it may be NULL. The function never blocks.
 * Everything is copied, except for the bytes of dm_image_bytes and the text of dm_image_base64: they are borrowed until
 * the result is taken or the queue is freed. A file is opened each time when its upload starts. If it cannot be opened
 * or read, the result is DM_ERR_FILE.
 * Returns DM_FULL if max_in_flight images are in the queue: the image was not added; take a result and push again.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY, DM_ERR_CANCELLED (after dm_queue_cancel). The image was not added,
 * and there is no result for it. */
DM_API DM_MUST_CHECK dm_status dm_queue_push_spec(dm_queue *queue, dm_spec_id id, const dm_input *inputs,
                                                  size_t input_count, const dm_infer_options *options, void *tag,
                                                  dm_error *error);

/* Like dm_queue_push_spec, but with the given version instead of a specification's current version.
 * Errors: those of dm_queue_push_spec. */
DM_API DM_MUST_CHECK dm_status dm_queue_push_version(dm_queue *queue, int64_t id, const dm_input *inputs,
                                                     size_t input_count, const dm_infer_options *options, void *tag,
                                                     dm_error *error);

/* Adds a task that was submitted earlier, for example by dm_spec_submit or by another run of your program. The result
 * has the predictions of that task. Nothing is submitted. The tag, max_in_flight, DM_FULL and image_timeout_ms apply as
 * for an image. The result is DM_ERR_NOT_FOUND if the service does not know the task in two polls; on every failure,
 * result->error.task_id is the id.
 * Errors: those of dm_queue_push_spec. */
DM_API DM_MUST_CHECK dm_status dm_queue_push_task(dm_queue *queue, dm_task_id id, void *tag, dm_error *error);

/* Takes the next result. Blocks until there is one. Returns DM_OK and the result, or DM_DONE and NULL if every push has
 * had its result. Free the result with dm_result_free.
 * DM_OK says nothing about the image: check result->status. It can be any error of dm_spec_infer.
 * If the timeout passes or the call is cancelled before there is a result, nothing is lost: call again. By default the
 * function has no deadline, because each image has its own.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_TIMEOUT, DM_ERR_CANCELLED. */
DM_API DM_MUST_CHECK dm_status dm_queue_next(dm_queue *queue, const dm_call_options *call, dm_result **result,
                                             dm_error *error);

/* A file descriptor that is readable exactly while dm_queue_next would return a result at once. Use it with poll, epoll
 * or an event loop. Do not read from it, write to it or close it. It is valid until the queue is freed. queue must not
 * be NULL.
 * It is not readable while the queue is empty, although dm_queue_next then returns DM_DONE at once. An event loop must
 * count its pushes and results: if it waits for the descriptor after the last result, it waits forever. */
DM_API int dm_queue_descriptor(const dm_queue *queue);

/* Cancels all images that are not finished, without waiting for the network. The function returns at once, and the
 * queue's thread ends the images. Take their results with dm_queue_next, until DM_DONE. The result of a cancelled image
 * is DM_ERR_CANCELLED. If its error.task_id is set, the service continues to process the image; dm_task_wait resumes
 * the wait, or dm_queue_push_task with another queue. Afterwards a push returns DM_ERR_CANCELLED. Does nothing in a
 * child process after a fork. queue may be NULL.
 * Do not call it while another thread uses the queue, nor in a signal handler. To end a dm_queue_next that blocks in
 * another thread, give that call a token in `call` and fire the token. That thread can then call dm_queue_cancel. */
DM_API void dm_queue_cancel(dm_queue *queue);

/* Cancels all images that are not finished, joins the thread, and frees the queue and all results that were not
 * taken. Results that were taken remain valid. The service may still process images that were submitted. In a child
 * process after a fork, this function does nothing. */
DM_API void dm_queue_free(dm_queue *queue);

/* ---------------------------------------------------------------------------------------------------------------- */
/* The account                                                                              API page: "account"     */

/* The account of the API key. */
typedef struct dm_account {
    const int64_t *id; /* NULL if the service did not send it, as for `name` */
    const char *name;  /* name of the account */
    const char *json;  /* everything that the service sent about the account: JSON text of an object */
} dm_account;

DM_API void dm_account_free(dm_account *account);

/* Returns the account of the API key. Use it at start-up to check whether the key is valid. Free it with
 * dm_account_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_account_retrieve(dm_client *client, const dm_call_options *call, dm_account **account,
                                                   dm_error *error);

#ifdef __cplusplus
}
#endif

#endif
