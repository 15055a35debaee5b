/* Implementation (c)'s typed structs, read from cJSON's trees and written with them. They have the same fields as the
 * library's. */
#ifndef BENCH_CAREFUL_RESOURCES_H
#define BENCH_CAREFUL_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct label {
    int64_t id;
    char *name;
};

struct output {
    char *roi;
    bool exclusive;
    struct label *labels;
    size_t label_count;
};

struct spec {
    int64_t id;
    char *name;
    char *description;
    char *update_date;
    char *metadata; /* JSON text */
    bool has_current_version;
    int64_t current_version_id;
    struct output *outputs;
    size_t output_count;
};

struct bbox {
    double xmin, ymin, xmax, ymax;
};

struct prediction {
    int64_t label_id;
    char *label_name;
    double score;
    double threshold;
    bool has_roi;
    int64_t region_id;
    bool has_bbox;
    struct bbox bbox;
};

struct predictions {
    struct prediction *items;
    size_t count;
};

struct output_inference {
    struct predictions predicted;
    struct predictions discarded;
};

enum task_status { TASK_PENDING, TASK_SUCCESS, TASK_ERROR };

struct task {
    enum task_status status;
    char *error;
    struct output_inference *outputs;
    size_t output_count;
};

/* These functions return false if the reply is invalid or memory is exhausted. Free the struct in any case. */
bool spec_read(struct spec *spec, const char *json, size_t length);
void spec_free(struct spec *spec);
bool task_read(struct task *task, const char *json, size_t length);
void task_free(struct task *task);
bool task_id_read(char id[64], const char *json, size_t length);

/* Requests, as JSON text to free. NULL: out of memory. */
char *spec_write(const char *name, const struct output *output);
char *inference_write(const char *url);

#endif
