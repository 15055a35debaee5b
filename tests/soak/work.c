#include "work.h"

#include "base64_text.h"
#include "inference_same.h"
#include "temp_files.h"
#include "tiny_png.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 16, TENTHS = 10 };

static const char spec_name[] = "sandbox-regions";

/* ---- Images ---- */

static void make_image(struct work_image *image, const char *folder, const char *const *rows)
{
    char name[] = {rows[0][0], '.', 'p', 'n', 'g', '\0'};

    image->bytes = tiny_png(rows, &image->size);
    image->base64 = image->bytes != NULL ? base64_text(image->bytes, image->size, BASE64_PLAIN) : NULL;
    image->path = temp_path(folder, name);
    if (image->base64 == NULL || image->path == NULL || !write_file(image->path, image->bytes, image->size))
        abort();
}

static void recognise(struct work_image *image, dm_client *direct)
{
    const dm_input input = dm_image_bytes(image->bytes, image->size);
    dm_error error;

    if (dm_spec_infer(direct, dm_public_spec(spec_name), &input, 1, NULL, NULL, &image->expected, &error) != DM_OK) {
        fprintf(stderr, "%s\n", error.message);
        abort();
    }
}

void work_images_make(struct work_images *images, dm_client *direct)
{
    static const char *const pictures[WORK_IMAGES][5] = {
        {"rrrr", "rrrr", "wwww", "wwww", NULL},
        {"gggg", "gggg", "gggg", "gggg", NULL},
        {"bbww", "bbww", "bbww", "bbww", NULL},
        {"wwww", "wwrr", "wwrr", "wwww", NULL},
    };

    images->folder = temp_folder_new();
    if (images->folder == NULL)
        abort();
    for (size_t i = 0; i < WORK_IMAGES; i++) {
        make_image(&images->images[i], images->folder, pictures[i]);
        recognise(&images->images[i], direct);
    }
    for (size_t i = 1; i < WORK_IMAGES; i++) {
        /* Otherwise the results of two threads could be confused. */
        if (inference_same(images->images[i].expected, images->images[i - 1].expected))
            abort();
    }
}

void work_images_free(struct work_images *images)
{
    for (size_t i = 0; i < WORK_IMAGES; i++) {
        free(images->images[i].bytes);
        free(images->images[i].base64);
        free(images->images[i].path);
        dm_inference_free(images->images[i].expected);
    }
    temp_folder_remove(images->folder);
}

/* ---- Names ---- */

static const char name_prefix[] = "soak ";

void work_name(char name[WORK_NAME_SIZE], size_t pair)
{
    snprintf(name, WORK_NAME_SIZE, "%s%zu", name_prefix, pair);
}

size_t work_pair_of(const char *name)
{
    char again[WORK_NAME_SIZE];

    if (strncmp(name, name_prefix, strlen(name_prefix)) != 0)
        return SIZE_MAX;
    const size_t pair = strtoul(name + strlen(name_prefix), NULL, 10);
    work_name(again, pair);
    return strcmp(again, name) == 0 ? pair : SIZE_MAX;
}

/* ---- One piece of work ---- */

struct shift {
    struct books *books;
    const struct work_images *images;
    dm_client *client;
    atomic_size_t next; /* the ticket: the number of the next piece of work */
    size_t end;
};

static dm_input input_of(const struct work_image *image, size_t ticket)
{
    switch (ticket / WORK_IMAGES % 3) {
    case 0:
        return dm_image_bytes(image->bytes, image->size);
    case 1:
        return dm_image_base64(image->base64, strlen(image->base64));
    default:
        return dm_image_file(image->path);
    }
}

static void infer(struct shift *shift, size_t ticket)
{
    const struct work_image *image = &shift->images->images[ticket % WORK_IMAGES];
    const dm_input input = input_of(image, ticket);
    dm_inference *inference = NULL;
    dm_error error;

    if (dm_spec_infer(shift->client, dm_public_spec(spec_name), &input, 1, NULL, NULL, &inference, &error) != DM_OK)
        books_complain(shift->books, "inference %zu: %s: %s", ticket, dm_status_name(error.status), error.message);
    else if (!inference_same(inference, image->expected))
        books_complain(shift->books, "inference %zu: another picture's answer, or a spoilt one", ticket);
    else
        atomic_fetch_add(&shift->books->inferences_right, 1);
    dm_inference_free(inference);
}

dm_status work_create(dm_client *client, const char *name, dm_spec **spec, dm_error *error)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};

    return dm_spec_create(client, name, &output, 1, NULL, NULL, spec, error);
}

static void delete_again(struct shift *shift, const dm_spec *spec, const char *name)
{
    dm_error error;

    if (strcmp(spec->name, name) != 0)
        books_complain(shift->books, "created \"%s\", got \"%s\"", name, spec->name);
    if (dm_spec_delete(shift->client, spec->id, NULL, &error) != DM_OK)
        books_complain(shift->books, "deleting \"%s\": %s", name, error.message);
}

static void create_and_delete(struct shift *shift, size_t pair)
{
    char name[WORK_NAME_SIZE];
    dm_spec *spec = NULL;
    dm_error error;

    work_name(name, pair);
    if (work_create(shift->client, name, &spec, &error) == DM_OK) {
        delete_again(shift, spec, name);
        shift->books->pairs[pair] = PAIR_DONE;
    } else {
        shift->books->pairs[pair] = error.outcome_unknown ? PAIR_UNKNOWN : PAIR_NOT_MADE;
    }
    dm_spec_free(spec);
}

/* ---- The threads ---- */

/* Tickets are numbered consecutively. The pairs are spread evenly among the inferences. */
static void do_ticket(struct shift *shift, size_t ticket)
{
    const size_t all = shift->books->inference_count + shift->books->pair_count;
    const size_t pair = ticket * shift->books->pair_count / all;

    if ((ticket + 1) * shift->books->pair_count / all != pair)
        create_and_delete(shift, pair);
    else
        infer(shift, ticket);
}

static void *do_shift(void *data)
{
    struct shift *shift = data;

    for (size_t ticket; (ticket = atomic_fetch_add(&shift->next, 1)) < shift->end;)
        do_ticket(shift, ticket);
    return NULL;
}

void work_do_tenth(struct books *books, const struct work_images *images, dm_client *client, size_t tenth)
{
    const size_t all = books->inference_count + books->pair_count;
    struct shift shift = {.books = books, .images = images, .client = client, .end = all * (tenth + 1) / TENTHS};
    pthread_t threads[THREADS];

    atomic_init(&shift.next, all * tenth / TENTHS);
    for (size_t i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, do_shift, &shift) != 0)
            abort();
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}
