/* Replies that are cut off, and the script of a fault server that sends them. */
#ifndef API_CUT_SCRIPT_H
#define API_CUT_SCRIPT_H

#include "answers.h"
#include "fault_server.h"
#include "framed_reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- What is cut ---- */

enum { SPEC_SUBJECT, PENDING_SUBJECT, SUBMIT_SUBJECT, SUBJECTS = 12 };

struct subject {
    const char *name;
    ask_function *ask;
    const char *http_status;
    const char *headers;
    const void *body;
    size_t body_length;
    const char *words;     /* the result of the call for the whole reply, as text */
    dm_status status;      /* and its status */
    bool not_repeatable;   /* the request must not be repeated */
    bool forgiving;        /* a cut reply makes the call send another request, even without retries */
    const char *then_body; /* the body of the reply to that request, and to the one after a whole reply */
};

extern const struct subject subjects[SUBJECTS];

/* False if the framing would compress a body that is already compressed; also if the end of the connection ends the
 * body and the call may send another request, because it is not certain after which cuts it does. */
bool go_together(const struct subject *subject, const struct framing *framing);

/* ---- Attempts ---- */

enum { RETRIES = 3 }; /* attempts of a call whose attempts all fail */

enum repeating {
    RETRIES_OFF,    /* one attempt, which is cut */
    RETRIES_MEND,   /* the second attempt finds the whole reply */
    RETRIES_IN_VAIN /* all attempts are cut */
};

#define WHOLE SIZE_MAX

/* Some cuts of one reply, which are tried one after the other with the same server and client. */
struct campaign {
    const struct subject *subject;
    struct framing framing;
    enum fault_ending ending;
    enum repeating repeating;
    size_t first; /* the first cut, or WHOLE for no cut; then every stride-th one */
    size_t stride;

    size_t answers; /* calls with the expected status */
    size_t errors;
    char failure[1024]; /* "" if all went well */
};

int attempts_allowed(const struct campaign *campaign);

/* The cuts are tried in this order: the first one, then each next one, until the last one. */
size_t first_cut(const struct campaign *campaign, size_t length);
size_t next_cut(const struct campaign *campaign, size_t cut, size_t length);
size_t last_cut(const struct campaign *campaign, size_t length);

/* ---- The script ---- */

struct script {
    struct framed_reply reply;
    struct framed_reply then; /* empty if no request follows a whole reply */
    struct fault_step *steps;
    size_t count;
    size_t capacity;
};

/* False if out of memory. The script must be freed in any case. */
bool write_script(struct script *script, const struct campaign *campaign);

void free_script(struct script *script);

/* How many attempts get the cut reply. */
int times_cut(const struct campaign *campaign);

/* True if a later attempt or request of the call finds a whole reply. */
bool is_mended(const struct campaign *campaign);

/* True if libcurl accepts the reply as complete when it is cut there. */
bool is_complete(const struct campaign *campaign, size_t length, size_t cut);

#endif
