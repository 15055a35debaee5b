/*
 * libdeepomatic: recognise images with Deepomatic's API v0.7, from C and C++.
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
 * This header is the manual. It reads from top to bottom: errors, cancelling, the client, specifications, images,
 * inference, tasks, versions, the account. Six rules make it guessable:
 *
 * 1. The struct path is the JSON path. What the API's documentation calls outputs[0].labels.predicted[0].score is
 *    inference->outputs[0].labels.predicted[0].score. An array `outputs` has its length in `output_count`. When a
 *    count is zero the array may be NULL.
 * 2. Optional is a pointer, absent is NULL. In what is sent as a resource, 0, false and "" are values.
 * 3. What is required is an argument; what is optional is a struct whose zero means default, and a NULL pointer to
 *    such a struct means all defaults. Initialise the structs with `= {0}` in C and `{}` in C++. What you pass is
 *    borrowed until the call returns; it is never kept and never changed.
 * 4. Owned is `T *`, borrowed is `const T *`. A result is given whole: its strings, arrays and nested structs live
 *    exactly as long as it does, and one dm_..._free ends it. Freeing NULL does nothing.
 * 5. Every call that can fail is `dm_status dm_noun_verb(client, required..., options, call, out, error)`. On any
 *    failure *out is NULL. Look at the status: the compiler warns if you do not.
 * 6. The error is a plain struct of yours, filled on failure and cleared on success; NULL if you do not want it.
 *
 * Text: every string is UTF-8 and ends with a NUL. Invalid UTF-8 is refused before anything is sent; only an image
 * file's path is the operating system's, and may be any bytes. Free-form JSON (metadata, post_processings, a task's
 * data) crosses this header as JSON text, exactly as it was sent, digit for digit; it is nested at most 128 deep, holds
 * at most 2,000,000 values, and a number in it has at most 63 characters; \u0000 and halves of surrogate pairs are
 * refused.
 *
 * Threads: one dm_client serves any number of threads at the same time. A result, an iterator and a dm_error belong to
 * whoever received them: use each from one thread at a time. A child process must not use a client or a switch that was
 * made before the fork, but make its own. No call raises or handles a signal in your process. (While a call drives its
 * connection, SIGPIPE is blocked in its thread, and one that comes then is taken away.)
 *
 * Blocking: every call that takes a `dm_call_options *` blocks until its answer is there, its time is up, or it is cancelled.
 *
 * The common errors. Every call that talks to the service can return these; the text at each call names only what
 * it can return besides:
 *     DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY, DM_ERR_SYSTEM, DM_ERR_CANCELLED, DM_ERR_TIMEOUT, DM_ERR_NETWORK,
 *     DM_ERR_TLS, DM_ERR_CREDENTIALS, DM_ERR_REJECTED, DM_ERR_RATE_LIMITED, DM_ERR_SERVER, DM_ERR_REDIRECT,
 *     DM_ERR_BAD_RESPONSE, DM_ERR_TOO_LARGE; and DM_ERR_NOT_FOUND, which from a call that names no resource means that
 *     api_url is wrong.
 *
 * API pages: "recognition specification", "recognition version", "tasks", "inference output", "common objects",
 * "errors" and "account" are pages of https://docs.deepomatic.com under "Deepomatic API v0.7".
 */
#ifndef DEEPOMATIC_H
#define DEEPOMATIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DM_VERSION "0.2.0"

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

/* The library's version, "major.minor.patch". Static text. While the major version is 0, a new minor version may
 * change the ABI, and the shared library's SONAME changes with it. */
DM_API const char *dm_library_version(void);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Errors                                                                                    API page: "errors"     */

