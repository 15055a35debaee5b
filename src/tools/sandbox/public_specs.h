/* recognition/public: sandbox-colors, sandbox-regions and sandbox-pair. */
#ifndef SANDBOX_PUBLIC_SPECS_H
#define SANDBOX_PUBLIC_SPECS_H

#include "sandbox.h"

/* Adds the public specifications to an empty table. */
void public_specs_add(struct table *table);

/* Returns the public specification with that id, or NULL. */
const struct record *public_spec_find(const struct store *store, struct bytes id);

/* Returns the number of inputs that a public specification takes. */
size_t public_spec_input_count(const struct record *spec);

handler public_specs_list;
handler public_spec_show;

#endif
