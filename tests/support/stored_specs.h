/* Specifications and versions that a sandbox stores, for the tests of their calls. */
#ifndef SUPPORT_STORED_SPECS_H
#define SUPPORT_STORED_SPECS_H

#include "api_test.h"

/* A test with a sandbox of its own, whose pages have at most seven items and whose tasks take 20 ms. */
#define SPEC_TEST(test) API_TEST(test, small_pages)

extern const char *const small_pages[];

/* Labels for the whole image and labels for boxes. The sandbox finds both in the photo of the cat. */
enum { TWO_OUTPUTS = 2 };
extern const dm_output two_outputs[TWO_OUTPUTS];

/* Post-processings for these outputs, with thresholds and without. */
#define POST_PROCESSINGS                                                                                               \
    "[{\"classification\":{\"output_tensor\":\"prob\",\"thresholds\":[0.1,0.2,0.999]}},"                               \
    "{\"detection\":{\"anchored_output\":{},\"thresholds\":[0.3]}}]"

#define NO_POST_PROCESSINGS "[{\"classification\":{}},{\"detection\":{}}]"

/* Stores a specification with two_outputs, the description "to begin with" and the metadata {"first":1}. */
int64_t create_spec(struct api_test *test, const char *name);

/* Stores specifications named "number 1", "number 2"... in a sandbox that has none yet: their ids are 1, 2... */
void create_specs(struct api_test *test, int count);

/* Stores a version for network 11. */
int64_t create_version(struct api_test *test, int64_t spec_id, const char *post_processings);
void create_versions(struct api_test *test, int64_t spec_id, int count);

/* Results that are never NULL. */
dm_spec *retrieve_spec(struct api_test *test, int64_t id);
dm_spec_page *list_specs(struct api_test *test, const dm_page_options *options);

/* Fails the test unless the specification has two_outputs. */
void assert_outputs(const dm_spec *spec);

/* Fails the test unless a call that wrote test->error failed because of one HTTP 404. */
void assert_not_found(const struct api_test *test, dm_status status);

#endif
