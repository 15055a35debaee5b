#include "csv_out.h"
#include "json_out.h"
#include "name.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void csv_put_header(void)
{
    puts("image,output,state,label_id,label_name,score,threshold,region_id,xmin,ymin,xmax,ymax,error");
}

static void put_text(const char *text)
{
    putchar('"');
    while (*text != '\0') {
        if (*text == '"')
            putchar('"');
        fputs(text_next(&text).text, stdout);
    }
    putchar('"');
}

/* The name as a person reads it, so that one name stays one cell. */
static void put_name(const char *name)
{
    char *quoted = name_quote(name);

    put_text(quoted);
    free(quoted);
}

static void put_double(double value)
{
    char digits[JSON_DOUBLE_SIZE];

    json_format_double(digits, value);
    printf(",%s", digits);
}

static void put_roi(const dm_roi *roi)
{
    if (roi == NULL) {
        fputs(",,,,,", stdout);
        return;
    }
    printf(",%" PRId64, roi->region_id);
    if (roi->bbox == NULL) {
        fputs(",,,,", stdout);
        return;
    }
    put_double(roi->bbox->xmin);
    put_double(roi->bbox->ymin);
    put_double(roi->bbox->xmax);
    put_double(roi->bbox->ymax);
}

static void put_label(const char *name, size_t output, const char *state, const dm_prediction *label)
{
    put_name(name);
    printf(",%zu,%s,%" PRId64 ",", output, state, label->label_id);
    put_text(label->label_name);
    put_double(label->score);
    put_double(label->threshold);
    put_roi(label->roi);
    fputs(",\n", stdout);
}

static size_t put_labels(const char *name, size_t output, const dm_labels_inference *labels)
{
    for (size_t i = 0; i < labels->predicted_count; i++)
        put_label(name, output, "predicted", &labels->predicted[i]);
    for (size_t i = 0; i < labels->discarded_count; i++)
        put_label(name, output, "discarded", &labels->discarded[i]);
    return labels->predicted_count + labels->discarded_count;
}

void csv_put_inference(const char *name, const dm_inference *inference)
{
    size_t count = 0;

    for (size_t i = 0; i < inference->output_count; i++)
        count += put_labels(name, i, &inference->outputs[i].labels);
    if (count > 0)
        return;
    put_name(name);
    fputs(",,,,,,,,,,,,\n", stdout);
}

void csv_put_failure(const char *name, const char *message)
{
    put_name(name);
    fputs(",,,,,,,,,,,,", stdout);
    put_text(message);
    putchar('\n');
}