/* What came of a call. */
typedef enum dm_status {
    DM_OK = 0,               /* it worked */
    DM_DONE = 1,             /* no failure: there is no further item or page */
    DM_ERR_INVALID_ARGUMENT, /* an argument or option is wrong; nothing was sent */
    DM_ERR_NO_MEMORY,        /* an allocation failed; the client still works */
    DM_ERR_SYSTEM,           /* the operating system refused something else, such as a socket */
    DM_ERR_FILE,             /* an image file cannot be opened or read, or changed while the call used it */
    DM_ERR_CANCELLED,        /* dm_cancel_fire */
    DM_ERR_TIMEOUT,          /* the call's time is up, or every attempt stalled */
    DM_ERR_NETWORK,          /* no connection, or it broke, on every attempt */
    DM_ERR_TLS,              /* the server's certificate is not trusted, or no secure connection can be made */
    DM_ERR_CREDENTIALS,      /* no API key, or the service refuses it (HTTP 401, 403) */
    DM_ERR_NOT_FOUND,        /* no such resource (HTTP 404) */
    DM_ERR_REJECTED,         /* the service refuses the request as it is (any other HTTP 4xx) */
    DM_ERR_RATE_LIMITED,     /* too many requests (HTTP 429), on the last attempt too */
    DM_ERR_SERVER,           /* the service failed (HTTP 5xx, 408), on the last attempt too */
    DM_ERR_REDIRECT,         /* a redirect or page link leads to another server, or redirects do not end */
    DM_ERR_BAD_RESPONSE,     /* the reply is not what the API promises; the message names the field */
    DM_ERR_TOO_LARGE,        /* the reply is larger than max_response_bytes */
    DM_ERR_TASK_FAILED       /* the service could not recognise the image (dm_..._infer only) */
} dm_status;

/* The status's own name, such as "DM_ERR_TIMEOUT"; "unknown dm_status" for any other number. Static text. */
DM_API const char *dm_status_name(dm_status status);

/* A task's id: a value to copy and keep; print `text`, which is never longer than 63 bytes and its NUL. */
typedef struct dm_task_id {
    char text[64];
} dm_task_id;

/* Why a call failed. Fixed size (1024 bytes), no pointers: copy it, keep it, there is nothing to free. The next call
 * that it is passed to clears it; behind DM_OK and DM_DONE all of it is 0 and "". */
typedef struct dm_error {
    dm_status status;         /* what the call returned */
    int http_status;          /* of the last attempt, such as 404; 0 if no complete reply came to it */
    int attempts;             /* how many HTTP requests this call sent, or tried to send */
    bool outcome_unknown;     /* the service may have carried out what was asked, although no good answer came. Behind a
                                 create, look for the result before you create again; what was inferred may be billed;
                                 an update or a delete can simply be made again */
    int64_t retry_after_ms;   /* how long the service asks to be left alone (Retry-After); 0 if it does not */
    dm_task_id task_id;       /* the task at hand, so that dm_task_wait can go on later; text "" if there is none */
    char message[512];        /* one printable line: what failed, on what, why, and what to do; never the API key */
    char server_message[424]; /* the service's own words, on one line; "" if it said nothing */
} dm_error;

/* ---------------------------------------------------------------------------------------------------------------- */
/* Cancelling, and time                                                                                             */

/* A switch that ends calls. Any number of calls in any number of threads may hold it; once fired it stays fired. */
typedef struct dm_cancel dm_cancel;

/* Makes a switch. Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY, DM_ERR_SYSTEM (no file descriptor is left). */
DM_API DM_MUST_CHECK dm_status dm_cancel_new(dm_cancel **cancel, dm_error *error);

/* Ends every call that holds the switch, now or later, with DM_ERR_CANCELLED: one that is connecting, sending, waiting
 * for a reply or between two attempts. May be called from any thread and from a signal handler, any number of times. */
DM_API void dm_cancel_fire(dm_cancel *cancel);

/* Ends the switch. No call may hold it any more. */
DM_API void dm_cancel_free(dm_cancel *cancel);

/* What one call may have of its own. Zero means the client's default. */
typedef struct dm_call_options {
    int64_t timeout_ms; /* milliseconds for the whole call: sending, retries, waiting. Negative: no limit */
    dm_cancel *cancel;  /* ends the call when fired; NULL: the call cannot be cancelled */
} dm_call_options;

/* ---------------------------------------------------------------------------------------------------------------- */
/* The client                                                                                                       */

/* A connection to the service: credentials, settings, and a pool of warm connections. Make one, share it. */
typedef struct dm_client dm_client;

/* What a log line is about. */
typedef enum dm_log_level {
    DM_LOG_INFO = 0,   /* one line for each HTTP attempt, also for one that was broken off: method, path, status,
                          milliseconds, bytes, attempt number */
    DM_LOG_WARNING = 1 /* something that you should know: an attempt that will be repeated, TLS checks switched off */
} dm_log_level;

/* Receives one line of text without a line feed, which lives until the callback returns. Called from the thread that
 * makes the call, never from within libcurl, so it may call the library. It never sees the API key. SIGPIPE is blocked
 * while it runs. */
typedef void (*dm_log_callback)(dm_log_level level, const char *line, void *log_data);

