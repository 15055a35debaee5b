/*
 * For shell tests: json_lines PATH... <JSON-LINES
 *
 * Each line of standard input must be a JSON object. For each line, prints the values at the paths, separated by
 * spaces. A path is such as outputs.0.labels.predicted.0.label_name. A string is printed without quotes, an object as
 * {}, an array of three values as [3], and a missing value as -.
 */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *child(const cJSON *json, const char *name)
{
    return cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(name)) : cJSON_GetObjectItemCaseSensitive(json, name);
}

static const cJSON *at_path(const cJSON *json, const char *path)
{
    char *names = strdup(path);
    char *rest = names;

    for (const char *name = strsep(&rest, "."); name != NULL && json != NULL; name = strsep(&rest, "."))
        json = child(json, name);
    free(names);
    return json;
}

static void print_value(const cJSON *value)
{
    if (value == NULL)
        putchar('-');
    else if (cJSON_IsString(value))
        fputs(value->valuestring, stdout);
    else if (cJSON_IsNumber(value))
        printf("%.17g", value->valuedouble);
    else if (cJSON_IsArray(value))
        printf("[%d]", cJSON_GetArraySize(value));
    else
        fputs(cJSON_IsObject(value) ? "{}"
              : cJSON_IsNull(value) ? "null"
              : cJSON_IsTrue(value) ? "true"
                                    : "false",
              stdout);
}

static bool print_line(const char *line, char **paths)
{
    cJSON *json = cJSON_ParseWithOpts(line, NULL, true);
    const bool valid = cJSON_IsObject(json);

    for (char **path = paths; valid && *path != NULL; path++) {
        print_value(at_path(json, *path));
        putchar(path[1] != NULL ? ' ' : '\n');
    }
    cJSON_Delete(json);
    return valid;
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t size = 0;
    bool valid = true;

    (void)argc;
    while (valid && getline(&line, &size, stdin) >= 0) {
        valid = print_line(line, argv + 1);
        if (!valid)
            fprintf(stderr, "json_lines: this line is not a JSON object: %s", line);
    }
    free(line);
    return valid ? EXIT_SUCCESS : EXIT_FAILURE;
}
