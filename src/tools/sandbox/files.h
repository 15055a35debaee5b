/* /files/NAME: pictures to download in tests. */
#ifndef SANDBOX_FILES_H
#define SANDBOX_FILES_H

#include "sandbox.h"

handler file_show;

#endif
