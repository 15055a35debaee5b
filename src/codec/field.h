/* Tables that map JSON objects to structs. A field says which member it reads, whether that is required, how to read it
 * and where to store it. The JSON name is the name of the struct's member. If a name occurs twice, the first one
 * counts. null counts as absent. Members without a field are skipped. */
#ifndef DM_FIELD_H
#define DM_FIELD_H

#include "codec/reader.h"

struct field {
    char name[20]; /* not a pointer, which the dynamic linker would have to adjust in each program */
    size_t name_length;
    void (*read)(struct reader *reader, const struct field *field, void *item);
    const struct shape *shape; /* of the objects in it */
    size_t offset;             /* of the struct's member */
    size_t second_offset;      /* of a second member: an array's length, or a public id */
    bool is_required;
};

struct shape {
    size_t size; /* of the struct, which must be zeroed before it is read */
    const struct field *fields;
    size_t field_count; /* at most 32 */

    /* Called after an object was read, with its text. May be NULL. */
    void (*finish)(struct reader *reader, struct json_slice text, void *item);
};

#define SHAPE(type, list) .size = sizeof(type), .fields = (list), .field_count = sizeof(list) / sizeof((list)[0])

/* The name of a field. It compiles only if struct field has room for the name and its NUL. */
#define ROOM_FOR_NAME sizeof((struct field *)NULL)->name
#define NAME(text)                                                                                                     \
    .name = text /* NOLINT(bugprone-macro-parentheses): a string in parentheses does not initialise an array */,       \
    .name_length =                                                                                                     \
        sizeof(text) - 1 + 0 * sizeof(struct {                                                                         \
                               _Static_assert(sizeof(text) <= ROOM_FOR_NAME, "longer than struct field has room for"); \
                               char unused;                                                                            \
                           })

/* The name and the offset of a field. It compiles only if the member has the type that the reader writes. */
#define FIELD(type, member, wanted)                                                                                    \
    NAME(#member), .offset = _Generic(((type *)NULL)->member, wanted /* NOLINT(bugprone-macro-parentheses): a type */  \
                                      : offsetof(type, member))

#define REQUIRED_INTEGER(type, member) FIELD(type, member, int64_t), .read = read_integer, .is_required = true
#define REQUIRED_NUMBER(type, member)  FIELD(type, member, double), .read = read_number, .is_required = true
#define REQUIRED_STRING(type, member)  FIELD(type, member, const char *), .read = read_string, .is_required = true
#define REQUIRED_TASK_ID(type, member) FIELD(type, member, dm_task_id), .read = read_task_id, .is_required = true

#define OPTIONAL_BOOL(type, member)    FIELD(type, member, bool), .read = read_bool
#define OPTIONAL_STRING(type, member)  FIELD(type, member, const char *), .read = read_string
#define OPTIONAL_INTEGER(type, member) FIELD(type, member, const int64_t *), .read = read_new_integer
#define OPTIONAL_NUMBER(type, member)  FIELD(type, member, const double *), .read = read_new_number
#define OPTIONAL_TASK_ID(type, member) FIELD(type, member, const dm_task_id *), .read = read_new_task_id

/* The member `id` of a resource: a number if it is private, a string if it is public. */
#define REQUIRED_RESOURCE_ID(type)                                                                                     \
    NAME("id"), .offset = offsetof(type, id.private_id), .second_offset = offsetof(type, id.public_id),                \
                .read = read_resource_id, .is_required = true

/* JSON that is kept as text, unchanged. */
#define OPTIONAL_OBJECT_TEXT(type, member) FIELD(type, member, const char *), .read = read_object_text
#define OPTIONAL_ARRAY_TEXT(type, member)  FIELD(type, member, const char *), .read = read_array_text

/* An object that is decoded into the struct `inner`. The member is of that type or a pointer to it. */
#define OPTIONAL_STRUCT(type, member, inner, its_shape)                                                                \
    FIELD(type, member, inner), .read = read_struct, .shape = (its_shape)
#define OPTIONAL_NEW_STRUCT(type, member, inner, its_shape)                                                            \
    FIELD(type, member, const inner *), .read = read_new_struct, .shape = (its_shape)

/* An array of such objects; the member `count` gets its length. */
#define OPTIONAL_ITEMS(type, member, count, inner, its_shape)                                                          \
    FIELD(type, member, const inner *),                                                                                \
        .second_offset = _Generic(((type *)NULL)->count, size_t                                                        \
                                  : offsetof(type, count)),                                                            \
        .read = read_items, .shape = (its_shape)
#define REQUIRED_ITEMS(type, member, count, inner, its_shape)                                                          \
    OPTIONAL_ITEMS(type, member, count, inner, its_shape), .is_required = true

/* A member with its own reader function. */
#define OPTIONAL_BY(its_name, how) NAME(#its_name), .read = (how)
#define REQUIRED_BY(its_name, how) OPTIONAL_BY(its_name, how), .is_required = true

/* Reads the next value, which must be an object. The message about an invalid value contains its path. */
void read_object(struct reader *reader, const struct shape *shape, void *item);

/* The reader functions of the fields above. */
void read_bool(struct reader *reader, const struct field *field, void *item);
void read_integer(struct reader *reader, const struct field *field, void *item);
void read_number(struct reader *reader, const struct field *field, void *item);
void read_string(struct reader *reader, const struct field *field, void *item);
void read_resource_id(struct reader *reader, const struct field *field, void *item);
void read_task_id(struct reader *reader, const struct field *field, void *item);
void read_new_integer(struct reader *reader, const struct field *field, void *item);
void read_new_number(struct reader *reader, const struct field *field, void *item);
void read_new_task_id(struct reader *reader, const struct field *field, void *item);
void read_object_text(struct reader *reader, const struct field *field, void *item);
void read_array_text(struct reader *reader, const struct field *field, void *item);
void read_struct(struct reader *reader, const struct field *field, void *item);
void read_new_struct(struct reader *reader, const struct field *field, void *item);
void read_items(struct reader *reader, const struct field *field, void *item);

#endif