/* The client's options. All strings are copied. Zero or NULL means the default. "" is a value: no proxy, no user agent;
 * as a key, app id, address or file it is refused. (An empty variable of the environment is as good as none.) The
 * defaults are these:
 *
 *     api_key                 environment DEEPOMATIC_API_KEY; there must be one
 *     app_id                  environment DEEPOMATIC_APP_ID; none (deprecated by the service)
 *     api_url                 environment DEEPOMATIC_API_URL; https://api.deepomatic.com
 *     user_agent              libdeepomatic/VERSION
 *     timeout_ms              60000     a call; sending, waiting and all attempts together
 *     wait_all_timeout_ms     300000    dm_task_wait_all
 *     connect_timeout_ms      5000      one attempt's name look-up, TCP connection and TLS handshake
 *     stall_timeout_ms        10000     one attempt's longest silence. Below some 2,000 bytes a second, a link may pass
 *                                       for silent
 *     max_attempts            5         1: never try again
 *     retry_delay_ms          500       upper bound of the pause before the second attempt; doubles each time
 *     max_retry_delay_ms      8000      ... up to this
 *     poll_delay_ms           50        from the submission to the first question for a task
 *     max_poll_delay_ms       1000      the longest pause between two questions
 *     max_response_bytes      67108864  64 MiB, counted as they come and after decompression
 *     proxy, no_proxy         environment http_proxy, https_proxy, all_proxy, no_proxy, as libcurl reads them
 *     ca_file                 the system's certificates
 *     client_certificate      none
 *     client_key              the file client_certificate
 *     insecure_skip_verify    environment DEEPOMATIC_API_VERIFY_TLS ("1" or unset verifies; anything else, "" too, does
 *                             not, and neither does true here)
 *     log                     none: silent
 */
typedef struct dm_client_options {
    const char *api_key;    /* the API key, sent as X-API-KEY to the service's own address and nowhere else */
    const char *app_id;     /* sent as X-APP-ID */
    const char *api_url;    /* http:// or https:// address without the /v0.7; a path prefix is allowed, user:password,
                               query and fragment are not. Over http:// the key travels in clear */
    const char *user_agent; /* replaces the default user agent */
    int64_t timeout_ms;     /* all times in milliseconds; a negative timeout_ms or wait_all_timeout_ms: no limit */
    int64_t wait_all_timeout_ms;
    int64_t connect_timeout_ms; /* must not be negative, like all below */
    int64_t stall_timeout_ms;
    int max_attempts; /* of one request. Only what cannot do harm is tried again: see "Retries" below */
    bool submit_once; /* never send an inference twice: it might run, and be billed, twice */
    int64_t retry_delay_ms;
    int64_t max_retry_delay_ms;
    int64_t poll_delay_ms;
    int64_t max_poll_delay_ms;
    size_t max_response_bytes;
    const char *proxy;    /* address of a proxy; "": none, whatever the environment says. On plain http:// a proxy
                             reads the API key */
    const char *no_proxy; /* comma-separated hosts that are reached without the proxy */
    const char *ca_file;  /* PEM file of the certificates to trust, in place of the system's; for a proxy, too */
    const char *client_certificate; /* PEM file of this client's certificate */
    const char *client_key;         /* PEM file of its private key; not without a certificate */
    bool insecure_skip_verify; /* true: accept any certificate. Whoever is in between can read the key. Tests only */
    dm_log_callback log;
    void *log_data; /* handed to `log`; borrowed for the life of the client */
} dm_client_options;

/*
 * Retries. An attempt that failed for a passing cause (no connection, no TLS handshake, a stalled or broken connection,
 * a reply cut short, HTTP 408, 429, 500, 502, 503, 504) is made again after a random pause, or the pause that the
 * service's Retry-After asks for, as long as the call's time and max_attempts allow. A Retry-After beyond the call's
 * time fails at once, with the reply's own status, and dm_error.retry_after_ms says how long. Repeated are: every
 * retrieve, list, update and delete, and an inference unless submit_once is set. A create is repeated only when it is
 * certain that the service did not carry it out; otherwise it fails with outcome_unknown set. A delete that may have
 * worked, and whose repetition finds nothing left to delete, has succeeded.
 * On a kept connection that ends before the first byte of a reply, what may be repeated is sent again at once, with
 * max_attempts 1 too (submit_once keeps an inference from that); dm_error.attempts counts it. What the service has
 * turned away, with HTTP 429, or 503 and a Retry-After, it has not carried out: that may be repeated in any case.
 */

