/* /files/NAME: pictures on loopback. */
#ifndef SANDBOX_FILES_H
#define SANDBOX_FILES_H

#include "sandbox.h"

handler file_show;

#endif
