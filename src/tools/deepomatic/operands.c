#include "operands.h"
#include "memory.h"
#include "report.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

#define EXPLAIN_SPEC                                                                                                   \
    "  SPEC   the id of one of your own specifications, such as 42,\n"                                                 \
    "         or the name of a public one, such as fashion-v4 (or public:fashion-v4)\n"

#define EXPLAIN_INFER                                                                                                  \
    "  ID     the id of a version\n"                                                                                   \
    "  IMAGE  a file, an http:// or https:// address, - for standard input, or a directory\n\n"                        \
    "A directory stands for its files .jpg, .jpeg, .png, .gif, .bmp, .tif, .tiff and .webp, in byte order of their\n"  \
    "names; hidden files are left out. --recursive also takes those below, and does not follow links to "              \
    "directories.\n\n"                                                                                                 \
    "If an image fails, infer goes on with the next one, unless the others would fail in the same way, for example\n"  \
    "without a connection, with an invalid API key, or if the specification has no current version. With --json,\n"    \
    "each image that was tried has one line: {\"image\", \"outputs\"}, {\"image\", \"task_id\"} with --no-wait, or,\n" \
    "if it failed, {\"image\", \"error\": {\"status\", \"http_status\", \"message\", \"task_id\"}}.\n\n"               \
    "The first Ctrl-C takes no new images and waits for those in flight. The second one cancels them, and prints\n"    \
    "which tasks are still open. SIGTERM cancels at once.\n\n"                                                         \
    "--shard I/N takes the images whose names have a hash of I - 1 modulo N. The hash is FNV-1a of 64 bits over the\n" \
    "bytes of the name as it is given, its halves combined by XOR. It will never change.\n\n"                          \
    "--resume FILE with '>>FILE' continues a run that was interrupted. FILE is output of infer with --json or "        \
    "--no-wait,\n"                                                                                                     \
    "or of 'tasks wait --json'. Images that have a result in FILE are left out. For an image that was submitted but "  \
    "has\n"                                                                                                            \
    "no result, infer waits for its task (with --no-wait, it leaves out the image). Images that failed are sent "      \
    "again.\n\n"                                                                                                       \
    "A file name that is not printable UTF-8 is printed in the shell's form $'caf\\351.jpg'. In JSON,\n"               \
    "\"image_name_base64\" holds the bytes of a name that is not valid UTF-8.\n"

static const struct {
    const char *name;
    const char *help;
} descriptions[] = {
    [OPERANDS_NONE] = {"", ""},
    [OPERANDS_SPEC] = {" SPEC", EXPLAIN_SPEC},
    [OPERANDS_OWN_SPEC] = {" SPEC", "  SPEC   the id of one of your own specifications, such as 42\n"},
    [OPERANDS_NETWORK] = {" NETWORK", "  NETWORK   the id of one of your own networks, such as 7, or the name of a "
                                      "public one\n"},
    [OPERANDS_OWN_NETWORK] = {" NETWORK", "  NETWORK   the id of one of your own networks, such as 7\n"},
    [OPERANDS_FILES] =
        {" [NAME=]FILE...",
         "  FILE   a file of the model. Its name on the service is NAME, or else its own name without\n"
         "         the directories. TensorFlow: saved_model.pb or saved_model.pbtxt, variables.index,\n"
         "         variables.data-00000-of-00001. Caffe: deploy.prototxt, snapshot.caffemodel. Also the\n"
         "         mean files that the preprocessing names. If the name of FILE contains '=',\n"
         "         write ./FILE.\n"},
    [OPERANDS_VERSION] = {" ID", "  ID     the id of a version\n"},
    [OPERANDS_TASKS] = {" ID...", "  ID     the id of a task, as infer --no-wait prints it\n"},
    [OPERANDS_IMAGES] = {" SPEC|version:ID IMAGE...", EXPLAIN_SPEC EXPLAIN_INFER},
};

const char *operands_name(enum operand_kind kind)
{
    return descriptions[kind].name;
}

void operands_explain(FILE *out, enum operand_kind kind)
{
    if (kind != OPERANDS_NONE)
        fprintf(out, "%s\n", descriptions[kind].help);
}

static bool expect(bool valid, const char *word, const char *expected)
{
    if (!valid)
        report("'%s' is not %s", word, expected);
    return valid;
}

static bool read_spec(const char *word, dm_spec_id *spec)
{
    return expect(value_spec(word, spec), word, "a specification (an id from 1 to 2^63 - 1, or a public name)");
}

static bool read_own_spec(const char *word, dm_spec_id *spec)
{
    bool own = value_spec(word, spec) && spec->public_id == NULL;

    return expect(own, word, "the id of one of your own specifications (1 to 2^63 - 1)");
}

