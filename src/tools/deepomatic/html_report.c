#include "html_report.h"
#include "file.h"
#include "html.h"
#include "html_page.h"
#include "image.h"
#include "memory.h"
#include "name.h"
#include "picture_size.h"
#include "report.h"
#include "streams.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct html_report {
    FILE *out;
    const char *file;
    char *directory; /* of the report: absolute, without links */
};

static bool begins_like_a_report(FILE *stream)
{
    char beginning[sizeof HTML_PAGE_BEGINNING];
    const size_t size = fread(beginning, 1, sizeof beginning - 1, stream);

    beginning[size] = '\0';
    return size == 0 ? !ferror(stream) : strcmp(beginning, HTML_PAGE_BEGINNING) == 0;
}

/* With --report IMAGE... the first image is taken for the name of the report. It must not be overwritten. Returns why a
 * file must not be, or NULL. */
static const char *objection_to(const char *file)
{
    struct stat found;
    const char *objection = NULL;

    if (stat(file, &found) != 0)
        return NULL;
    if (output_mixes_with(&found))
        return "this is also the output";
    if (!S_ISREG(found.st_mode))
        return NULL;
    FILE *stream = fopen(file, "r");
    if (stream == NULL || !begins_like_a_report(stream))
        objection = "this file is not an earlier report: it is not overwritten";
    if (stream != NULL)
        fclose(stream);
    return objection;
}

/* The absolute path of the directory of an existing file. A pipe without a name, such as that of '>(gzip >FILE)', has
 * none: the current directory then. The caller frees it; NULL: errno says why. */
static char *directory_of(const char *file)
{
    char *path = realpath(file, NULL);

    if (path == NULL && errno == ENOENT)
        return realpath(".", NULL);
    char *slash = path != NULL ? strrchr(path, '/') : NULL;

    if (slash != NULL)
        slash[slash == path] = '\0';
    return path;
}

struct html_report *html_report_open(const char *file)
{
    struct html_report opened = {.file = file};
    const char *objection = objection_to(file);

    if (objection != NULL) {
        report_file("report", file, objection);
        return NULL;
    }
    opened.out = fopen(file, "w");
    opened.directory = opened.out != NULL ? directory_of(file) : NULL;
    if (opened.directory == NULL) {
        report_file("report", file, file_reason(errno));
        if (opened.out != NULL)
            fclose(opened.out);
        return NULL;
    }
    struct html_report *report = memory_array(NULL, 1, sizeof *report);
    *report = opened;
    fputs(html_page_head, report->out);
    return report;
}

/* The address of a picture; nothing if it is not a file, such as standard input. */
static bool put_address(struct html_report *report, const char *name)
{
    if (image_is_url(name)) {
        html_put_text(report->out, name);
        return true;
    }
    char *target = realpath(name, NULL);
    if (target == NULL)
        return false;
    char *path = html_relative_path(report->directory, target);
    html_put_path(report->out, path);
    free(path);
    free(target);
    return true;
}

static bool has_picture(const char *name)
{
    struct stat found;

    return image_is_url(name) || (strcmp(name, "-") != 0 && stat(name, &found) == 0 && S_ISREG(found.st_mode));
}

/* The size keeps the place of a picture that is not loaded yet. */
static void put_picture(struct html_report *report, const char *name)
{
    struct picture_size size;

    fputs("<img alt=\"\" data-src=\"", report->out);
    put_address(report, name);
    fputc('"', report->out);
    if (!image_is_url(name) && picture_size_read(name, &size))
        fprintf(report->out, " width=\"%" PRIu32 "\" height=\"%" PRIu32 "\"", size.width, size.height);
    fputs(">", report->out);
}

static void put_name(struct html_report *report, const char *name)
{
    char *quoted = name_quote(file_display_name(name));

    html_put_text(report->out, quoted);
    free(quoted);
}

