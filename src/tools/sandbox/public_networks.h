/* networks/public: sandbox-tensorflow and sandbox-caffe. */
#ifndef SANDBOX_PUBLIC_NETWORKS_H
#define SANDBOX_PUBLIC_NETWORKS_H

#include "sandbox.h"

/* Adds the public networks to an empty table. */
void public_networks_add(struct table *table);

handler public_networks_list;
handler public_network_show;

#endif
