#include "library_message.h"
#include "option_table.h"

#include <stdio.h>
#include <string.h>

static void replace(struct library_message *message, size_t offset, size_t length, const char *wording)
{
    const struct library_message before = *message;

    snprintf(message->text, sizeof message->text, "%.*s%s%s", (int)offset, before.text, wording,
             before.text + offset + length);
}

/* The length of a prefix of `text`, or 0 if it begins differently. */
static size_t prefix_length(const char *text, const char *prefix)
{
    const size_t length = strlen(prefix);

    return strncmp(text, prefix, length) == 0 ? length : 0;
}

/* "options.metadata is ..." becomes "--metadata is ...", and "post_processings must ..." "--post-processings
 * must ...". */
static void name_option(struct library_message *message)
{
    char name[64];
    char option[68];
    const size_t star = message->text[0] == '*';
    const size_t owner =
        star + prefix_length(message->text + star, "options.") + prefix_length(message->text + star, "changes.");
    const size_t length = strspn(message->text + owner, "abcdefghijklmnopqrstuvwxyz_");

    if (length >= sizeof name)
        return;
    for (size_t i = 0; i < length; i++)
        name[i] = message->text[owner + i] == '_' ? '-' : message->text[owner + i];
    name[length] = '\0';
    if (option_named(name) == OPTION_COUNT)
        return;
    const bool names_part = message->text[owner + length] == '[';
    snprintf(option, sizeof option, "--%s%s", name, names_part ? ": " : "");
    replace(message, 0, names_part ? owner : owner + length, option);
}

/* Each image is an inference of its own, and the caller names the image: 'inputs[0]: "NAME": ' says nothing more. */
static void remove_input(struct library_message *message, bool names_file)
{
    const size_t input = prefix_length(message->text, "inputs[0]: ");
    const char *reason = message->text + input;

    if (input > 0 && names_file)
        for (const char *end = strstr(reason, "\": "); end != NULL; end = strstr(reason, "\": "))
            reason = end + strlen("\": ");
    replace(message, 0, (size_t)(reason - message->text), "");
}

void library_message_translate(struct library_message *message, const dm_error *error)
{
    snprintf(message->text, sizeof message->text, "%s", error->message);
    if (error->status == DM_ERR_INVALID_ARGUMENT)
        name_option(message);
    if (error->status == DM_ERR_INVALID_ARGUMENT || error->status == DM_ERR_FILE)
        remove_input(message, error->status == DM_ERR_FILE);
}
