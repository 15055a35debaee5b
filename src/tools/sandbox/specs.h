/* recognition/specs: private specifications. */
#ifndef SANDBOX_SPECS_H
#define SANDBOX_SPECS_H

#include "page.h"
#include "sandbox.h"

/* Lists show private and public specifications without their outputs. */
record_view spec_list_view;

handler specs_list;
handler spec_create;
handler spec_show;
handler spec_patch;
handler spec_put;
handler spec_delete;

#endif
