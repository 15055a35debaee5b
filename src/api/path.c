#include "api/path.h"

#include "base/check.h"
#include "base/error.h"

#include <string.h>

/* A name is one segment of a path: it can neither leave it nor go up. */
static dm_status check_public_id(const char *name, dm_error *error)
{
    const dm_status status = check_header_text(error, "the public specification's id", name);
    if (status != DM_OK)
        return status;
    if (strpbrk(name, "/\\?#%") != NULL || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return error_set(
            error, DM_ERR_INVALID_ARGUMENT,
            "the public specification's id \"%s\" is no name: it must not hold / \\ ? # or %%, nor be . or ..", name);
    return DM_OK;
}

dm_status path_check_private(dm_spec_id id, dm_error *error)
{
    if (id.public_id == NULL)
        return check_id(error, "the private specification's id", id.private_id);
    return error_set(error, DM_ERR_INVALID_ARGUMENT,
                     "\"%s\" is a public specification; only your own ones can be changed and have versions",
                     id.public_id);
}

static void begin(struct call *on, const char *method, const char *collection)
{
    call_request(on, method);
    request_append_name(&on->request, "recognition");
    request_append_name(&on->request, collection);
}

void path_specs(struct call *on, const char *method, dm_visibility visibility)
{
    begin(on, method, visibility == DM_PUBLIC ? "public" : "specs");
}

void path_spec(struct call *on, const char *method, dm_spec_id id)
{
    if (id.public_id == NULL) {
        path_private_spec(on, method, id);
        return;
    }
    path_specs(on, method, DM_PUBLIC);
    if (on->status == DM_OK && call_check(on, check_public_id(id.public_id, on->error)))
        request_append_name(&on->request, id.public_id);
}

void path_private_spec(struct call *on, const char *method, dm_spec_id id)
{
    path_specs(on, method, DM_PRIVATE);
    if (on->status == DM_OK && call_check(on, path_check_private(id, on->error)))
        request_append_id(&on->request, id.private_id);
}

void path_versions(struct call *on, const char *method)
{
    begin(on, method, "versions");
}

void path_version(struct call *on, const char *method, int64_t id)
{
    path_versions(on, method);
    if (on->status == DM_OK && call_check(on, check_id(on->error, "the version's id", id)))
        request_append_id(&on->request, id);
}

void path_tasks(struct call *on, const char *method)
{
    call_request(on, method);
    request_append_name(&on->request, "tasks");
}

void path_task(struct call *on, const char *method, const dm_task_id *id)
{
    path_tasks(on, method);
    if (on->status == DM_OK && call_check(on, check_task_id(on->error, "the id", id->text)))
        request_append_name(&on->request, id->text);
}