/* Makes a client; nothing is sent yet (dm_account_retrieve asks whether the key is good). options NULL: all from the
 * environment. The client must be freed with dm_client_free.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_CREDENTIALS (no API key), DM_ERR_NO_MEMORY, DM_ERR_SYSTEM. */
DM_API DM_MUST_CHECK dm_status dm_client_new(const dm_client_options *options, dm_client **client, dm_error *error);

/* Closes the connections, overwrites the library's own copies of the key and frees the client. No call may be using
 * it any more, and its iterators must have been freed. Results live on. */
DM_API void dm_client_free(dm_client *client);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Specifications                                                          API page: "recognition specification"    */

/* Which specification: a private one by its number, a public one by its name. Private and public ids go to different
 * paths of the API, so 42 and "42" are different specifications. */
typedef struct dm_spec_id {
    int64_t private_id;    /* positive, if public_id is NULL; otherwise ignored */
    const char *public_id; /* NULL for a private specification; borrowed */
} dm_spec_id;

DM_API dm_spec_id dm_private_spec(int64_t id);      /* one of your own, such as dm_private_spec(42) */
DM_API dm_spec_id dm_public_spec(const char *name); /* a public one, such as dm_public_spec("fashion-v4"); borrows */

/* What an output's labels are given for. ROI is "region of interest". */
typedef enum dm_roi_kind {
    DM_ROI_NONE = 0, /* "NONE": labels for the whole image */
    DM_ROI_BBOX = 1, /* "BBOX": labels with bounding boxes */
    DM_ROI_OTHER = 2 /* a kind that this library does not know; it cannot be sent */
} dm_roi_kind;

/* Something that can be recognised. */
typedef struct dm_label {
    int64_t id;       /* any number; comes back as dm_prediction.label_id */
    const char *name; /* comes back as dm_prediction.label_name */
} dm_label;

/* An output that is made of labels. */
typedef struct dm_labels_output {
    const dm_label *labels; /* label_count of them */
    size_t label_count;
    bool exclusive;  /* at most one of the labels holds */
    dm_roi_kind roi; /* where the labels hold: for the whole image, or for boxes in it */
} dm_labels_output;

/* One output of a specification. An output of a kind that this library does not know has no labels. */
typedef struct dm_output {
    dm_labels_output labels;
} dm_output;

/* A specification: what is recognised, and which version of a network does it. */
typedef struct dm_spec {
    dm_spec_id id;                     /* fit for every call that takes one; lives as long as the struct */
    const char *name;                  /* never NULL */
    const char *description;           /* NULL if the service did not send it, like all pointers below */
    const char *update_date;           /* ISO 8601, such as "2018-02-16T16:37:25.148189Z" */
    const char *metadata;              /* JSON text of an object */
    const int64_t *current_version_id; /* NULL: no version yet, or a public specification */
    const dm_task_id *task_id;         /* only in the answer to dm_spec_create */
    const dm_output *outputs;          /* not in pages: retrieve the specification to see them */
    size_t output_count;
} dm_spec;

DM_API void dm_spec_free(dm_spec *spec);

/* What dm_spec_create can be given beyond what it must. */
typedef struct dm_spec_create_options {
    const char *description; /* NULL: "" */
    const char *metadata;    /* JSON text of an object, nested at most 128 deep; NULL: {} */
} dm_spec_create_options;

/* Creates a private specification with these outputs (at least one) and gives it as the service stored it. Free it
 * with dm_spec_free. It can recognise something once dm_version_create has given it a version.
 * Never sent twice unless it is certain that the service did not carry it out.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_spec_create(dm_client *client, const char *name, const dm_output *outputs,
                                              size_t output_count, const dm_spec_create_options *options,
                                              const dm_call_options *call, dm_spec **spec, dm_error *error);

/* Gives a private or public specification, complete. Free it with dm_spec_free.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_retrieve(dm_client *client, dm_spec_id id, const dm_call_options *call,
                                                dm_spec **spec, dm_error *error);

/* What dm_spec_update changes. NULL and false leave a field as it is; "" is a value. */
typedef struct dm_spec_changes {
    const char *name;                  /* new name */
    const char *description;           /* new description */
    const char *metadata;              /* JSON text of an object; replaces the old one whole */
    const int64_t *current_version_id; /* a version of this specification */
    bool clear_current_version;        /* true: leave it without a version; not together with current_version_id */
} dm_spec_changes;

