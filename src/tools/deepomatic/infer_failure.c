#include "infer_failure.h"

enum cause {
    CAUSE_IMAGE,   /* this image, or its task */
    CAUSE_SERVICE, /* the connection, the credentials, the specification or the service */
    CAUSE_OPEN     /* either */
};

/* HTTP 4xx except 401, 403, 404, 408 and 429, which have a status of their own. */
static enum cause cause_of_rejection(int http_status)
{
    switch (http_status) {
    case 400: /* a bad image, but also a specification without a current version */
        return CAUSE_OPEN;
    case 413: /* too large */
    case 415: /* unsupported type */
    case 422: /* cannot be processed */
        return CAUSE_IMAGE;
    default:
        return CAUSE_SERVICE;
    }
}

static enum cause cause_of(dm_status status, const dm_error *error)
{
    switch (status) {
    case DM_ERR_NO_MEMORY:
    case DM_ERR_SYSTEM:
    case DM_ERR_NETWORK:
    case DM_ERR_TLS:
    case DM_ERR_CREDENTIALS:
    case DM_ERR_RATE_LIMITED:
    case DM_ERR_REDIRECT:
        return CAUSE_SERVICE;
    case DM_ERR_NOT_FOUND: /* the task, if there is one, or else the specification */
        return error->task_id.text[0] != '\0' ? CAUSE_IMAGE : CAUSE_SERVICE;
    case DM_ERR_REJECTED:
        return cause_of_rejection(error->http_status);
    case DM_ERR_TIMEOUT: /* a dead server, or a large image on a slow link */
    case DM_ERR_SERVER:
    case DM_ERR_BAD_RESPONSE:
        return CAUSE_OPEN;
    default:
        return CAUSE_IMAGE;
    }
}

/* A short call, because the image has already waited long for the service. */
static dm_call_options short_call(const struct cli *cli)
{
    static const int64_t most_ms = 10000;
    dm_call_options call = cli->call;

    if (call.timeout_ms == 0 || call.timeout_ms > most_ms)
        call.timeout_ms = most_ms;
    return call;
}

static bool spec_can_infer(const struct cli *cli, dm_status *status)
{
    const dm_call_options call = short_call(cli);
    dm_spec *spec = NULL;

    *status = dm_spec_retrieve(cli->client, cli->operands->spec, &call, &spec, NULL);
    const bool can_infer =
        *status != DM_OK || cli->operands->spec.public_id != NULL || spec->current_version_id != NULL;
    dm_spec_free(spec);
    return can_infer;
}

static dm_status retrieve_version(const struct cli *cli)
{
    const dm_call_options call = short_call(cli);
    dm_version *version = NULL;
    const dm_status status = dm_version_retrieve(cli->client, cli->operands->version_id, &call, &version, NULL);

    dm_version_free(version);
    return status;
}

/* The specification is retrieved with the same server and key, but without an image. An API key that may infer but not
 * retrieve shows nothing about the other images. */
static bool service_has_failed(const struct cli *cli)
{
    dm_status status = DM_OK;

    if (cli->operands->version_id != 0)
        status = retrieve_version(cli);
    else if (!spec_can_infer(cli, &status))
        return true;
    return status != DM_OK && status != DM_ERR_CREDENTIALS && status != DM_ERR_NOT_FOUND && status != DM_ERR_REJECTED;
}

bool infer_failure_is_general(const struct cli *cli, dm_status status, const dm_error *error)
{
    const enum cause cause = cause_of(status, error);

    return cause == CAUSE_SERVICE || (cause == CAUSE_OPEN && service_has_failed(cli));
}
