#include "threshold.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

static int by_descending_score(const void *left, const void *right)
{
    const double first = ((const dm_prediction *)left)->score;
    const double second = ((const dm_prediction *)right)->score;

    return (first < second) - (first > second);
}

static void copy(dm_prediction *labels, const dm_prediction *source, size_t count)
{
    if (count > 0)
        memcpy(labels, source, count * sizeof labels[0]);
}

/* All labels of an output by descending score, with the threshold. The caller frees them. */
static dm_prediction *sort_labels(const dm_labels_inference *labels, double threshold)
{
    const size_t count = labels->predicted_count + labels->discarded_count;
    dm_prediction *sorted = memory_array(NULL, count, sizeof sorted[0]);

    copy(sorted, labels->predicted, labels->predicted_count);
    copy(sorted + labels->predicted_count, labels->discarded, labels->discarded_count);
    for (size_t i = 0; i < count; i++)
        sorted[i].threshold = threshold;
    if (count > 0)
        qsort(sorted, count, sizeof sorted[0], by_descending_score);
    return sorted;
}

static size_t least(size_t count, int64_t most)
{
    return most > 0 && (uint64_t)most < count ? (size_t)most : count;
}

/* The labels of `sorted` become those of the output: its first ones are predicted, the others discarded. */
static dm_labels_inference split(const dm_prediction *sorted, size_t count, double threshold, int64_t most)
{
    size_t above = 0;

    while (above < count && sorted[above].score > threshold)
        above++;
    return (dm_labels_inference){
        .predicted = sorted,
        .predicted_count = least(above, most),
        .discarded = sorted + above,
        .discarded_count = least(count - above, most),
    };
}

dm_inference *inference_sort(const dm_inference *inference, double threshold, int64_t most)
{
    dm_inference *sorted = memory_array(NULL, 1, sizeof *sorted);
    dm_output_inference *outputs = memory_array(NULL, inference->output_count, sizeof outputs[0]);

    for (size_t i = 0; i < inference->output_count; i++) {
        const dm_labels_inference *labels = &inference->outputs[i].labels;
        outputs[i].labels =
            split(sort_labels(labels, threshold), labels->predicted_count + labels->discarded_count, threshold, most);
    }
    *sorted = (dm_inference){outputs, inference->output_count};
    return sorted;
}

void inference_sorted_free(dm_inference *sorted)
{
    for (size_t i = 0; i < sorted->output_count; i++)
        free((void *)sorted->outputs[i].labels.predicted);
    free((void *)sorted->outputs);
    free(sorted);
}

void inference_hide_discarded(dm_inference *sorted)
{
    for (size_t i = 0; i < sorted->output_count; i++)
        ((dm_output_inference *)sorted->outputs)[i].labels.discarded_count = 0;
}
