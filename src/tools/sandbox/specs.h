/* recognition/specs: the specifications of one's own. */
#ifndef SANDBOX_SPECS_H
#define SANDBOX_SPECS_H

#include "page.h"
#include "sandbox.h"

/* What lists show of a specification, private or public: everything but its outputs. */
record_view spec_list_view;

handler specs_list;
handler spec_create;
handler spec_show;
handler spec_patch;
handler spec_put;
handler spec_delete;

#endif
