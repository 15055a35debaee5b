/* recognition/versions */
#ifndef SANDBOX_VERSIONS_H
#define SANDBOX_VERSIONS_H

#include "sandbox.h"

/* Returns the id of the specification of a version. */
int64_t version_spec_id(const struct record *version);

/* Returns the id of the network of a version. */
int64_t version_network_id(const struct record *version);

/* Removes all versions of a network. If one was the current version of a specification, the specification then has
 * none. */
void versions_remove_of_network(struct store *store, int64_t network_id);

/* Removes all versions of a specification. */
void versions_remove_of_spec(struct store *store, int64_t spec_id);

handler versions_list;
handler versions_of_spec;
handler version_create;
handler version_show;
handler version_delete;

#endif
