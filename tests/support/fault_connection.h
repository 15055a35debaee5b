/* One connection of a fault server: reads requests and plays the steps that they take. */
#ifndef SUPPORT_FAULT_CONNECTION_H
#define SUPPORT_FAULT_CONNECTION_H

#include "fault_journal.h"

/*
 * Serves the non-blocking socket and closes it, when a step says so, when the client hangs up or as soon as stop_fd is
 * readable. first_step, if not NULL, is played before any request has arrived.
 */
void fault_connection_serve(int fd, int stop_fd, struct fault_journal *journal, size_t number,
                            const struct fault_step *first_step);

#endif
