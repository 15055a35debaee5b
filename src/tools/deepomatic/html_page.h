/* The beginning of the page of --report. The figures follow; HTML needs no end. */
#ifndef CLI_HTML_PAGE_H
#define CLI_HTML_PAGE_H

/* With this, a file is known to be such a page. */
#define HTML_PAGE_BEGINNING                                                                                            \
    "<!DOCTYPE html>\n"                                                                                                \
    "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>deepomatic infer</title>\n"

extern const char html_page_head[];

#endif
