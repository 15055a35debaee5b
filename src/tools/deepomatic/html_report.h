/* --report: a page with the pictures, their boxes and labels. It opens from the disk, without a server. */
#ifndef CLI_HTML_REPORT_H
#define CLI_HTML_REPORT_H

#include <deepomatic.h>

struct html_report;

/* Creates the file. NULL: a message was written. */
struct html_report *html_report_open(const char *file);

/* Each adds one image at the end of the page. The page is complete at any time. */
void html_report_put_inference(struct html_report *report, const char *name, const dm_inference *inference);
void html_report_put_failure(struct html_report *report, const char *name, const char *message);

/* Returns true if everything so far was written. */
bool html_report_flush(const struct html_report *report);

/* False: some of it could not be written, and a message was. */
bool html_report_close(struct html_report *report);

#endif