/* Changes a private specification and gives it as it is now. Free it with dm_spec_free. The outputs never change.
 * changes must hold at least one change.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_update(dm_client *client, dm_spec_id id, const dm_spec_changes *changes,
                                              const dm_call_options *call, dm_spec **spec, dm_error *error);

/* Deletes a private specification with all its versions. This cannot be undone.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_delete(dm_client *client, dm_spec_id id, const dm_call_options *call,
                                              dm_error *error);

/* ---- Pages and iterators ---- */

/* Whose specifications. */
typedef enum dm_visibility {
    DM_VISIBILITY_PRIVATE = 0, /* your own specifications */
    DM_VISIBILITY_PUBLIC = 1   /* the public ones */
} dm_visibility;

/* Which part of a list. */
typedef struct dm_page_options {
    int64_t offset; /* items to skip; 0 or more */
    int64_t limit;  /* items in a page; 0: 100. The service may give fewer */
} dm_page_options;

/* A part of a list of specifications. */
typedef struct dm_spec_page {
    int64_t count;          /* items in the whole list, over all pages */
    const char *next;       /* address of the next page; NULL: this is the last one */
    const char *previous;   /* address of the previous page; NULL: this is the first one */
    const dm_spec *results; /* without their outputs */
    size_t result_count;
} dm_spec_page;

DM_API void dm_spec_page_free(dm_spec_page *page);

/* Gives one page of the specifications. options NULL: the first 100. Free it with dm_spec_page_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_spec_list(dm_client *client, dm_visibility visibility, const dm_page_options *options,
                                            const dm_call_options *call, dm_spec_page **page, dm_error *error);

/* Gives the page after `page`, or DM_DONE and NULL after the last one. `page` stays yours.
 * Errors: the common ones; DM_ERR_REDIRECT also if the link leads to another host. */
DM_API DM_MUST_CHECK dm_status dm_spec_page_next(dm_client *client, const dm_spec_page *page,
                                                 const dm_call_options *call, dm_spec_page **next, dm_error *error);

/* All specifications, page after page; one page in memory at a time. */
typedef struct dm_spec_iter dm_spec_iter;

/* Makes an iterator; nothing is sent yet. options: where to begin, and how many items to ask for at a time. It borrows
 * the client: free it, with dm_spec_iter_free, before the client.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY. */
DM_API DM_MUST_CHECK dm_status dm_spec_iter_new(dm_client *client, dm_visibility visibility,
                                                const dm_page_options *options, dm_spec_iter **iter, dm_error *error);

/* Gives the next specification with DM_OK, or NULL with DM_DONE after the last one. *spec belongs to the iterator and
 * lives until the next call with it. Asks the service only when a page is used up. After a failure, call again to try
 * the same page again.
 * Errors: those of dm_spec_page_next. */
DM_API DM_MUST_CHECK dm_status dm_spec_iter_next(dm_spec_iter *iter, const dm_call_options *call, const dm_spec **spec,
                                                 dm_error *error);

DM_API void dm_spec_iter_free(dm_spec_iter *iter);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Images                                           API pages: "recognition specification" (Image input),           */
/*                                                             "common objects" (bounding box, point)               */

/* Coordinates are normalised: 0 is the left or top edge of the image, 1 the right or bottom edge. */
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

/* What an input's data is. */
typedef enum dm_source {
    DM_SOURCE_NONE = 0, /* a zeroed dm_input: refused */
    DM_SOURCE_URL,      /* dm_image_url */
    DM_SOURCE_FILE,     /* dm_image_file */
    DM_SOURCE_BYTES,    /* dm_image_bytes */
    DM_SOURCE_BASE64    /* dm_image_base64 */
} dm_source;

/* One image to recognise. Make it with a dm_image_... function, which sets the first three fields; then set the
 * others as you like. It holds no copy of anything: what it points to must live until the call returns. */
typedef struct dm_input {
    dm_source source;             /* what `data` is */
    const void *data;             /* an address or a path (text ending in NUL), an image's bytes, or base64 text */
    size_t size;                  /* bytes at `data`, for bytes and base64; otherwise 0 */
    const dm_bbox *bbox;          /* look only at this part of the image; NULL: at all of it */
    const dm_point *polygon;      /* look only inside this polygon, with a bbox too if you like */
    size_t polygon_count;         /* points at `polygon`: at least 3; or 0: everywhere */
    bool crop_uniform_background; /* cut off a background of one colour first */
} dm_input;

/* The image at an http:// or https:// address, which the service itself fetches. */
DM_API dm_input dm_image_url(const char *url);

