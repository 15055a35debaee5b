#include "api/path.h"

#include "base/check.h"
#include "codec/task_id.h"

#include <stdio.h>
#include <string.h>

/* The id of a resource: a number if it is private, a name if it is public. */
struct identity {
    const char *kind; /* such as "specification" */
    int64_t private_id;
    const char *public_id;
    const char *privilege; /* what else only private ones can do, for a message; may be "" */
};

static struct identity spec_identity(dm_spec_id id)
{
    return (struct identity){"specification", id.private_id, id.public_id, " and have versions"};
}

static struct identity network_identity(dm_network_id id)
{
    return (struct identity){"network", id.private_id, id.public_id, ""};
}

/* A name must be a single path segment, so that it cannot lead to another resource. */
static bool check_public(struct failure *failure, struct identity id)
{
    char what[64];
    const char *name = id.public_id;
    snprintf(what, sizeof what, "the public %s's id", id.kind);
    if (!check_header_text(failure, what, name))
        return false;
    if (strpbrk(name, "/\\?#%") == NULL && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
        return true;
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                       "%s \"%s\" is not valid: it must not contain / \\ ? # or %%, nor be . or ..", what, name);
}

static bool check_private(struct failure *failure, struct identity id)
{
    char what[64];
    snprintf(what, sizeof what, "the private %s's id", id.kind);
    if (id.public_id == NULL)
        return check_id(failure, what, id.private_id);
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "\"%s\" is a public %s; only private ones can be changed%s",
                       id.public_id, id.kind, id.privilege);
}

static void append_public(struct call *call, struct identity id)
{
    if (check_public(&call->failure, id))
        request_append_name(&call->request, id.public_id);
}

static void append_private(struct call *call, struct identity id)
{
    if (check_private(&call->failure, id))
        request_append_id(&call->request, id.private_id);
}

static void check_visibility(struct call *call, dm_visibility visibility)
{
    if (visibility != DM_VISIBILITY_PRIVATE && visibility != DM_VISIBILITY_PUBLIC)
        failure_set(&call->failure, DM_ERR_INVALID_ARGUMENT,
                    "visibility must be DM_VISIBILITY_PRIVATE or DM_VISIBILITY_PUBLIC");
}

bool path_check_private(struct failure *failure, dm_spec_id id)
{
    return check_private(failure, spec_identity(id));
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
    check_visibility(call, visibility);
}

void path_spec(struct call *call, const char *method, dm_spec_id id)
{
    if (id.public_id == NULL) {
        path_private_spec(call, method, id);
        return;
    }
    path_specs(call, method, DM_VISIBILITY_PUBLIC);
    append_public(call, spec_identity(id));
}

void path_private_spec(struct call *call, const char *method, dm_spec_id id)
{
    path_specs(call, method, DM_VISIBILITY_PRIVATE);
    append_private(call, spec_identity(id));
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

void path_networks(struct call *call, const char *method, dm_visibility visibility)
{
    begin(call, method, "networks", visibility == DM_VISIBILITY_PUBLIC ? "public" : NULL);
    check_visibility(call, visibility);
}

void path_network(struct call *call, const char *method, dm_network_id id)
{
    if (id.public_id == NULL) {
        path_private_network(call, method, id);
        return;
    }
    path_networks(call, method, DM_VISIBILITY_PUBLIC);
    append_public(call, network_identity(id));
}

void path_private_network(struct call *call, const char *method, dm_network_id id)
{
    path_networks(call, method, DM_VISIBILITY_PRIVATE);
    append_private(call, network_identity(id));
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
