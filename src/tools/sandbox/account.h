/* accounts/me */
#ifndef SANDBOX_ACCOUNT_H
#define SANDBOX_ACCOUNT_H

#include "sandbox.h"

/* The account of whoever has the key. */
json_object *account_new(void);

handler account_show;

#endif
