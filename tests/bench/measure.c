/* Runs a command on the first core, and writes what it used to a file, in one line:
 *
 *     measure FILE COMMAND...      FILE: wall time in us, CPU time in us, page faults, peak memory in kB
 *
 * The kernel's peak includes the memory of the forked process before it executes the command. This program is small,
 * so that it does not matter. */
#include "core.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long cpu_us(const struct rusage *usage)
{
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 + usage->ru_utime.tv_usec +
           usage->ru_stime.tv_usec;
}

static int write_figures(const char *path, long wall_us, const struct rusage *usage)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    fprintf(file, "%ld %ld %ld %ld\n", wall_us, cpu_us(usage), usage->ru_minflt + usage->ru_majflt, usage->ru_maxrss);
    return fclose(file) == 0 ? 0 : 1;
}

static void become(char **command)
{
    core_use_first();
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
}

int main(int argc, char **argv)
{
    struct rusage usage;
    int status = 0;
    if (argc < 3) {
        fprintf(stderr, "usage: %s FILE COMMAND...\n", argv[0]);
        return 2;
    }
    const long begin = now_us();
    const pid_t child = fork();
    if (child == 0)
        become(argv + 2);
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("fork");
        return 1;
    }
    const long end = now_us();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s failed\n", argv[2]);
        return 1;
    }
    return write_figures(argv[1], end - begin, &usage);
}
