#include "audit.h"

#include "work.h"

#include <stdlib.h>

/* Creates a specification, to get its id and its task's id. */
static void read_numbers(struct audit *audit, struct books *books, int64_t *spec_number, int64_t *task_number)
{
    dm_spec *spec = NULL;
    dm_error error;

    if (work_create(audit->direct, "audit", &spec, &error) != DM_OK ||
        dm_spec_delete(audit->direct, spec->id, NULL, &error) != DM_OK) {
        books_complain(books, "the audit: %s", error.message);
    } else {
        *spec_number = spec->id.private_id;
        *task_number = strtoll(spec->task_id->text, NULL, 10);
    }
    dm_spec_free(spec);
}

void audit_open(struct audit *audit, dm_client *direct, struct books *books)
{
    *audit = (struct audit){.direct = direct};
    read_numbers(audit, books, &audit->last_spec, &audit->last_task);
}

static void judge_leftover(struct books *books, const char *name)
{
    const size_t pair = work_pair_of(name);

    if (pair >= books->pair_count)
        books_complain(books, "unexpected specification \"%s\"", name);
    else if (books->pairs[pair] != PAIR_UNKNOWN)
        books_complain(books, "\"%s\" is on the sandbox, although its create %s", name,
                       books->pairs[pair] == PAIR_DONE ? "succeeded once, and it was deleted" : "failed for certain");
    else if (books->found[pair])
        books_complain(books, "\"%s\" is on the sandbox twice", name);
    else
        books->found[pair] = true;
}

static dm_status delete_all(dm_client *direct, const dm_spec_page *page, dm_error *error)
{
    dm_status status = DM_OK;

    for (size_t i = 0; status == DM_OK && i < page->result_count; i++)
        status = dm_spec_delete(direct, page->results[i].id, NULL, error);
    return status;
}

/* Returns false if no specification is left, or if the sandbox does not answer. */
static bool take_page(struct audit *audit, struct books *books)
{
    dm_spec_page *page = NULL;
    dm_error error;
    dm_status status = dm_spec_list(audit->direct, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &error);
    const bool more = status == DM_OK && page->result_count > 0;

    for (size_t i = 0; more && i < page->result_count; i++)
        judge_leftover(books, page->results[i].name);
    if (more)
        status = delete_all(audit->direct, page, &error);
    if (status != DM_OK)
        books_complain(books, "the audit: %s", error.message);
    dm_spec_page_free(page);
    return more && status == DM_OK;
}

void audit_leftovers(struct audit *audit, struct books *books)
{
    while (take_page(audit, books))
        ;
}

void audit_totals(struct audit *audit, struct books *books)
{
    const size_t known = books_count(books, PAIR_DONE) + books_found(books);
    int64_t spec = 0;
    int64_t task = 0;

    read_numbers(audit, books, &spec, &task);
    audit->specs_made = (size_t)(spec - audit->last_spec - 1);
    audit->tasks_made = (size_t)(task - audit->last_task - 1) - audit->specs_made; /* each create makes a task, too */
    if (audit->specs_made != known)
        books_complain(books, "the sandbox made %zu specifications, the books know of %zu", audit->specs_made, known);
    if (audit->tasks_made < atomic_load(&books->inferences_right))
        books_complain(books, "the sandbox ran %zu inferences, fewer than were answered", audit->tasks_made);
}
