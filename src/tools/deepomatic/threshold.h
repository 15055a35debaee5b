/* --threshold: divides predictions into predicted and discarded ones with another threshold. */
#ifndef CLI_THRESHOLD_H
#define CLI_THRESHOLD_H

#include <deepomatic.h>

/* A copy of the inference whose labels are predicted if their score is above `threshold`, and which has `threshold` as
 * the threshold of each of them. Both lists are in the order of the scores, and have at most `most` labels each (0: as
 * many as there are). Names and regions are borrowed from `inference`. Free it with inference_sorted_free. */
dm_inference *inference_sort(const dm_inference *inference, double threshold, int64_t most);

/* Leaves out the discarded labels of what inference_sort returned. */
void inference_hide_discarded(dm_inference *sorted);

void inference_sorted_free(dm_inference *sorted);

#endif
