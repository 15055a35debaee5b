#include "shape.h"

#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What json-c reads differently ---- */

/* Returns true if the object has a duplicate name, starting at `first`. */
static bool is_repeated(struct json json, const struct json_string *first)
{
    char name[256];
    json_string_copy(first, name, sizeof name);
    if (first->length >= sizeof name)
        return true; /* too long to be compared: unknown */
    while (json_next(&json)) {
        const struct json_string other = json_name(&json);
        if (json_string_is(&other, name))
            return true;
        json_skip(&json);
    }
    return false;
}

/* Skips a value. */
static bool has_twins(struct json *json)
{
    const enum json_kind kind = json_kind(json);
    bool found = false;
    if (kind != JSON_OBJECT && kind != JSON_ARRAY) {
        json_skip(json);
        return false;
    }
    for (json_enter(json); json_next(json);) {
        struct json_string name = {"", 0, false};
        if (kind == JSON_OBJECT) {
            name = json_name(json);
            struct json after = *json;
            json_skip(&after);
            found = found || is_repeated(after, &name);
        }
        found = has_twins(json) || found;
    }
    return found;
}

struct json_object *shape_parse(const struct reply *reply, bool *is_right)
{
    struct json json;
    const char *text = reply->body.data != NULL ? reply->body.data : "";
    json_begin_received(&json, text, reply->body.length);
    struct json again = json;
    json_skip(&json);
    *is_right = json_finish(&json);
    if (!*is_right || has_twins(&again))
        return NULL;
    json_begin_received(&json, text, reply->body.length);
    struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_OF_REPLY + 1);
    struct json_object *document = json_tokener_parse_ex(tokener, json.position, (int)(json.end - json.position) + 1);
    json_tokener_free(tokener);
    return document;
}

/* ---- Kinds ---- */

/* Set if json-c's result cannot be compared. */
static bool unknown;

/* json-c stores the text of a double, and clamps integers to their range. */
static bool is_integer(struct json_object *json)
{
    if (json_object_is_type(json, json_type_int)) {
        const int64_t integer = json_object_get_int64(json);
        unknown = unknown || integer == INT64_MIN || integer == INT64_MAX;
        return true;
    }
    if (!json_object_is_type(json, json_type_double))
        return false;
    const long double number = strtold(json_object_get_string(json), NULL);
    unknown = unknown || fabsl(number) >= 1e17L ||
              (number == 0 && strpbrk(json_object_get_string(json), "123456789")) ||
              (rintl(number) == number && strlen(json_object_get_string(json)) > 18);
    return rintl(number) == number;
}

static bool is_task_id(const char *string)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const size_t length = strlen(string);
    return length >= 1 && length <= 63 && strspn(string, allowed) == length;
}

static bool is_string(struct json_object *json)
{
    return json_object_is_type(json, json_type_string);
}

static bool is_task_status(struct json_object *json)
{
    const char *string = is_string(json) ? json_object_get_string(json) : "";
    return strcmp(string, "pending") == 0 || strcmp(string, "success") == 0 || strcmp(string, "error") == 0;
}

static bool is_task(struct json_object *json)
{
    struct json_object *status = json_object_object_get(json, "status");
    struct json_object *error = json_object_object_get(json, "error");
    const bool failed = is_string(status) && strcmp(json_object_get_string(status), "error") == 0;
    return !failed || error == NULL || is_string(error) || json_object_is_type(error, json_type_object) ||
           json_object_is_type(error, json_type_array);
}

static bool is_number(struct json_object *json)
{
    return json_object_is_type(json, json_type_int) ||
           (json_object_is_type(json, json_type_double) && isfinite(json_object_get_double(json)));
}

