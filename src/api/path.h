/* The paths of the API's resources. Each function checks the id and starts the call's request,
 * which is a GET if the function has no method. */
#ifndef DM_PATH_H
#define DM_PATH_H

#include "client/call.h"

void path_account(struct call *call);

void path_specs(struct call *call, const char *method, dm_visibility visibility);
void path_spec(struct call *call, const char *method, dm_spec_id id);

/* Only private specifications can be changed and have versions. */
bool path_check_private(struct failure *failure, dm_spec_id id);
void path_private_spec(struct call *call, const char *method, dm_spec_id id);
void path_spec_versions(struct call *call, dm_spec_id id);

void path_versions(struct call *call, const char *method);
void path_version(struct call *call, const char *method, int64_t id);

void path_networks(struct call *call, const char *method, dm_visibility visibility);
void path_network(struct call *call, const char *method, dm_network_id id);
void path_private_network(struct call *call, const char *method, dm_network_id id); /* public ones cannot be changed */

void path_tasks(struct call *call);
void path_task(struct call *call, const dm_task_id *id);

#endif
