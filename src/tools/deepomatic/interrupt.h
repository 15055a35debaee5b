/* Ctrl-C and SIGTERM end the call at hand, and with it the program in good order. The second one ends the program at
 * once. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <deepomatic.h>

/* From now on the signals fire `cancel`, until interrupt_release. */
void interrupt_fires(dm_cancel *cancel);

/* Gives the signals back their own effect, so that `cancel` can be freed. */
void interrupt_release(void);

/* Has a signal come? */
bool interrupt_came(void);

/* If one has come, the program ends of it here after all, so that a shell's loop around it ends too. */
void interrupt_end_program(void);

#endif
