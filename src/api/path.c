#include "api/path.h"

#include "base/check.h"
#include "codec/task_id.h"

#include <stdio.h>

/* A kind of resource, of which there are private and public ones. */
struct kind {
    char name[16]; /* in messages */
    char private_path[24];
    char public_path[24];
    char privilege[24]; /* what else only private ones can do, for a message; may be "" */
};

static const struct kind specs = {"specification", "/recognition/specs", "/recognition/public", " and have versions"};
static const struct kind networks = {"network", "/networks", "/networks/public", ""};

static void begin(struct call *call, const char *method, const char *path)
{
    call_begin_request(call, method);
    text_append_string(&call->request.target, path);
}

/* The path of a list, or of a create. */
static void begin_list(struct call *call, const char *method, const struct kind *kind, dm_visibility visibility)
{
    begin(call, method, visibility == DM_VISIBILITY_PUBLIC ? kind->public_path : kind->private_path);
    if (visibility != DM_VISIBILITY_PRIVATE && visibility != DM_VISIBILITY_PUBLIC)
        failure_set(&call->failure, DM_ERR_INVALID_ARGUMENT,
                    "visibility must be DM_VISIBILITY_PRIVATE or DM_VISIBILITY_PUBLIC");
}

/* Exactly one of id and name is set: a private resource has a number, a public one a name. */
static bool check_any(struct failure *failure, const struct kind *kind, int64_t id, const char *name)
{
    char what[64];
    snprintf(what, sizeof what, "the %s %s's id", name == NULL ? "private" : "public", kind->name);
    return name == NULL ? check_id(failure, what, id) : check_segment(failure, what, name);
}

static bool check_private(struct failure *failure, const struct kind *kind, int64_t id, const char *name)
{
    if (name == NULL)
        return check_any(failure, kind, id, name);
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "\"%s\" is a public %s; only private ones can be changed%s",
                       name, kind->name, kind->privilege);
}

/* After an invalid id, the path does not matter: the call has failed, and nothing is sent. */
static void begin_private(struct call *call, const char *method, const struct kind *kind, int64_t id, const char *name)
{
    check_private(&call->failure, kind, id, name);
    begin(call, method, kind->private_path);
    request_append_id(&call->request, id);
}

static void begin_any(struct call *call, const char *method, const struct kind *kind, int64_t id, const char *name)
{
    check_any(&call->failure, kind, id, name);
    if (name == NULL) {
        begin(call, method, kind->private_path);
        request_append_id(&call->request, id);
    } else {
        begin(call, method, kind->public_path);
        request_append_name(&call->request, name);
    }
}

bool path_check_private(struct failure *failure, dm_spec_id id)
{
    return check_private(failure, &specs, id.private_id, id.public_id);
}

void path_account(struct call *call)
{
    begin(call, "GET", "/accounts/me");
}

void path_specs(struct call *call, const char *method, dm_visibility visibility)
{
    begin_list(call, method, &specs, visibility);
}

void path_spec(struct call *call, const char *method, dm_spec_id id)
{
    begin_any(call, method, &specs, id.private_id, id.public_id);
}

void path_private_spec(struct call *call, const char *method, dm_spec_id id)
{
    begin_private(call, method, &specs, id.private_id, id.public_id);
}

void path_spec_versions(struct call *call, dm_spec_id id)
{
    path_private_spec(call, "GET", id);
    request_append_name(&call->request, "versions");
}

void path_versions(struct call *call, const char *method)
{
    begin(call, method, "/recognition/versions");
}

void path_version(struct call *call, const char *method, int64_t id)
{
    check_id(&call->failure, "the version's id", id);
    path_versions(call, method);
    request_append_id(&call->request, id);
}

void path_networks(struct call *call, const char *method, dm_visibility visibility)
{
    begin_list(call, method, &networks, visibility);
}

void path_network(struct call *call, const char *method, dm_network_id id)
{
    begin_any(call, method, &networks, id.private_id, id.public_id);
}

void path_private_network(struct call *call, const char *method, dm_network_id id)
{
    begin_private(call, method, &networks, id.private_id, id.public_id);
}

void path_tasks(struct call *call)
{
    begin(call, "GET", "/tasks");
}

void path_task(struct call *call, const dm_task_id *id)
{
    path_tasks(call);
    if (check_task_id(&call->failure, "the id", id->text))
        request_append_name(&call->request, id->text);
}
