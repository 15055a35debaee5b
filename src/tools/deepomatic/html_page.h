/* The beginning of the page of --report. The figures follow; HTML needs no end. */
#ifndef CLI_HTML_PAGE_H
#define CLI_HTML_PAGE_H

extern const char html_page_head[];

#endif
