#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM};
static const size_t signal_count = sizeof signals / sizeof signals[0];

static dm_cancel *volatile fired_switch;
static volatile sig_atomic_t came;

static void on_signal(int number)
{
    int saved_errno = errno;

    came = number;
    dm_cancel_fire(fired_switch);
    errno = saved_errno;
}

static void set_handlers(struct sigaction action)
{
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < signal_count; i++)
        sigaction(signals[i], &action, NULL);
}

void interrupt_fires(dm_cancel *cancel)
{
    fired_switch = cancel;
    /* No SA_RESTART: reading an image or an answer from the terminal ends too. */
    set_handlers((struct sigaction){.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND});
}

void interrupt_release(void)
{
    set_handlers((struct sigaction){.sa_handler = SIG_DFL});
}

bool interrupt_came(void)
{
    return came != 0;
}

void interrupt_end_program(void)
{
    if (came != 0)
        raise((int)came);
}
