#include "codec/value.h"

#include "base/number.h"
#include "codec/task_id.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool value_bool(struct reader *reader)
{
    return reader_expect(reader, JSON_BOOL, "true or false") && json_boolean(&reader->json);
}

/* Reads a number, which may be invalid. */
static int64_t read_digits(struct reader *reader)
{
    int64_t integer = 0;
    if (json_try_integer(&reader->json, &integer))
        return integer;
    const struct json_slice text = json_number(&reader->json);
    if (reader->json.fault.reason != NULL || number_to_integer(text.start, text.length, &integer))
        return integer;
    reader_fail(reader, "is not an integer from -2^63 to 2^63 - 1");
    return 0;
}

int64_t value_integer(struct reader *reader)
{
    return reader_expect(reader, JSON_NUMBER, "an integer") ? read_digits(reader) : 0;
}

double value_number(struct reader *reader)
{
    double number = 0;
    if (!reader_expect(reader, JSON_NUMBER, "a number"))
        return 0;
    const struct json_slice text = json_number(&reader->json);
    if (reader->json.fault.reason != NULL)
        return 0;
    if (!number_to_double(text.start, text.length, &number))
        reader_fail_memory(reader);
    else if (!isfinite(number))
        reader_fail(reader, "is too large a number");
    return number;
}

const char *value_string(struct reader *reader)
{
    if (!reader_expect(reader, JSON_STRING, "a string"))
        return NULL;
    const struct json_string string = json_string(&reader->json);
    char *copy = arena_copy(reader->arena, string.start, string.length);
    if (copy == NULL)
        reader_fail_memory(reader);
    else if (string.has_escapes)
        json_unescape(copy);
    return copy;
}

/* ---- Words and ids ---- */

void value_word(struct reader *reader, char word[VALUE_WORD_SIZE])
{
    char unescaped[6 * VALUE_WORD_SIZE];
    word[0] = '\0';
    if (json_kind(&reader->json) != JSON_STRING) {
        json_skip(&reader->json);
        return;
    }
    const struct json_string string = json_string(&reader->json);
    json_string_copy(&string, unescaped, sizeof unescaped);
    if (strlen(unescaped) < VALUE_WORD_SIZE)
        memcpy(word, unescaped, strlen(unescaped) + 1);
}

dm_task_id value_task_id(struct reader *reader)
{
    dm_task_id id = {""};
    if (json_kind(&reader->json) == JSON_NUMBER)
        snprintf(id.text, sizeof id.text, "%" PRId64, read_digits(reader));
    else if (reader_expect(reader, JSON_STRING, "a task's id"))
        value_word(reader, id.text);
    if (!task_id_is_valid(id.text))
        reader_fail(reader, "is not a task's id of 1 to 63 letters, digits, '-' and '_'");
    return id;
}

dm_task_status value_task_status(struct reader *reader)
{
    char word[VALUE_WORD_SIZE];
    value_word(reader, word);
    if (strcmp(word, "pending") == 0)
        return DM_TASK_PENDING;
    if (strcmp(word, "success") == 0)
        return DM_TASK_SUCCESS;
    return strcmp(word, "error") == 0 ? DM_TASK_ERROR : DM_TASK_UNREADABLE;
}
