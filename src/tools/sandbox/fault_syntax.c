#include "fault_syntax.h"

#include "memory.h"
#include "values.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char BLANKS[] = " \t\r\n";

/* Words with a number: NAME=NUMBER. */
static const struct number_word {
    const char *name;
    size_t offset; /* of the number in struct fault */
    int64_t smallest;
    int64_t largest;
} NUMBER_WORDS[] = {
    {"status", offsetof(struct fault, status), 200, 599},   {"cut", offsetof(struct fault, cut), 0, INT32_MAX},
    {"delay", offsetof(struct fault, delay), 0, INT32_MAX}, {"skip", offsetof(struct fault, skip), 0, INT32_MAX},
    {"count", offsetof(struct fault, count), 1, INT32_MAX},
};

enum { NUMBER_WORD_COUNT = sizeof NUMBER_WORDS / sizeof NUMBER_WORDS[0] };

/* Words that say how a request goes unanswered. */
static const struct kind_word {
    const char *name;
    enum fault_kind kind;
} KIND_WORDS[] = {{"stall", FAULT_STALL}, {"close", FAULT_CLOSE}, {"reset", FAULT_RESET}};

enum { KIND_WORD_COUNT = sizeof KIND_WORDS / sizeof KIND_WORDS[0] };

static const struct number_word *find_number_word(const char *name)
{
    for (size_t i = 0; i < NUMBER_WORD_COUNT; i++) {
        if (strcmp(name, NUMBER_WORDS[i].name) == 0)
            return &NUMBER_WORDS[i];
    }
    return NULL;
}

static const struct kind_word *find_kind_word(const char *name)
{
    for (size_t i = 0; i < KIND_WORD_COUNT; i++) {
        if (strcmp(name, KIND_WORDS[i].name) == 0)
            return &KIND_WORDS[i];
    }
    return NULL;
}

static char *read_number(const struct number_word *word, const char *value, struct fault *fault)
{
    int64_t *number = (int64_t *)(void *)((char *)fault + word->offset);

    if (*number != FAULT_UNSET)
        return memory_format("%s is given twice", word->name);
    if (!value_digits(value, number) || *number < word->smallest || *number > word->largest)
        return memory_format("%s=%s: expected a number from %" PRId64 " to %" PRId64, word->name, value, word->smallest,
                             word->largest);
    return NULL;
}

static char *read_retry_after(const char *value, struct fault *fault)
{
    if (fault->retry_after != NULL)
        return memory_format("retry-after is given twice");
    if (*value == '\0' || value[strspn(value, "0123456789.")] != '\0')
        return memory_format("retry-after=%s: expected a number of seconds", value);
    fault->retry_after = memory_format("%s", value);
    return NULL;
}

static char *read_kind(const struct kind_word *word, struct fault *fault)
{
    if (fault->kind != FAULT_REPLY)
        return memory_format("stall, close and reset cannot be used together");
    fault->kind = word->kind;
    return NULL;
}

static char *unknown_word(const char *word)
{
    return memory_format(
        "unknown word '%s': expected status=N, retry-after=SECONDS, cut=BYTES, delay=MS, stall, close, "
        "reset, early, skip=N or count=N",
        word);
}

/* Reads NAME or NAME=VALUE. */
static char *read_word(const char *word, struct fault *fault)
{
    const char *sign = strchr(word, '=');
    const char *value = sign != NULL ? sign + 1 : "";
    char *name = memory_format("%.*s", (int)(sign != NULL ? sign - word : (ptrdiff_t)strlen(word)), word);
    const struct number_word *number_word = sign != NULL ? find_number_word(name) : NULL;
    const struct kind_word *kind_word = sign == NULL ? find_kind_word(name) : NULL;
    char *error = NULL;

    if (number_word != NULL)
        error = read_number(number_word, value, fault);
    else if (kind_word != NULL)
        error = read_kind(kind_word, fault);
    else if (sign != NULL && strcmp(name, "retry-after") == 0)
        error = read_retry_after(value, fault);
    else if (strcmp(word, "early") == 0)
        fault->early = true;
    else
        error = unknown_word(word);
    free(name);
    return error;
}

static char *read_method(const char *word, struct fault *fault)
{
    if (word == NULL)
        return memory_format("expected METHOD PATH WORD..., such as: GET /v0.7/tasks/* status=503");
    if (strcmp(word, "*") != 0 && word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
        return memory_format("'%s' is not a method: expected capital letters or *", word);
    fault->method = memory_format("%s", word);
    return NULL;
}

static char *read_path(const char *word, struct fault *fault)
{
    if (word == NULL)
        return memory_format("the path is missing: expected METHOD PATH WORD...");
    if (*word != '/' && *word != '*')
        return memory_format("'%s' is not a path: it must start with / or *", word);
    fault->path = memory_format("%s", word);
    return NULL;
}

/* Checks that the words go together. */
static char *check(const struct fault *fault)
{
    bool changes_reply = fault->status != FAULT_UNSET || fault->cut != FAULT_UNSET || fault->delay != FAULT_UNSET;

    if (fault->retry_after != NULL && fault->status == FAULT_UNSET)
        return memory_format("retry-after needs status");
    if (fault->kind != FAULT_REPLY && changes_reply)
        return memory_format("stall, close and reset send no reply: they cannot be used with status, cut or delay");
    if (fault->kind == FAULT_REPLY && !changes_reply)
        return memory_format("the fault is missing: expected status=N, cut=BYTES, delay=MS, stall, close or reset");
    if (fault->early && fault->kind == FAULT_REPLY && fault->status == FAULT_UNSET)
        return memory_format("early needs status, stall, close or reset");
    return NULL;
}

char *fault_read(const char *text, struct fault *fault)
{
    char *copy = memory_format("%s", text);
    char *rest = NULL;
    char *error;

    *fault = (struct fault){
        .status = FAULT_UNSET, .cut = FAULT_UNSET, .delay = FAULT_UNSET, .skip = FAULT_UNSET, .count = FAULT_UNSET};
    error = read_method(strtok_r(copy, BLANKS, &rest), fault);
    if (error == NULL)
        error = read_path(strtok_r(NULL, BLANKS, &rest), fault);
    for (char *word; error == NULL && (word = strtok_r(NULL, BLANKS, &rest)) != NULL;)
        error = read_word(word, fault);
    free(copy);
    return error != NULL ? error : check(fault);
}
