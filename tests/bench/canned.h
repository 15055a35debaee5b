/* The texts of requests and replies, which are all that the server and the measured programs share. */
#ifndef BENCH_CANNED_H
#define BENCH_CANNED_H

#include <stddef.h>
#include <stdint.h>

enum { LABEL_COUNT = 1000, SMALL_LABEL_COUNT = 2, PREDICTION_COUNT = 100, LABEL_NAME_SIZE = 32 };

#define API_KEY   "0123456789abcdef0123456789abcdef"
#define IMAGE_URL "https://images.example.com/photos/dog.jpg"
#define TASK_ID   "7654321"
#define SPEC_NAME "every label"

#define SPECS_PATH      "/v0.7/recognition/specs"
#define SMALL_SPEC_PATH "/v0.7/recognition/specs/7"
#define SPEC_PATH       "/v0.7/recognition/specs/42"
#define INFERENCE_PATH  "/v0.7/recognition/specs/42/inference"
#define TASKS_PATH      "/v0.7/tasks/"
enum { SPEC_ID = 42, SMALL_SPEC_ID = 7 };

/* The label of an index: its id and its name. */
int64_t canned_label_id(int index);
void canned_label_name(int index, char name[LABEL_NAME_SIZE]);

/* All texts below end in a NUL, are allocated, and live until the program ends. */

/* Replies. */
char *canned_spec(void);
char *canned_small_spec(void);
char *canned_created_spec(void);
char *canned_submission(void);
char *canned_task(void);

/* Requests. */
char *canned_create_request(void);
char *canned_inference_request(void);

/* The base64 text of an image of 5 MB, without line ends. */
char *canned_base64(size_t *length);

#endif
