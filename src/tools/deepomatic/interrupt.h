/* Ctrl-C, SIGTERM and SIGHUP cancel the running call, so that the program ends in good order. A second signal ends it
 * at once. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <deepomatic.h>

/* From now on the signals fire `cancel`. A signal that is ignored, such as SIGINT in a background job of a script,
 * stays ignored. */
void interrupt_catch(dm_cancel *cancel);

/* From now on the first Ctrl-C cancels nothing, and only makes interrupt_arrived true. The second one cancels, the
 * third one ends the program at once. SIGTERM and SIGHUP still cancel. */
void interrupt_spare_running(void);

/* Restores the default action of the signals, so that `cancel` can be freed. */
void interrupt_release(void);

/* Returns true if a signal has arrived. */
bool interrupt_arrived(void);

/* Returns true if a signal has fired the token. */
bool interrupt_cancelled(void);

/* If a signal has arrived, ends the program with it, so that a shell loop around the program ends too. */
void interrupt_end_program(void);

#endif