/* An image file: JPEG, PNG or whatever else the service reads. It must be a regular file; it is opened when the call
 * begins and streamed from the disk, so its size costs no memory. For a pipe use dm_image_bytes. */
DM_API dm_input dm_image_file(const char *path);

/* An image file's bytes in memory. They are sent from where they lie. */
DM_API dm_input dm_image_bytes(const void *bytes, size_t size);

/* An image file's bytes as base64 text (RFC 4648, section 4) of `length` bytes. White space in it, such as line ends,
 * is skipped, and padding may be missing. It is sent from where it lies, after a "data:image/..." prefix that the
 * library adds: pass the text without one. */
DM_API dm_input dm_image_base64(const char *text, size_t length);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Inference                                API pages: "recognition specification" (Inference), "inference output"   */

/* A region of interest: where in the image a label was found. */
typedef struct dm_roi {
    int64_t region_id;   /* predictions of one region, predicted and discarded, share it */
    const dm_bbox *bbox; /* normalised, within the whole image; NULL if the reply has none */
} dm_roi;

/* A label, and how sure the service is that it is there. */
typedef struct dm_prediction {
    int64_t label_id;              /* dm_label.id of the specification */
    const char *label_name;        /* dm_label.name of the specification */
    double score;                  /* 0..1 */
    double threshold;              /* 0..1; the label is predicted if score > threshold */
    const dm_roi *roi;             /* NULL unless the specification localises its labels */
    const int64_t *sequence_index; /* for sequences: the index of the image; otherwise NULL */
    const double *sequence_time;   /* for sequences: the time in seconds; otherwise NULL */
} dm_prediction;

/* What was found, and what was not. */
typedef struct dm_labels_inference {
    const dm_prediction *predicted; /* by falling score */
    size_t predicted_count;
    const dm_prediction *discarded; /* scores that do not pass the threshold; empty unless show_discarded was set */
    size_t discarded_count;
} dm_labels_inference;

/* One output of an inference. An output of a kind that this library does not know has no labels. */
typedef struct dm_output_inference {
    dm_labels_inference labels;
} dm_output_inference;

/* The answer to an inference. */
typedef struct dm_inference {
    const dm_output_inference *outputs; /* the i-th one answers for the specification's i-th output */
    size_t output_count;
} dm_inference;

DM_API void dm_inference_free(dm_inference *inference);

/* What dm_..._infer and dm_..._submit can be given beyond what they must. */
typedef struct dm_infer_options {
    bool show_discarded;     /* give also the labels that do not pass their threshold */
    int64_t max_predictions; /* at most so many predicted and so many discarded labels; 0: the service's 100 */
} dm_infer_options;

/* Recognises: submits the inputs (at least one), waits for the task and gives its predictions. Free them with
 * dm_inference_free. The request is JSON if all inputs are addresses or base64, otherwise multipart.
 * Once the inputs are submitted, error->task_id names the task on every failure, so that dm_task_wait can go on.
 * Errors: the common ones, DM_ERR_FILE, DM_ERR_NOT_FOUND (no such specification; or, if error->task_id is set, the
 * service has lost the task: submit again), DM_ERR_TASK_FAILED (the service could not recognise it: not an image, say;
 * the message has its words). A specification without a current version is DM_ERR_REJECTED. */
DM_API DM_MUST_CHECK dm_status dm_spec_infer(dm_client *client, dm_spec_id id, const dm_input *inputs,
                                             size_t input_count, const dm_infer_options *options,
                                             const dm_call_options *call, dm_inference **inference, dm_error *error);

/* Submits the inputs (at least one) without waiting: *task_id is for dm_task_wait and its kin. On failure it is
 * emptied.
 * Errors: the common ones, DM_ERR_FILE, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_submit(dm_client *client, dm_spec_id id, const dm_input *inputs,
                                              size_t input_count, const dm_infer_options *options,
                                              const dm_call_options *call, dm_task_id *task_id, dm_error *error);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Tasks                                                                                      API page: "tasks"     */

/* How a task is doing. */
typedef enum dm_task_status {
    DM_TASK_PENDING = 0,   /* not done yet */
    DM_TASK_SUCCESS = 1,   /* done: see task->inference, task->data */
    DM_TASK_ERROR = 2,     /* task->error says why */
    DM_TASK_MISSING = 3,   /* the service does not know the id (dm_task_list, dm_task_wait_all) */
    DM_TASK_UNREADABLE = 4 /* the service's reply about it is not what the API promises (dm_task_list,
                              dm_task_wait_all): task->error says why, task->data has the raw JSON */
} dm_task_status;

