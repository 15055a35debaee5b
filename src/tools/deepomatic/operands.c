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
    "A directory means all its files .jpg, .jpeg, .png, .gif, .bmp, .tif, .tiff and .webp, in byte order of their\n"   \
    "names; hidden files are left out. --recursive also takes those below, and does not follow links to "              \
    "directories.\n\n"                                                                                                 \
    "If an image fails, infer continues, unless the other images would fail in the same way, for example\n"            \
    "without a connection, with an invalid API key, or if the specification has no current version. With --json,\n"    \
    "each image that was tried has one line: {\"image\", \"outputs\"}, {\"image\", \"task_id\"} with --no-wait, or,\n" \
    "if it failed, {\"image\", \"error\": {\"status\", \"http_status\", \"message\", \"task_id\"}}.\n\n"               \
    "After the first Ctrl-C, no new images are taken, and those in flight are finished. The second one cancels\n"      \
    "them, and prints which tasks are still open. SIGTERM and SIGHUP cancel at once.\n\n"                              \
    "--shard I/N takes the images whose names have a hash of I - 1 modulo N. The hash is FNV-1a of 64 bits over the\n" \
    "bytes of the name as it is given, its halves combined by XOR. It will never change.\n\n"                          \
    "--resume FILE with '>>FILE' continues a run that was interrupted. FILE is output of infer with --json or\n"       \
    "--no-wait, or of 'tasks wait --json'. Images that have a result in FILE are left out. For an image that was\n"    \
    "submitted but has no result, infer waits for its task (with --no-wait, it leaves out the image). Images that\n"   \
    "failed are sent again, and so are standard input and pipes of the shell. The page of --report shows only the\n"   \
    "images of this run. If the last line of FILE is incomplete, '>>FILE' removes it; with any other output, such\n"   \
    "as a pipe to 'tee -a FILE', infer stops before it sends anything.\n\n"                                            \
    "--timeout also limits the time in which a pipe or standard input must give its image; the time for the\n"         \
    "recognition begins after that. Without --timeout, infer waits for it.\n\n"                                        \
    "A list of --files-from may come from Windows (byte order mark, CR LF); names that end with CR need --null.\n\n"   \
    "A file name that is not printable UTF-8 is printed in the shell's form $'caf\\351.jpg'. In JSON,\n"               \
    "\"image_name_base64\" holds the bytes of a name that is not valid UTF-8.\n"

typedef bool operand_reader(char *const *words, size_t count, struct operands *operands);

static operand_reader read_spec, read_own_spec, read_network, read_own_network, read_files, read_version, read_tasks,
    read_images;

