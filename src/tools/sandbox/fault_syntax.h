/* The syntax of --fault: METHOD PATH WORD... */
#ifndef SANDBOX_FAULT_SYNTAX_H
#define SANDBOX_FAULT_SYNTAX_H

#include "fault.h"

/* Reads a fault. Returns NULL, or an error message to free; in both cases the fault must be cleared. */
char *fault_read(const char *text, struct fault *fault);

#endif