/* Work that the service does behind the scenes, such as an inference. */
typedef struct dm_task {
    dm_task_id id;                 /* as text, whether the service writes a string or a number */
    dm_task_status status;         /* a status that is not known is DM_ERR_BAD_RESPONSE for one task, and
                                      DM_TASK_UNREADABLE for one of many */
    const char *error;             /* the service's words for DM_TASK_ERROR, NULL if it has none; what is wrong with
                                      the reply for DM_TASK_UNREADABLE; otherwise NULL */
    const char *date_created;      /* ISO 8601; NULL if the service did not send it, and in what dm_task_wait_all
                                      gives as pending or missing */
    const char *date_updated;      /* ISO 8601; likewise */
    const dm_inference *inference; /* the decoded data; NULL if there is none, or if it is something else */
    const char *data;              /* the data as JSON text; NULL if there is none */
} dm_task;

DM_API void dm_task_free(dm_task *task);

/* Many tasks. */
typedef struct dm_tasks {
    const dm_task *tasks; /* tasks[i] is the one of the i-th id asked for */
    size_t task_count;
    size_t pending_count; /* how many of them are pending */
} dm_tasks;

DM_API void dm_tasks_free(dm_tasks *tasks);

/* Makes a task's id from its text, such as "123": what an earlier run printed. Letters, digits, '-' and '_'.
 * Errors: DM_ERR_INVALID_ARGUMENT (empty, longer than 63 bytes, another character). */
DM_API DM_MUST_CHECK dm_status dm_task_id_parse(const char *text, dm_task_id *id, dm_error *error);

/* Asks once how a task is doing. A task that failed is DM_OK too: see task->status. Free it with dm_task_free.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_task_retrieve(dm_client *client, dm_task_id id, const dm_call_options *call,
                                                dm_task **task, dm_error *error);

/* Asks once about many tasks, with one request for each 100 ids. The order is that of the ids; one that the
 * service does not know is DM_TASK_MISSING. Free them with dm_tasks_free. ids may be NULL if id_count is 0.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_task_list(dm_client *client, const dm_task_id *ids, size_t id_count,
                                            const dm_call_options *call, dm_tasks **tasks, dm_error *error);

/* Waits until a task is done, and gives it. A task that failed is DM_OK too: see task->status. Free it with
 * dm_task_free. A question that fails for a passing cause does not end the wait; the call's time does.
 * On failure error->task_id is the id, and a DM_ERR_TIMEOUT says how the last question failed, if it did.
 * Errors: the common ones, DM_ERR_NOT_FOUND; DM_ERR_RATE_LIMITED and DM_ERR_SERVER only if the service asks to be left
 * alone for longer than the call's time. */
DM_API DM_MUST_CHECK dm_status dm_task_wait(dm_client *client, dm_task_id id, const dm_call_options *call,
                                            dm_task **task, dm_error *error);

/* Waits until all tasks are done, asking for up to 100 of them with one request. The order is that of the ids. When
 * the time is up, or the service asks to be left alone for longer than that, it is DM_OK too: the finished tasks are
 * there, the others are DM_TASK_PENDING, and tasks->pending_count counts them. An id that the service does not know in
 * two rounds is DM_TASK_MISSING. Its default time is wait_all_timeout_ms. Free them with dm_tasks_free.
 * Errors: the common ones; DM_ERR_TIMEOUT, DM_ERR_RATE_LIMITED and DM_ERR_SERVER only if no answer came at all. */
DM_API DM_MUST_CHECK dm_status dm_task_wait_all(dm_client *client, const dm_task_id *ids, size_t id_count,
                                                const dm_call_options *call, dm_tasks **tasks, dm_error *error);

/* ---------------------------------------------------------------------------------------------------------------- */
/* Versions                                                                      API page: "recognition version"    */

/* A version binds a network to a specification. A specification's first version becomes its current one. */
typedef struct dm_version {
    int64_t id;                   /* of the version itself */
    int64_t spec_id;              /* of a private specification */
    int64_t network_id;           /* of the network that recognises */
    const char *spec_name;        /* NULL if the service did not send it, like all below */
    const char *network_name;     /* likewise */
    const char *update_date;      /* ISO 8601 */
    const char *post_processings; /* JSON text of an array; not in pages */
} dm_version;

DM_API void dm_version_free(dm_version *version);