/* The same colour for the same label. */
static const char *colour_of(int64_t label_id)
{
    static const char *const colours[] = {"#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080",
                                          "#9a6324", "#800000", "#808000", "#000075", "#f032e6", "#0082c8"};

    return colours[(uint64_t)label_id % (sizeof colours / sizeof colours[0])];
}

/* The attributes that the filter looks at. */
static void put_filter_attributes(FILE *out, const dm_prediction *label, bool discarded)
{
    fprintf(out, " class=\"%s\" style=\"--c:%s\" data-score=\"%.6f\" data-label=\"", discarded ? "l d" : "l",
            colour_of(label->label_id), label->score);
    html_put_text(out, label->label_name);
    fputc('"', out);
}

/* A box in percent of the picture, with its label above it, or inside where there is no room above. */
static void put_box(FILE *out, const dm_prediction *label, bool discarded)
{
    const dm_bbox *box = label->roi->bbox;

    fputs("<g", out);
    put_filter_attributes(out, label, discarded);
    fprintf(out, "><rect x=\"%.4f%%\" y=\"%.4f%%\" width=\"%.4f%%\" height=\"%.4f%%\"/>", 100 * box->xmin,
            100 * box->ymin, 100 * (box->xmax - box->xmin), 100 * (box->ymax - box->ymin));
    fprintf(out, "<text x=\"%.4f%%\" y=\"%.4f%%\" dx=\"3\" dy=\"%s\">", 100 * box->xmin, 100 * box->ymin,
            box->ymin < 0.08 ? "14" : "-4");
    html_put_text(out, label->label_name);
    fprintf(out, " %.3f</text></g>", label->score);
}

static void put_item(FILE *out, const dm_prediction *label, bool discarded)
{
    fputs("<li", out);
    put_filter_attributes(out, label, discarded);
    fputc('>', out);
    html_put_text(out, label->label_name);
    fprintf(out, " %.3f</li>", label->score);
}

/* Calls `put` for each label of the inference. */
static void put_labels(FILE *out, const dm_inference *inference, bool boxes)
{
    for (size_t i = 0; i < inference->output_count; i++) {
        const dm_labels_inference *labels = &inference->outputs[i].labels;
        for (size_t k = 0; k < labels->predicted_count + labels->discarded_count; k++) {
            const bool discarded = k >= labels->predicted_count;
            const dm_prediction *label =
                discarded ? &labels->discarded[k - labels->predicted_count] : &labels->predicted[k];
            if (!boxes)
                put_item(out, label, discarded);
            else if (label->roi != NULL && label->roi->bbox != NULL)
                put_box(out, label, discarded);
        }
    }
}

void html_report_put_inference(struct html_report *report, const char *name, const dm_inference *inference)
{
    fputs("<figure>", report->out);
    if (has_picture(name)) {
        fputs("<div>", report->out);
        put_picture(report, name);
        fputs("<svg>", report->out);
        put_labels(report->out, inference, true);
        fputs("</svg></div>", report->out);
    }
    fputs("<figcaption>", report->out);
    put_name(report, name);
    fputs("<ul>", report->out);
    put_labels(report->out, inference, false);
    fputs("</ul></figcaption></figure>\n", report->out);
}

void html_report_put_failure(struct html_report *report, const char *name, const char *message)
{
    fputs("<figure class=\"failed\">", report->out);
    if (has_picture(name)) {
        fputs("<div>", report->out);
        put_picture(report, name);
        fputs("</div>", report->out);
    }
    fputs("<figcaption>", report->out);
    put_name(report, name);
    fputs("<p>", report->out);
    html_put_text(report->out, message);
    fputs("</p></figcaption></figure>\n", report->out);
}

bool html_report_flush(const struct html_report *report)
{
    return ferror(report->out) == 0;
}

bool html_report_close(struct html_report *report)
{
    const bool written = ferror(report->out) == 0;
    const bool closed = fclose(report->out) == 0;

    if (!written || !closed)
        report_file("report", report->file, file_reason(errno));
    free(report->directory);
    free(report);
    return written && closed;
}
