#include "codec/encode.h"

#include "base/check.h"
#include "codec/form.h"
#include "codec/json_body.h"
#include "codec/upload.h"

#include <stdio.h>
#include <string.h>

/* ---- Checks ---- */

/* A file's name is also the name of its part, and so must differ from the names of the text parts. */
static bool is_field(const char *name)
{
    static const char fields[][sizeof "preprocessing"] = {"name", "description", "metadata", "framework",
                                                          "preprocessing"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(name, fields[i]) == 0)
            return true;
    return false;
}

static bool check_unique(const dm_network_file *files, size_t index, struct failure *failure)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(files[i].name, files[index].name) == 0)
            return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "files[%zu] and files[%zu] have the same name: \"%s\"",
                               i, index, files[i].name);
    return true;
}

static bool check_name(const dm_network_file *files, size_t index, struct failure *failure)
{
    char what[48];
    const char *name = files[index].name;
    snprintf(what, sizeof what, "files[%zu].name", index);
    if (!check_header_text(failure, what, name))
        return false;
    if (strpbrk(name, "\"'/\\") != NULL)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                           "%s is \"%s\"; it must not contain quotes, slashes or backslashes", what, name);
    if (is_field(name))
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s is \"%s\", which is a field of the request", what,
                           name);
    return check_unique(files, index, failure);
}

static bool check_content(const dm_network_file *file, const struct upload_words *words, struct failure *failure)
{
    if (file->path != NULL && file->bytes != NULL)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s has both a path and bytes", words->what);
    if (file->path == NULL && file->bytes == NULL)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s has neither a path nor bytes", words->what);
    if (file->path != NULL)
        return upload_check_path(failure, words, file->path);
    return upload_check_memory(failure, words, file->bytes, file->size);
}

static bool check_network(const struct new_network *network, struct failure *failure)
{
    if (network->file_count == 0)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "a network needs at least one file");
    return check_not_null(failure, "files", network->files) && check_text(failure, "name", network->name) &&
           check_header_text(failure, "framework", network->framework) &&
           check_json(failure, "preprocessing", network->preprocessing, '{') &&
           check_optional_text(failure, "options.description", network->options->description) &&
           check_optional_object(failure, "options.metadata", network->options->metadata);
}

/* ---- To create ---- */

static void append_optional(const struct form *form, const char *name, const char *value)
{
    if (value != NULL)
        form_append_text(form, name, value);
}

static void append_texts(const struct form *form, const struct new_network *network)
{
    form_append_text(form, "name", network->name);
    append_optional(form, "description", network->options->description);
    append_optional(form, "metadata", network->options->metadata);
    form_append_text(form, "framework", network->framework);
    form_append_text(form, "preprocessing", network->preprocessing);
}

/* The body takes ownership of the open file. */
static bool append_content(const struct form *form, const dm_network_file *file, const struct upload_words *words,
                           struct failure *failure)
{
    struct file opened;
    if (file->path == NULL) {
        body_append_memory(form->body, file->bytes, file->size);
        return true;
    }
    if (!upload_open(failure, words, file->path, &opened))
        return false;
    body_append_file(form->body, &opened);
    return true;
}

static bool append_file(const struct form *form, const struct new_network *network, size_t index,
                        struct failure *failure)
{
    char what[32];
    const dm_network_file *file = &network->files[index];
    const struct upload_words words = {what, "the content", "a file", "pass its bytes"};

    snprintf(what, sizeof what, "files[%zu]", index);
    if (!check_name(network->files, index, failure) || !check_content(file, &words, failure))
        return false;
    form_begin_file(form, file->name, file->name);
    const bool is_appended = append_content(form, file, &words, failure);
    form_end_part(form);
    return is_appended;
}

void encode_network(struct request *request, const char *boundary, const struct new_network *network,
                    struct failure *failure)
{
    const struct form form = {&request->body, boundary};
    bool fine = check_network(network, failure);

    request->media = MEDIA_MULTIPART;
    if (fine)
        append_texts(&form, network);
    for (size_t i = 0; fine && i < network->file_count; i++)
        fine = append_file(&form, network, i, failure);
    form_end(&form);
}

/* ---- To change ---- */

static bool check_changes(const dm_network_changes *changes, struct failure *failure)
{
    if (changes == NULL || (changes->name == NULL && changes->description == NULL && changes->metadata == NULL))
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "there is nothing to change");
    return json_check_changed_texts(failure, changes->name, changes->description, changes->metadata);
}

void encode_network_changes(struct request *request, const dm_network_changes *changes, struct failure *failure)
{
    if (!check_changes(changes, failure))
        return;

    cJSON *network = cJSON_CreateObject();
    const bool is_whole = json_add_texts(network, changes->name, changes->description, changes->metadata);
    json_body_write(request, network, is_whole, failure);
}
