/* accounts/me */
#ifndef SANDBOX_ACCOUNT_H
#define SANDBOX_ACCOUNT_H

#include "sandbox.h"

/* Creates the account of the API key's owner. */
json_object *account_new(void);

handler account_show;

#endif
