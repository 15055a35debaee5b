/* Bodies of replies, and the replies that most scenarios need. */
#ifndef FAULTS_REPLIES_H
#define FAULTS_REPLIES_H

/* Links have the server's host without its port, like those of a service behind a gateway. */
#define LINK_TO(offset) "\"http://127.0.0.1/v0.7/next?offset=" offset "&limit=1\""
#define LINK            LINK_TO("1")

#define ACCOUNT "{\"id\":7,\"name\":\"me\",\"email\":\"me@example.org\"}"

/* An account followed by 4,389 line feeds, compressed as raw deflate data without a NUL byte. */
#define DEFLATED_ACCOUNT                                                                                               \
    "\xed\xd0\x31\x11\x80\x30\x14\x05\xb0\xfd\xcb\x78\x33\x63\xbb\xd4\x0d\x77\xed\xc0\x40\x05\xc0\xe1\x1d\x23\x89\x84" \
    "\xbc"                                                                                                             \
    "\xb9\x66\x46\xeb\x47\xf6\x79\xaf\x8c\x3c\xf9\x0a\x03\x06\x0c\x18\x30\x60\xc0\x80\x01\x03\x06\x0c\x18\x30\x60\xc0" \
    "\x80\x81"                                                                                                         \
    "\xaa\x1f"

#define LABEL "{\"id\":1,\"name\":\"hot dog\"}"
#define SPEC_OF_LABELS(labels)                                                                                         \
    "{\"id\":42,\"name\":\"s\",\"description\":\"d\",\"update_date\":\"2018-02-16T16:37:25.148189Z\","                 \
    "\"metadata\":{\"author\":\"me\"},\"current_version_id\":5,\"task_id\":\"123\","                                   \
    "\"outputs\":[{\"labels\":{\"roi\":\"BBOX\",\"exclusive\":true,\"labels\":[" labels "]}}]}"
#define SPEC         SPEC_OF_LABELS(LABEL)
#define EIGHT_LABELS LABEL "," LABEL "," LABEL "," LABEL "," LABEL "," LABEL "," LABEL "," LABEL
#define PAGE_BEFORE(offset, item)                                                                                      \
    "{\"count\":9,\"next\":" LINK_TO(offset) ",\"previous\":" LINK ",\"results\":[" item "]}"
#define PAGE(item) PAGE_BEFORE("1", item)

#define NETWORK                                                                                                        \
    "{\"id\":42,\"name\":\"n\",\"description\":\"d\",\"update_date\":\"2018-02-16T16:37:25.148189Z\","                 \
    "\"create_date\":\"2018-02-16T16:37:25.148189Z\",\"metadata\":{\"author\":\"me\"},\"framework\":\"tensorflow-1."   \
    "x\","                                                                                                             \
    "\"preprocessing\":{\"inputs\":[]},\"postprocessings\":[],\"task_id\":123}"

#define VERSION                                                                                                        \
    "{\"id\":5,\"spec_id\":42,\"network_id\":3,\"spec_name\":\"s\",\"network_name\":\"n\","                            \
    "\"update_date\":\"2018-02-16T16:37:25.148189Z\",\"post_processings\":[{\"classification\":{}}]}"

#define PREDICTION                                                                                                     \
    "{\"label_id\":1,\"label_name\":\"hot dog\",\"score\":0.9,\"threshold\":0.5,\"sequence_index\":1,"                 \
    "\"sequence_time\":0.12345678901234567890123,\"roi\":{\"region_id\":1,\"bbox\":{\"xmin\":0,\"ymin\":0,\"xmax\":1," \
    "\"ymax\":1}}}"
#define TASK(id, status, error, data)                                                                                  \
    "{\"id\":\"" id "\",\"task_id\":\"" id "\",\"status\":\"" status "\",\"error\":" error                             \
    ",\"date_created\":\"2018-02-16T16:45:36Z\",\"date_updated\":\"2018-02-16T16:45:36Z\",\"data\":" data "}"
#define PENDING(id) TASK(id, "pending", "null", "null")
#define SUCCESS(id)                                                                                                    \
    TASK(id, "success", "null",                                                                                        \
         "{\"outputs\":[{\"labels\":{\"predicted\":[" PREDICTION "],\"discarded\":[" PREDICTION "]}}]}")
#define FAILURE(id) TASK(id, "error", "\"not an image\"", "null")

#define GOOD(body)                                                                                                     \
    {                                                                                                                  \
        "200 OK", "", body                                                                                             \
    }
#define SUBMITTED                                                                                                      \
    {                                                                                                                  \
        "201 Created", "", "{\"task_id\":\"123\"}"                                                                     \
    }
#define HTML         "<html><head><title>Bad gateway</title></head><body>nginx</body></html>"
#define NO_PREDICTED "{\"outputs\":[{\"labels\":{\"predicted\":null}}]}"
#define SCORE_IS_STRING                                                                                                \
    "{\"outputs\":[{\"labels\":{\"predicted\":[{\"label_id\":1,\"label_name\":\"x\",\"score\":\"\"}]}}]}"

#define TASK_PAGE(next, tasks) "{\"count\":3,\"next\":" next ",\"previous\":null,\"results\":[" tasks "]}"
#define ALL_TASKS              GOOD(TASK_PAGE("null", SUCCESS("1") "," SUCCESS("2") "," FAILURE("3")))

/* A reply to a submission, and to a poll. */
#define QUEUE_REPLY                                                                                                    \
    GOOD("{\"task_id\":\"123\",\"count\":1,\"next\":null,\"previous\":null,\"results\":[" SUCCESS("123") "]}")

#endif