/* The name in --help, its help, the least and the most words. */
static const struct {
    const char *name;
    const char *help;
    size_t least;
    size_t most;
    operand_reader *read;
} descriptions[] = {
    [OPERANDS_NONE] = {"", "", 0, 0, NULL},
    [OPERANDS_SPEC] = {" SPEC", EXPLAIN_SPEC, 1, 1, read_spec},
    [OPERANDS_OWN_SPEC] = {" SPEC", "  SPEC   the id of one of your own specifications, such as 42\n", 1, 1,
                           read_own_spec},
    [OPERANDS_NETWORK] = {" NETWORK",
                          "  NETWORK   the id of one of your own networks, such as 7, or the name of a public one\n", 1,
                          1, read_network},
    [OPERANDS_OWN_NETWORK] = {" NETWORK", "  NETWORK   the id of one of your own networks, such as 7\n", 1, 1,
                              read_own_network},
    [OPERANDS_FILES] =
        {" [NAME=]FILE...",
         "  FILE   a file of the model. Its name on the service is NAME, or else its own name without\n"
         "         the directories. TensorFlow: saved_model.pb or saved_model.pbtxt, variables.index,\n"
         "         variables.data-00000-of-00001. Caffe: deploy.prototxt, snapshot.caffemodel. Also the\n"
         "         mean files that the preprocessing names. If the name of FILE contains '=',\n"
         "         write ./FILE.\n",
         1, SIZE_MAX, read_files},
    [OPERANDS_VERSION] = {" ID", "  ID     the id of a version\n", 1, 1, read_version},
    [OPERANDS_TASKS] = {" ID...", "  ID     the id of a task, as infer --no-wait prints it\n", 1, SIZE_MAX, read_tasks},
    [OPERANDS_IMAGES] = {" SPEC|version:ID IMAGE...", EXPLAIN_SPEC EXPLAIN_INFER, 2, SIZE_MAX, read_images},
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

/* ---- One kind each ---- */

static bool expect(bool valid, const char *word, const char *expected)
{
    if (!valid)
        report("'%s' is not %s", word, expected);
    return valid;
}

static bool read_spec(char *const *words, size_t count, struct operands *operands)
{
    (void)count;
    return expect(value_spec(words[0], &operands->spec), words[0],
                  "a specification (an id from 1 to 2^63 - 1, or a public name)");
}

static bool read_own_spec(char *const *words, size_t count, struct operands *operands)
{
    const bool own = value_spec(words[0], &operands->spec) && operands->spec.public_id == NULL;

    (void)count;
    return expect(own, words[0], "the id of one of your own specifications (1 to 2^63 - 1)");
}

static bool read_network(char *const *words, size_t count, struct operands *operands)
{
    dm_spec_id id = {0}; /* networks are named as specifications are */
    const bool valid = value_spec(words[0], &id);

    (void)count;
    operands->network = (dm_network_id){id.private_id, id.public_id};
    return expect(valid, words[0], "a network (an id from 1 to 2^63 - 1, or a public name)");
}

static bool read_own_network(char *const *words, size_t count, struct operands *operands)
{
    int64_t id = 0;
    const bool valid = value_id(words[0], &id);

    (void)count;
    operands->network = dm_private_network(id);
    return expect(valid, words[0], "the id of one of your own networks (1 to 2^63 - 1)");
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

static bool read_version_id(const char *word, int64_t *id)
{
    return expect(value_id(word, id), word, "the id of a version (1 to 2^63 - 1)");
}

static bool read_version(char *const *words, size_t count, struct operands *operands)
{
    (void)count;
    return read_version_id(words[0], &operands->version_id);
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

/* A specification, or "version:ID"; the images follow it. */
static bool read_images(char *const *words, size_t count, struct operands *operands)
{
    static const char prefix[] = "version:";

    operands->images = words + 1;
    if (strncmp(words[0], prefix, strlen(prefix)) == 0)
        return read_version_id(words[0] + strlen(prefix), &operands->version_id);
    return read_spec(words, count, operands);
}

/* ---- All of them ---- */

static size_t count_words(char *const *words)
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    return count;
}

/* Returns true if the kind of operands allows this number of words. */
static bool check_count(enum operand_kind kind, char *const *words, size_t count, option_set given)
{
    const option_set lists = OPTION_BIT(OPTION_FILES_FROM) | OPTION_BIT(OPTION_TASKS_FROM);
    const size_t least = descriptions[kind].least - ((given & lists) != 0);
    const size_t most = descriptions[kind].most;

    if (count < least)
        report("missing argument: expected%s", operands_name(kind));
    else if (count > most)
        report("unexpected argument '%s'", words[most]);
    return count >= least && count <= most;
}

bool operands_read(enum operand_kind kind, char *const *words, option_set given, struct operands *operands)
{
    const size_t count = count_words(words);

    return check_count(kind, words, count, given) &&
           (kind == OPERANDS_NONE || descriptions[kind].read(words, count, operands));
}

void operands_free(struct operands *operands)
{
    free(operands->task_ids);
    for (size_t i = 0; i < operands->file_count; i++)
        free(operands->file_names[i]);
    free(operands->file_names);
    free(operands->files);
}
