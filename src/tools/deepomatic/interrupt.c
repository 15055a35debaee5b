#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
static const size_t signal_count = sizeof signals / sizeof signals[0];

static dm_cancel *volatile cancel_token;
static volatile sig_atomic_t arrived;
static volatile sig_atomic_t cancelled;
static volatile sig_atomic_t spared; /* the number of further Ctrl-C that do not cancel */

static void on_signal(int number)
{
    const int saved_errno = errno;

    arrived = number;
    if (number == SIGINT && spared > 0) {
        spared = 0;
    } else {
        cancelled = 1;
        dm_cancel_fire(cancel_token);
        signal(number, SIG_DFL);
    }
    errno = saved_errno;
}

/* nohup and shells ignore a signal on purpose. */
static void set_actions(struct sigaction action)
{
    struct sigaction current;

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < signal_count; i++)
        if (sigaction(signals[i], NULL, &current) == 0 && current.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
}

void interrupt_catch(dm_cancel *cancel)
{
    cancel_token = cancel;
    /* Without SA_RESTART, reading an image or an answer from the terminal ends too. */
    set_actions((struct sigaction){.sa_handler = on_signal});
}

void interrupt_spare_running(void)
{
    spared = 1;
}

void interrupt_release(void)
{
    set_actions((struct sigaction){.sa_handler = SIG_DFL});
}

bool interrupt_arrived(void)
{
    return arrived != 0;
}

bool interrupt_cancelled(void)
{
    return cancelled != 0;
}

void interrupt_end_program(void)
{
    if (arrived != 0)
        raise((int)arrived);
}