/* Gives a private specification a version. post_processings is JSON text of an array with one object for each output
 * of the specification; the API's page describes them. Free the result with dm_version_free.
 * Never sent twice unless it is certain that the service did not carry it out.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_version_create(dm_client *client, dm_spec_id spec, int64_t network_id,
                                                 const char *post_processings, const dm_call_options *call,
                                                 dm_version **version, dm_error *error);

/* Gives a version, complete. Free it with dm_version_free. Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_version_retrieve(dm_client *client, int64_t id, const dm_call_options *call,
                                                   dm_version **version, dm_error *error);

/* Deletes a version. This cannot be undone. Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_version_delete(dm_client *client, int64_t id, const dm_call_options *call,
                                                 dm_error *error);

/* A part of a list of versions. */
typedef struct dm_version_page {
    int64_t count;             /* items in the whole list, over all pages */
    const char *next;          /* address of the next page; NULL: this is the last one */
    const char *previous;      /* address of the previous page; NULL: this is the first one */
    const dm_version *results; /* without their post_processings */
    size_t result_count;
} dm_version_page;

DM_API void dm_version_page_free(dm_version_page *page);

/* Gives one page of all your versions. options NULL: the first 100. Free it with dm_version_page_free.
 * Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_version_list(dm_client *client, const dm_page_options *options,
                                               const dm_call_options *call, dm_version_page **page, dm_error *error);

/* Gives one page of a private specification's versions. As dm_version_list.
 * Errors: the common ones, DM_ERR_NOT_FOUND. */
DM_API DM_MUST_CHECK dm_status dm_spec_versions(dm_client *client, dm_spec_id spec, const dm_page_options *options,
                                                const dm_call_options *call, dm_version_page **page, dm_error *error);

/* Gives the page after `page`, or DM_DONE and NULL after the last one. `page` stays yours.
 * Errors: the common ones; DM_ERR_REDIRECT also if the link leads to another host. */
DM_API DM_MUST_CHECK dm_status dm_version_page_next(dm_client *client, const dm_version_page *page,
                                                    const dm_call_options *call, dm_version_page **next,
                                                    dm_error *error);

/* All versions, page after page; one page in memory at a time. */
typedef struct dm_version_iter dm_version_iter;

/* Makes an iterator over all your versions, or over those of the private specification *spec if spec is not NULL;
 * nothing is sent yet. It borrows the client: free it, with dm_version_iter_free, before the client.
 * Errors: DM_ERR_INVALID_ARGUMENT, DM_ERR_NO_MEMORY. */
DM_API DM_MUST_CHECK dm_status dm_version_iter_new(dm_client *client, const dm_spec_id *spec,
                                                   const dm_page_options *options, dm_version_iter **iter,
                                                   dm_error *error);

/* As dm_spec_iter_next. Errors: those of dm_version_page_next, DM_ERR_NOT_FOUND (no such specification). */
DM_API DM_MUST_CHECK dm_status dm_version_iter_next(dm_version_iter *iter, const dm_call_options *call,
                                                    const dm_version **version, dm_error *error);

DM_API void dm_version_iter_free(dm_version_iter *iter);

/* As dm_spec_infer and dm_spec_submit, with a given version in place of a specification's current one.
 * Errors: those of dm_spec_infer and dm_spec_submit. */
DM_API DM_MUST_CHECK dm_status dm_version_infer(dm_client *client, int64_t id, const dm_input *inputs,
                                                size_t input_count, const dm_infer_options *options,
                                                const dm_call_options *call, dm_inference **inference, dm_error *error);
DM_API DM_MUST_CHECK dm_status dm_version_submit(dm_client *client, int64_t id, const dm_input *inputs,
                                                 size_t input_count, const dm_infer_options *options,
                                                 const dm_call_options *call, dm_task_id *task_id, dm_error *error);

/* ---------------------------------------------------------------------------------------------------------------- */
/* The account                                                                              API page: "account"     */

/* Whom the API key belongs to. */
typedef struct dm_account {
    const int64_t *id; /* NULL if the service did not send it, like `name` */
    const char *name;  /* the account's */
    const char *json;  /* everything that the service says of the account, as JSON text of an object */
} dm_account;

DM_API void dm_account_free(dm_account *account);

/* Gives the account that the API key belongs to: the way to find out, at start, whether the key is good. Free it with
 * dm_account_free. Errors: the common ones. */
DM_API DM_MUST_CHECK dm_status dm_account_retrieve(dm_client *client, const dm_call_options *call, dm_account **account,
                                                   dm_error *error);

#ifdef __cplusplus
}
#endif

#endif
