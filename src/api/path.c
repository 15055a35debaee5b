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

static void begin(struct call *call, const char *method, const char *collection)
{
    call_request(call, method);
    request_append_name(&call->request, "recognition");
    request_append_name(&call->request, collection);
}

void path_specs(struct call *call, const char *method, dm_visibility visibility)
{
    begin(call, method, visibility == DM_VISIBILITY_PUBLIC ? "public" : "specs");
}

void path_spec(struct call *call, const char *method, dm_spec_id id)
{
    if (id.public_id == NULL) {
        path_private_spec(call, method, id);
        return;
    }
    path_specs(call, method, DM_VISIBILITY_PUBLIC);
    if (call->status == DM_OK && call_check(call, check_public_id(id.public_id, call->error)))
        request_append_name(&call->request, id.public_id);
}

void path_private_spec(struct call *call, const char *method, dm_spec_id id)
{
    path_specs(call, method, DM_VISIBILITY_PRIVATE);
    if (call->status == DM_OK && call_check(call, path_check_private(id, call->error)))
        request_append_id(&call->request, id.private_id);
}

void path_versions(struct call *call, const char *method)
{
    begin(call, method, "versions");
}

void path_version(struct call *call, const char *method, int64_t id)
{
    path_versions(call, method);
    if (call->status == DM_OK && call_check(call, check_id(call->error, "the version's id", id)))
        request_append_id(&call->request, id);
}

void path_tasks(struct call *call, const char *method)
{
    call_request(call, method);
    request_append_name(&call->request, "tasks");
}

void path_task(struct call *call, const char *method, const dm_task_id *id)
{
    path_tasks(call, method);
    if (call->status == DM_OK && call_check(call, check_task_id(call->error, "the id", id->text)))
        request_append_name(&call->request, id->text);
}
