/* Numbers that JSON and this library's C types can both hold exactly. */
#ifndef DM_NUMBER_H
#define DM_NUMBER_H

#include <stdint.h>

#define NUMBER_MAX_EXACT ((INT64_C(1) << 53) - 1)

#endif
