/* Rules for objects that occur in several replies. `at` is the path of the object, such as "results[].". */
#ifndef FUZZ_RULES_H
#define FUZZ_RULES_H

#include "shape.h"

#define RULES_PAGE                                                                                                     \
    {"count", SHAPE_INTEGER, true}, {"next", SHAPE_STRING, false}, {"previous", SHAPE_STRING, false},                  \
        {"results", SHAPE_ARRAY, true},                                                                                \
    {                                                                                                                  \
        "results[]", SHAPE_OBJECT, true                                                                                \
    }

#define RULES_SPEC(at)                                                                                                 \
    {at "id", SHAPE_ID, true}, {at "name", SHAPE_STRING, true}, {at "description", SHAPE_STRING, false},               \
        {at "update_date", SHAPE_STRING, false}, {at "metadata", SHAPE_OBJECT, false},                                 \
        {at "current_version_id", SHAPE_INTEGER, false}, {at "task_id", SHAPE_TASK_ID, false},                         \
        {at "outputs", SHAPE_ARRAY, false}, {at "outputs[]", SHAPE_OBJECT, true},                                      \
        {at "outputs[].labels", SHAPE_OBJECT, false}, {at "outputs[].labels.exclusive", SHAPE_BOOL, false},            \
        {at "outputs[].labels.roi", SHAPE_STRING, false}, {at "outputs[].labels.labels", SHAPE_ARRAY, false},          \
        {at "outputs[].labels.labels[]", SHAPE_OBJECT, true},                                                          \
        {at "outputs[].labels.labels[].id", SHAPE_INTEGER, true},                                                      \
    {                                                                                                                  \
        at "outputs[].labels.labels[].name", SHAPE_STRING, true                                                        \
    }

#define RULES_NETWORK(at)                                                                                              \
    {at "id", SHAPE_ID, true}, {at "name", SHAPE_STRING, true}, {at "description", SHAPE_STRING, false},               \
        {at "update_date", SHAPE_STRING, false}, {at "create_date", SHAPE_STRING, false},                              \
        {at "metadata", SHAPE_OBJECT, false}, {at "framework", SHAPE_STRING, false},                                   \
        {at "preprocessing", SHAPE_OBJECT, false}, {at "postprocessings", SHAPE_ARRAY, false},                         \
    {                                                                                                                  \
        at "task_id", SHAPE_TASK_ID, false                                                                             \
    }

#define RULES_VERSION(at)                                                                                              \
    {at "id", SHAPE_INTEGER, true}, {at "spec_id", SHAPE_INTEGER, true}, {at "network_id", SHAPE_INTEGER, true},       \
        {at "spec_name", SHAPE_STRING, false}, {at "network_name", SHAPE_STRING, false},                               \
        {at "update_date", SHAPE_STRING, false},                                                                       \
    {                                                                                                                  \
        at "post_processings", SHAPE_ARRAY, false                                                                      \
    }

#endif