static bool is_of_kind(struct json_object *json, enum shape_kind kind)
{
    switch (kind) {
    case SHAPE_OBJECT:
        return json_object_is_type(json, json_type_object);
    case SHAPE_ARRAY:
        return json_object_is_type(json, json_type_array);
    case SHAPE_STRING:
        return is_string(json);
    case SHAPE_BOOL:
        return json_object_is_type(json, json_type_boolean);
    case SHAPE_NUMBER:
        return is_number(json);
    case SHAPE_INTEGER:
        return is_integer(json);
    case SHAPE_ID:
        return is_integer(json) || is_string(json);
    case SHAPE_TASK_ID:
        return is_integer(json) || (is_string(json) && is_task_id(json_object_get_string(json)));
    case SHAPE_TASK_STATUS:
        return is_task_status(json);
    case SHAPE_TASK:
        return json_object_is_type(json, json_type_object) && is_task(json);
    }
    return false;
}

/* ---- Rules ---- */

static bool keeps(struct json_object *json, const char *path, const struct shape_rule *rule);

static bool items_keep(struct json_object *array, const char *path, const struct shape_rule *rule)
{
    bool fine = true;
    if (!json_object_is_type(array, json_type_array))
        return true;
    for (size_t i = 0; i < json_object_array_length(array); i++)
        fine = keeps(json_object_array_get_idx(array, i), path, rule) && fine;
    return fine;
}

/* Follows one component of the path. An item of an array is always required. */
static bool keeps(struct json_object *json, const char *path, const struct shape_rule *rule)
{
    char name[64];

    if (path[0] == '\0') {
        const bool item = strlen(rule->path) > 0 && rule->path[strlen(rule->path) - 1] == ']';
        return json == NULL ? !rule->required && !item : is_of_kind(json, rule->kind);
    }
    if (path[0] == '[')
        return items_keep(json, path + strlen("[]"), rule);
    if (!json_object_is_type(json, json_type_object))
        return true;
    path += path[0] == '.';
    const size_t length = strcspn(path, ".[");
    snprintf(name, sizeof name, "%.*s", (int)length, path);
    return keeps(json_object_object_get(json, name), path + length, rule);
}

static bool all_keep(struct json_object *document, const struct shape_rule *rules, size_t count)
{
    bool fine = json_object_is_type(document, json_type_object);
    for (size_t i = 0; i < count; i++)
        fine = keeps(document, rules[i].path, &rules[i]) && fine;
    return fine;
}

enum verdict shape_judge(const struct reply *reply, const struct shape_rule *rules, size_t count)
{
    bool is_right = false;
    struct json_object *document = shape_parse(reply, &is_right);
    if (document == NULL)
        return is_right ? VERDICT_UNKNOWN : VERDICT_BROKEN;
    unknown = false;
    const bool holds = all_keep(document, rules, count);
    json_object_put(document);
    if (unknown)
        return VERDICT_UNKNOWN;
    return holds ? VERDICT_HOLDS : VERDICT_BROKEN;
}

/* ---- Values ---- */

bool shape_is_string(struct json_object *json, const char *string)
{
    return is_string(json) && (strcmp(json_object_get_string(json), string) == 0 ||
                               strstr(json_object_get_string(json), "\xef\xbf\xbd") != NULL);
}

bool shape_same_string(struct json_object *object, const char *name, const char *string)
{
    struct json_object *json = json_object_object_get(object, name);
    return string == NULL ? json == NULL : shape_is_string(json, string);
}

bool shape_same_integer(struct json_object *object, const char *name, int64_t integer)
{
    struct json_object *json = json_object_object_get(object, name);
    if (json_object_is_type(json, json_type_double))
        return (long double)integer == strtold(json_object_get_string(json), NULL);
    return json_object_get_int64(json) == integer;
}

bool shape_same_number(struct json_object *object, const char *name, double number)
{
    struct json_object *json = json_object_object_get(object, name);
    if (json_object_is_type(json, json_type_double))
        return strtod(json_object_get_string(json), NULL) == number;
    const double integer = (double)json_object_get_int64(json);
    return integer == number || fabs(number) >= 9.2e18;
}
