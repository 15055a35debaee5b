/* Helpers for tests of a client's options. */
#ifndef UNIT_OPTIONS_TEST_H
#define UNIT_OPTIONS_TEST_H

#include "client/options.h"

#include "assert_status.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static const char *const variables[] = {"DEEPOMATIC_API_KEY", "DEEPOMATIC_APP_ID", "DEEPOMATIC_API_URL",
                                        "DEEPOMATIC_API_VERIFY_TLS"};

static inline int clear_environment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        unsetenv(variables[i]);
    return 0;
}

static dm_error error;

/* Resolves options that must be rejected with this message. */
static inline void expect_refused(const dm_client_options *options, dm_status status, const char *words)
{
    struct client_settings made = {0};
    struct failure failure;
    failure_init(&failure, &error);
    options_resolve(options, &made, &failure);
    assert_status(failure.status, status, &error);
    assert_int_equal(error.status, status);
    if (strstr(error.message, words) == NULL)
        fail_msg("expected \"%s\" in the message, got: %s", words, error.message);
    options_free(&made);
}

#endif
