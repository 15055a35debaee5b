#include "refusal.h"

#include "test.h"

#include <dirent.h>
#include <string.h>

const char not_utf8[] = "caf\xe9";

static size_t requests_before;
static size_t descriptors_before;

static size_t count_descriptors(void)
{
    DIR *listing = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(listing);
    while (readdir(listing) != NULL)
        count++;
    closedir(listing);
    return count;
}

int refusal_setup(void **state)
{
    (void)state;
    api_forget_environment();
    requests_before = sandbox_mark(api.sandbox);
    descriptors_before = count_descriptors();
    return 0;
}

int refusal_teardown(void **state)
{
    (void)state;
    assert_int_equal(sandbox_mark(api.sandbox), requests_before);
    assert_int_equal(count_descriptors(), descriptors_before);
    api_forget_environment();
    return 0;
}

static void check_word(const char *what, const char *message, const char *word)
{
    if (word != NULL && strstr(message, word) == NULL)
        fail_msg("%s: expected \"%s\" in the message, got: %s", what, word, message);
}

void refusal_check(const char *what, dm_status status, dm_status expected, const dm_error *error, const char *word,
                   const char *other_word)
{
    if (status != expected || error->status != expected)
        fail_msg("%s: %s, and the error is %s: %s", what, dm_status_name(status), dm_status_name(error->status),
                 error->message);
    assert_true(error->message[0] != '\0');
    check_word(what, error->message, word);
    check_word(what, error->message, other_word);
    for (const char *c = error->message; *c != '\0'; c++)
        assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
    assert_int_equal(error->http_status, 0);
    assert_int_equal(error->attempts, 0);
    assert_false(error->outcome_unknown);
}
