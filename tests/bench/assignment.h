/* The arguments of a run: the job, the number of repetitions, and the service's address. */
#ifndef BENCH_ASSIGNMENT_H
#define BENCH_ASSIGNMENT_H

enum job {
    JOB_GET,       /* retrieve a specification with SMALL_LABEL_COUNT labels: a small GET */
    JOB_RETRIEVE,  /* retrieve a specification with LABEL_COUNT labels */
    JOB_INFERENCE, /* submit an image by its URL, wait PAUSE_MS, retrieve the task with PREDICTION_COUNT predictions */
    JOB_UPLOAD,    /* submit an image file, multipart */
    JOB_BASE64,    /* submit an image that is in memory as base64 text, JSON */
    JOB_CREATE     /* create a specification with LABEL_COUNT labels */
};

/* The shortest delay that the library can be given before its first poll. The others wait as long. */
enum { PAUSE_MS = 1 };

struct assignment {
    enum job job;
    long count;       /* how often */
    const char *url;  /* the service's, without the /v0.7 */
    const char *ca;   /* PEM file of the certificate to trust */
    const char *file; /* the image file to upload */
};

/* Reads the arguments JOB COUNT URL CA-FILE IMAGE-FILE. Ends the program with a message if they are wrong. */
struct assignment assignment_parse(int argc, char **argv);

#endif
