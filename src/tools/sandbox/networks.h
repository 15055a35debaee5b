/* networks: private networks, which are trained models. */
#ifndef SANDBOX_NETWORKS_H
#define SANDBOX_NETWORKS_H

#include "page.h"
#include "sandbox.h"

/* Adds count networks to an empty store, called "network 1", "network 2"..., which are deployed at once. */
void networks_add(struct store *store, int64_t count);

/* Returns NULL if the network with that id is deployed, or an error message to free. */
char *network_deployment_error(const struct store *store, int64_t id);

/* Lists show private and public networks without their preprocessing. */
record_view network_list_view;

handler networks_list;
handler network_create;
handler network_show;
handler network_patch;
handler network_delete;

#endif
