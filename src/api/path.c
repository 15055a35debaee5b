#include "api/path.h"

#include "base/check.h"
#include "codec/task_id.h"

#include <string.h>

/* A name must be a single path segment, so that it cannot lead to another resource. */
static bool check_public_id(struct failure *failure, const char *name)
{
    if (!check_header_text(failure, "the public specification's id", name))
        return false;
    if (strpbrk(name, "/\\?#%") == NULL && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        return true;
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                       "the public specification's id \"%s\" is not valid: it must not contain / \\ ? # or %%, nor be "
                       ". or ..",
                       name);
}

bool path_check_private(struct failure *failure, dm_spec_id id)
{
    if (id.public_id == NULL)
        return check_id(failure, "the private specification's id", id.private_id);
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                       "\"%s\" is a public specification; only your own ones can be changed and have versions",
                       id.public_id);
}

static void begin(struct call *call, const char *method, const char *first, const char *second)
{
    call_begin_request(call, method);
    request_append_name(&call->request, first);
    if (second != NULL)
        request_append_name(&call->request, second);
}

void path_account(struct call *call, const char *method)
{
    begin(call, method, "accounts", "me");
}

void path_specs(struct call *call, const char *method, dm_visibility visibility)
{
    begin(call, method, "recognition", visibility == DM_VISIBILITY_PUBLIC ? "public" : "specs");
    if (visibility != DM_VISIBILITY_PRIVATE && visibility != DM_VISIBILITY_PUBLIC)
        failure_set(&call->failure, DM_ERR_INVALID_ARGUMENT,
                    "visibility must be DM_VISIBILITY_PRIVATE or DM_VISIBILITY_PUBLIC");
}

void path_spec(struct call *call, const char *method, dm_spec_id id)
{
    if (id.public_id == NULL) {
        path_private_spec(call, method, id);
        return;
    }
    path_specs(call, method, DM_VISIBILITY_PUBLIC);
    if (check_public_id(&call->failure, id.public_id))
        request_append_name(&call->request, id.public_id);
}

void path_private_spec(struct call *call, const char *method, dm_spec_id id)
{
    path_specs(call, method, DM_VISIBILITY_PRIVATE);
    if (path_check_private(&call->failure, id))
        request_append_id(&call->request, id.private_id);
}

void path_spec_versions(struct call *call, const char *method, dm_spec_id id)
{
    path_private_spec(call, method, id);
    request_append_name(&call->request, "versions");
}

void path_versions(struct call *call, const char *method)
{
    begin(call, method, "recognition", "versions");
}

void path_version(struct call *call, const char *method, int64_t id)
{
    path_versions(call, method);
    if (check_id(&call->failure, "the version's id", id))
        request_append_id(&call->request, id);
}

void path_tasks(struct call *call, const char *method)
{
    begin(call, method, "tasks", NULL);
}

void path_task(struct call *call, const char *method, const dm_task_id *id)
{
    path_tasks(call, method);
    if (check_task_id(&call->failure, "the id", id->text))
        request_append_name(&call->request, id->text);
}
