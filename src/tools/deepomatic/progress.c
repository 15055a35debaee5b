#include "progress.h"
#include "clock.h"
#include "report.h"
#include "status_line.h"

#include <inttypes.h>
#include <stdio.h>

bool progress_is_wanted(const struct options *options)
{
    if (options_has(options, OPTION_NO_PROGRESS))
        return false;
    return options_has(options, OPTION_PROGRESS) || status_line_works();
}

void progress_begin(struct progress *progress, const struct options *options, uint64_t total)
{
    *progress = (struct progress){
        .shown = progress_is_wanted(options),
        .on_terminal = status_line_works(),
        .total = total,
        .started_ms = clock_now_ms(),
        .written_ms = clock_now_ms(),
    };
}

void progress_note(struct progress *progress, bool failed)
{
    progress->done++;
    progress->failed += failed;
}

void progress_print_duration(FILE *out, uint64_t seconds)
{
    if (seconds >= 3600)
        fprintf(out, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        fprintf(out, "%" PRIu64 ":%02" PRIu64, seconds / 60, seconds % 60);
}

/* "120 of 500 images done, 2 failed, 41.3 a second, 0:09 left" */
static void print(FILE *out, const struct progress *progress, int64_t elapsed_ms)
{
    const double seconds = (double)(elapsed_ms > 0 ? elapsed_ms : 1) / 1000;
    const double rate = (double)progress->done / seconds;

    fprintf(out, "%" PRIu64, progress->done);
    if (progress->total > 0)
        fprintf(out, " of %" PRIu64, progress->total);
    fprintf(out, " images done, %" PRIu64 " failed, %.1f a second", progress->failed, rate);
    if (progress->is_over || progress->done == 0 || progress->total <= progress->done)
        return;
    fputs(", ", out);
    progress_print_duration(out, (uint64_t)((double)(progress->total - progress->done) / rate + 0.5));
    fputs(" left", out);
}

/* "120 of 500, 2 failed" for a narrow terminal */
static void put_short(const struct progress *progress)
{
    char text[80];

    if (progress->total > 0)
        snprintf(text, sizeof text, "%" PRIu64 " of %" PRIu64 ", %" PRIu64 " failed", progress->done, progress->total,
                 progress->failed);
    else
        snprintf(text, sizeof text, "%" PRIu64 ", %" PRIu64 " failed", progress->done, progress->failed);
    status_line_put(text);
}

static void write_line(const struct progress *progress)
{
    char text[160] = "";
    FILE *out = fmemopen(text, sizeof text, "w");

    if (out == NULL)
        return;
    print(out, progress, clock_now_ms() - progress->started_ms);
    fclose(out);
    if (!progress->on_terminal)
        report("%s", text);
    else if (status_line_fits(text))
        status_line_put(text);
    else
        put_short(progress);
}

void progress_update(struct progress *progress)
{
    const int64_t interval_ms = progress->on_terminal ? 200 : 10000;
    const int64_t now = clock_now_ms();

    if (!progress->shown || now - progress->written_ms < interval_ms)
        return;
    progress->written_ms = now;
    write_line(progress);
}

void progress_end(struct progress *progress)
{
    if (!progress->shown)
        return;
    progress->is_over = true;
    write_line(progress);
    status_line_keep();
}
