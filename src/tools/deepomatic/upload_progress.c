#include "upload_progress.h"
#include "clock.h"
#include "progress.h"
#include "report.h"
#include "status_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BAR_WIDTH = 20 };

void upload_progress_begin(struct upload_progress *progress, const struct options *options)
{
    *progress = (struct upload_progress){
        .shown = progress_is_wanted(options),
        .on_terminal = status_line_works(),
        .started_ms = clock_now_ms(),
        .written_ms = clock_now_ms(),
    };
}

static double megabytes(int64_t bytes)
{
    return (double)bytes / 1e6;
}

/* "[########............]  40 % of 2147.5 MB, 85.1 MB/s, 0:15 left" */
static void print(FILE *out, const struct upload_progress *progress)
{
    const int64_t elapsed_ms = clock_now_ms() - progress->started_ms;
    const double rate = (double)progress->sent / ((double)(elapsed_ms > 0 ? elapsed_ms : 1) / 1000);
    const double part = (double)progress->sent / (double)progress->total;

    fputc('[', out);
    for (int i = 0; i < BAR_WIDTH; i++)
        fputc(i < (int)(part * BAR_WIDTH) ? '#' : '.', out);
    fprintf(out, "] %3d %% of %.1f MB, %.1f MB/s", (int)(part * 100), megabytes(progress->total), rate / 1e6);
    if (progress->sent == 0 || progress->sent == progress->total)
        return;
    fputs(", ", out);
    progress_print_duration(out, (uint64_t)((double)(progress->total - progress->sent) / rate + 0.5));
    fputs(" left", out);
}

static void write_line(const struct upload_progress *progress)
{
    char text[160] = "";
    FILE *out = fmemopen(text, sizeof text, "w");

    if (out == NULL)
        return;
    print(out, progress);
    fclose(out);
    if (progress->on_terminal) /* a narrow terminal shows the numbers without the bar */
        status_line_put(status_line_fits(text) ? text : text + strlen("[] ") + BAR_WIDTH);
    else
        report("%s", text);
}

void upload_progress_note(int64_t sent, int64_t total, void *data)
{
    struct upload_progress *progress = data;
    const int64_t interval_ms = progress->on_terminal ? 200 : 10000;
    const int64_t now = clock_now_ms();

    if (sent < progress->sent)
        progress->started_ms = now; /* it begins again */
    progress->sent = sent;
    progress->total = total;
    if (!progress->shown || now - progress->written_ms < interval_ms)
        return;
    progress->written_ms = now;
    write_line(progress);
}

void upload_progress_end(struct upload_progress *progress)
{
    if (!progress->shown || progress->sent == 0)
        return;
    write_line(progress);
    status_line_keep();
}