static bool read_network(const char *word, dm_network_id *network)
{
    dm_spec_id id; /* networks are named as specifications are */
    const bool valid = value_spec(word, &id);

    if (valid)
        *network = (dm_network_id){id.private_id, id.public_id};
    return expect(valid, word, "a network (an id from 1 to 2^63 - 1, or a public name)");
}

static bool read_own_network(const char *word, dm_network_id *network)
{
    int64_t id = 0;
    const bool valid = value_id(word, &id);

    *network = dm_private_network(id);
    return expect(valid, word, "the id of one of your own networks (1 to 2^63 - 1)");
}

/* "NAME=FILE", or a file. A slash cannot be part of a name. */
static void read_file(char *word, dm_network_file *file, char **owned_name)
{
    const size_t length = strcspn(word, "=/");
    const char *slash = strrchr(word, '/');

    if (word[length] == '=') {
        *owned_name = memory_text(word);
        (*owned_name)[length] = '\0';
        *file = (dm_network_file){.name = *owned_name, .path = word + length + 1};
        return;
    }
    *owned_name = NULL;
    *file = (dm_network_file){.name = slash != NULL ? slash + 1 : word, .path = word};
}

static bool read_files(char *const *words, size_t count, struct operands *operands)
{
    operands->files = memory_array(NULL, count, sizeof *operands->files);
    operands->file_names = memory_array(NULL, count, sizeof *operands->file_names);
    operands->file_count = count;
    for (size_t i = 0; i < count; i++)
        read_file(words[i], &operands->files[i], &operands->file_names[i]);
    return true;
}

static bool read_version(const char *word, int64_t *id)
{
    return expect(value_id(word, id), word, "the id of a version (1 to 2^63 - 1)");
}

static bool read_target(const char *word, struct operands *operands)
{
    static const char prefix[] = "version:";

    if (strncmp(word, prefix, strlen(prefix)) == 0)
        return read_version(word + strlen(prefix), &operands->version_id);
    return read_spec(word, &operands->spec);
}

static bool read_tasks(char *const *words, size_t count, struct operands *operands)
{
    operands->task_ids = memory_array(NULL, count, sizeof *operands->task_ids);
    for (size_t i = 0; i < count; i++) {
        if (dm_task_id_parse(words[i], &operands->task_ids[i], NULL) != DM_OK) {
            report("'%s' is not a valid task id (1 to 63 letters, digits, '-', '_')", words[i]);
            return false;
        }
    }
    operands->task_count = count;
    return true;
}

static size_t count_words(char *const *words)
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    return count;
}

/* Is the number of words right for the kind of operands? */
static bool check_count(enum operand_kind kind, char *const *words, size_t count, option_set given)
{
    static const struct {
        size_t least;
        size_t most;
    } limits[] = {
        [OPERANDS_NONE] = {0, 0},    [OPERANDS_SPEC] = {1, 1},         [OPERANDS_OWN_SPEC] = {1, 1},
        [OPERANDS_NETWORK] = {1, 1}, [OPERANDS_OWN_NETWORK] = {1, 1},  [OPERANDS_FILES] = {1, SIZE_MAX},
        [OPERANDS_VERSION] = {1, 1}, [OPERANDS_TASKS] = {1, SIZE_MAX}, [OPERANDS_IMAGES] = {2, SIZE_MAX},
    };

    const option_set lists = OPTION_BIT(OPTION_FILES_FROM) | OPTION_BIT(OPTION_TASKS_FROM);
    const size_t least = limits[kind].least - ((given & lists) != 0);

    if (count < least)
        report("missing argument: expected%s", operands_name(kind));
    else if (count > limits[kind].most)
        report("unexpected argument '%s'", words[limits[kind].most]);
    return count >= least && count <= limits[kind].most;
}

bool operands_read(enum operand_kind kind, char *const *words, option_set given, struct operands *operands)
{
    size_t count = count_words(words);

    if (!check_count(kind, words, count, given))
        return false;
    switch (kind) {
    case OPERANDS_NONE:
        return true;
    case OPERANDS_SPEC:
        return read_spec(words[0], &operands->spec);
    case OPERANDS_OWN_SPEC:
        return read_own_spec(words[0], &operands->spec);
    case OPERANDS_NETWORK:
        return read_network(words[0], &operands->network);
    case OPERANDS_OWN_NETWORK:
        return read_own_network(words[0], &operands->network);
    case OPERANDS_FILES:
        return read_files(words, count, operands);
    case OPERANDS_VERSION:
        return read_version(words[0], &operands->version_id);
    case OPERANDS_TASKS:
        return read_tasks(words, count, operands);
    case OPERANDS_IMAGES:
        operands->images = words + 1;
        return read_target(words[0], operands);
    }
    return false;
}

void operands_free(struct operands *operands)
{
    free(operands->task_ids);
    for (size_t i = 0; i < operands->file_count; i++)
        free(operands->file_names[i]);
    free(operands->file_names);
    free(operands->files);
}
