#include "routes.h"

#include "account.h"
#include "files.h"
#include "inference.h"
#include "memory.h"
#include "networks.h"
#include "public_networks.h"
#include "public_specs.h"
#include "specs.h"
#include "tasks.h"
#include "versions.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_TARGET = 8190, /* as in Apache */
};

enum {
    WITHOUT_KEY = 1,
    TAKES_UPLOADS = 4, /* a multipart body is taken apart as it arrives */
    LOCKS_ITSELF = 2,  /* for slow handlers: they lock the store themselves, and only while they use it */
};

/* In a pattern, '#' matches digits and '*' matches a name without slashes. */
struct route {
    const char *method;
    const char *pattern;
    handler *handle;
    unsigned flags;
};

static const struct route ROUTES[] = {
    {"GET", "/v0.7/accounts/me", account_show, 0},
    {"GET", "/v0.7/networks", networks_list, 0},
    {"POST", "/v0.7/networks", network_create, TAKES_UPLOADS},
    {"GET", "/v0.7/networks/#", network_show, 0},
    {"PATCH", "/v0.7/networks/#", network_patch, 0},
    {"DELETE", "/v0.7/networks/#", network_delete, 0},
    {"GET", "/v0.7/networks/public", public_networks_list, 0},
    {"GET", "/v0.7/networks/public/*", public_network_show, 0},
    {"GET", "/v0.7/recognition/public", public_specs_list, 0},
    {"GET", "/v0.7/recognition/public/*", public_spec_show, 0},
    {"POST", "/v0.7/recognition/public/*/inference", inference_by_public_spec, LOCKS_ITSELF},
    {"GET", "/v0.7/recognition/specs", specs_list, 0},
    {"POST", "/v0.7/recognition/specs", spec_create, 0},
    {"GET", "/v0.7/recognition/specs/#", spec_show, 0},
    {"PATCH", "/v0.7/recognition/specs/#", spec_patch, 0},
    {"PUT", "/v0.7/recognition/specs/#", spec_put, 0},
    {"DELETE", "/v0.7/recognition/specs/#", spec_delete, 0},
    {"POST", "/v0.7/recognition/specs/#/inference", inference_by_spec, LOCKS_ITSELF},
    {"GET", "/v0.7/recognition/specs/#/versions", versions_of_spec, 0},
    {"GET", "/v0.7/recognition/versions", versions_list, 0},
    {"POST", "/v0.7/recognition/versions", version_create, 0},
    {"GET", "/v0.7/recognition/versions/#", version_show, 0},
    {"DELETE", "/v0.7/recognition/versions/#", version_delete, 0},
    {"POST", "/v0.7/recognition/versions/#/inference", inference_by_version, LOCKS_ITSELF},
    {"GET", "/v0.7/tasks", tasks_list, 0},
    {"GET", "/v0.7/tasks/#", task_show, 0},
    {"GET", "/files/*", file_show, WITHOUT_KEY | LOCKS_ITSELF},
};

enum { ROUTE_COUNT = sizeof ROUTES / sizeof ROUTES[0] };

/* Reads an id. Returns the rest of the path, or NULL if there is no id or it is too large. */
static const char *match_id(const char *path, int64_t *id)
{
    size_t size = strspn(path, "0123456789");

    if (size == 0 || size > strlen("999999999999999999"))
        return NULL;
    *id = strtoll(path, NULL, 10);
    return path + size;
}

static const char *match_name(const char *path, struct bytes *name)
{
    *name = (struct bytes){path, strcspn(path, "/")};
    return name->size > 0 ? path + name->size : NULL;
}

/* Returns whether the request's path matches the pattern. A slash at the end is optional. */
static bool match(const char *pattern, struct request *request)
{
    const char *path = request->path;

    for (; path != NULL && *pattern != '\0'; pattern++) {
        if (*pattern == '#')
            path = match_id(path, &request->id);
        else if (*pattern == '*')
            path = match_name(path, &request->name);
        else
            path = *path == *pattern ? path + 1 : NULL;
    }
    return path != NULL && (strcmp(path, "") == 0 || strcmp(path, "/") == 0);
}

static bool same_method(const char *route_method, const char *method)
{
    return strcmp(route_method, strcmp(method, "HEAD") == 0 ? "GET" : method) == 0;
}

/* Returns the route of a request, or NULL. Sets *known to a route with the same path and any method, or NULL. */
static const struct route *find_route(struct request *request, const struct route **known)
{
    *known = NULL;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!match(ROUTES[i].pattern, request))
            continue;
        *known = &ROUTES[i];
        if (same_method(ROUTES[i].method, request->method))
            return *known;
    }
    return NULL;
}

bool routes_take_uploads(const char *method, const char *path)
{
    struct request request = {.method = method, .path = path};
    const struct route *known;
    const struct route *route = find_route(&request, &known);

    return route != NULL && (route->flags & TAKES_UPLOADS) != 0;
}

static bool has_key(const struct sandbox *sandbox, const struct request *request)
{
    const char *key = request_header(request, "X-API-KEY");

    return key != NULL && strcmp(key, sandbox->options.api_key) == 0;
}

static void reply_not_allowed(struct reply *reply, const char *method)
{
    char *detail = memory_format("Method \"%s\" not allowed.", method);

    reply_detail(reply, 405, detail);
    free(detail);
}

/* libmicrohttpd truncates decoded text at a NUL byte. */
static bool has_nul(const char *target)
{
    return strstr(target, "%00") != NULL;
}

static void reply_unsupported(struct reply *reply, const char *content_type)
{
    char *detail = memory_format("Unsupported media type \"%s\" in request.", content_type != NULL ? content_type : "");

    reply_detail(reply, 415, detail);
    free(detail);
}

static void handle(struct sandbox *sandbox, const struct route *route, struct request *request, struct reply *reply)
{
    bool locks = (route->flags & LOCKS_ITSELF) == 0;

    if (locks)
        store_lock(&sandbox->store);
    route->handle(sandbox, request, reply);
    if (locks)
        store_unlock(&sandbox->store);
}

/* After the checks of the target, the order of the checks is that of Django REST framework. */
void routes_answer(struct sandbox *sandbox, struct request *request, struct reply *reply)
{
    const struct route *known;
    const struct route *route = find_route(request, &known);

    if (strlen(request->target) > LONGEST_TARGET)
        reply_detail(reply, 414, "The request's path and query are longer than 8190 bytes.");
    else if (has_nul(request->target))
        reply_detail(reply, 400, "The request's path or query contains a NUL byte.");
    else if (known == NULL)
        reply_not_found(reply);
    else if ((known->flags & WITHOUT_KEY) == 0 && !has_key(sandbox, request))
        reply_detail(reply, 401, "Authentication credentials were not provided or are not valid.");
    else if (route == NULL)
        reply_not_allowed(reply, request->method);
    else if (request->upload == NULL && request->received_size > request->received.size)
        reply_detail(reply, 413, "The body is too large.");
    else if (request->media == MEDIA_OTHER)
        reply_unsupported(reply, request_header(request, "Content-Type"));
    else
        handle(sandbox, route, request, reply);
}
